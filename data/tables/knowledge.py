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
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)  # other names of the same procedure
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
    valid_from: date | None = None
    valid_to: date | None = None
    source_name: str
    source_url: str | None = None
    checked_on: date
    phrasings: list[str] = Field(default_factory=list, sa_type=JSON)
    related: list[str] = Field(default_factory=list, sa_type=JSON)  # codes that people in this situation also need
    state: str = "sample"  # listed: name and portal link only | draft | sample | approved
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    version: int = 1
    updated_at: datetime


class Neighbour(SQLModel, table=True):
    """A matter that is not the commune's, and whose it is."""

    key: str = Field(primary_key=True)
    name: str
    owner: str = ""  # the authority to go to; "" when no authority deals with it
    advice: str
    aliases: list[str] = Field(default_factory=list, sa_type=JSON)
    phrasings: list[str] = Field(default_factory=list, sa_type=JSON)
    state: str = "sample"  # sample | approved | draft
    version: int = 1
    updated_at: datetime


class GoldenQuestion(SQLModel, table=True):
    """A question of the commune's own exam: what the bot must make of it."""

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(unique=True)
    outcome: str = "answer"  # answer | choices | not_ours | unknown
    codes: list[str] = Field(default_factory=list, sa_type=JSON)  # accepted procedures, or neighbours for not_ours
    added_at: datetime


class Question(SQLModel, table=True):
    """What a citizen asked, and what was made of it."""

    id: int | None = Field(default=None, primary_key=True)
    arrival_id: int | None = Field(default=None, sa_type=BigId, unique=True)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int = Field(foreign_key="citizen.id")
    asked_at: datetime = Field(index=True)
    text: str  # numbers masked
    outcome: str  # of understanding, or staff
    facet: str = ""
    codes: list[str] = Field(default_factory=list, sa_type=JSON)
    score: float = 0.0
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")
    closed_as: str = ""  # phrasing | entry | scope | seen
