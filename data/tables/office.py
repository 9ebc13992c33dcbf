"""Members of staff, how they got in, and what they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel


class Staff(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    username: str = Field(unique=True)
    name: str
    role: str = "clerk"  # admin | leader | clerk
    password_hash: str = ""
    active: bool = True
    failures: int = 0
    locked_until: datetime | None = None
    created_at: datetime
    last_signed_in_at: datetime | None = None
    chat_account_id: int | None = None  # the account and the person as whom they press buttons in the staff group
    chat_person: str = ""


class SignInLink(SQLModel, table=True):
    """A one-time link by which a member of staff sets a password, or is known in a chat. Only its digest is kept."""

    __tablename__ = "sign_in_link"

    digest: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    expires_at: datetime
    used_at: datetime | None = None
    purpose: str = Field(default="password", sa_column_kwargs={"server_default": "password"})  # password | chat


class StaffSession(SQLModel, table=True):
    __tablename__ = "staff_session"

    digest: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    csrf: str
    created_at: datetime
    seen_at: datetime
    ended_at: datetime | None = None


class Audit(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    actor: str  # a user name, "command line" or "clock"
    action: str
    subject: str = ""
    detail: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    address: str = ""
