"""Knowledge entries, and the questions they did not answer."""

from datetime import date, datetime

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from data.tables.base import BigId


class Procedure(SQLModel, table=True):
    """A knowledge entry. Only an approved one, or the shipped sample, answers with figures."""

    code: str = Field(primary_key=True)
    name: str
    short: str
    field: str
    summary: str
    conditions: str | None = None
    documents: list[str] = Field(default_factory=list, sa_type=JSON)
    where: str = Field(sa_column_kwargs={"name": "where_to_file"})
    how: list[str] = Field(default_factory=list, sa_type=JSON)
    time_limit: str | None = None
    fee: str | None = None
    result: str
    legal_basis: list[str] = Field(default_factory=list, sa_type=JSON)
    note: str | None = None
    valid_to: date | None = None
    source_name: str
    source_url: str | None = None
    checked_on: date
    phrasings: list[str] = Field(default_factory=list, sa_type=JSON)
    state: str = "sample"  # listed: name and portal link only | draft | sample | approved
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    version: int = 1
    updated_at: datetime


class Question(SQLModel, table=True):
    """What a citizen asked and the bot could not answer with one entry, or wanted of a person."""

    id: int | None = Field(default=None, primary_key=True)
    arrival_id: int | None = Field(default=None, sa_type=BigId, unique=True)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int = Field(foreign_key="citizen.id")
    asked_at: datetime = Field(index=True)
    text: str  # numbers masked
    outcome: str  # choices | unknown | staff
    codes: list[str] = Field(default_factory=list, sa_type=JSON)
    score: float = 0.0
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
