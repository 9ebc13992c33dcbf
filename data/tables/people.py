"""Citizens, what they agreed to, and where their conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from data.tables.base import BigId


class Citizen(SQLModel, table=True):
    __table_args__ = (
        UniqueConstraint("account_id", "person"),
        # the audience of a campaign, in the order in which it is laid down
        Index("ix_citizen_news", "id", sqlite_where=text("wants_news"), postgresql_where=text("wants_news")),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    person: str  # the platform's id
    name: str = ""
    first_seen_at: datetime
    last_incoming_at: datetime | None = None
    greeted_at: datetime | None = None
    wants_news: bool = False
    blocked_at: datetime | None = None
    name_asked_at: datetime | None = None  # when the platform was last asked for the name


class Consent(SQLModel, table=True):
    """The proof of a yes or a no: for what, when, by which arrival, to which wording."""

    id: int | None = Field(default=None, primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    purpose: str  # news | complaint
    given: bool
    wording: str
    at: datetime
    arrival_id: int | None = Field(default=None, sa_type=BigId)


class Conversation(SQLModel, table=True):
    citizen_id: int = Field(primary_key=True, foreign_key="citizen.id")
    topic: str = ""  # the form that is open; "" for none
    step: str = ""
    slots: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    choices: list[Any] = Field(default_factory=list, sa_type=JSON)  # payloads behind the digits last shown
    procedure: str = ""  # code of the procedure last talked about
    recent: list[Any] = Field(default_factory=list, sa_type=JSON)  # those before it, newest first
    human_until: datetime | None = None  # a person of the office has the conversation until then
    updated_at: datetime


class Message(SQLModel, table=True):
    """A citizen's words, or a staff member's typed in the platform's own inbox. What we send is in `Delivery`."""

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    arrival_id: int | None = Field(default=None, sa_type=BigId, unique=True)
    author: str = "citizen"  # citizen | staff
    text: str
    platform_id: str = Field(default="", sa_column_kwargs={"server_default": ""})  # by which a later edit names it
    complaint_id: int | None = None  # the complaint that was filed with these words
    attachments: list[Any] = Field(default_factory=list, sa_type=JSON)
    at: datetime
