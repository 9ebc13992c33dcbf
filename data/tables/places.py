"""The commune, its accounts on the platforms, the platforms' rules, and the calendar."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from data.tables.base import ms


class Unit(SQLModel, table=True):
    """A commune: everything a citizen reads about it is data its staff set."""

    id: int | None = Field(default=None, primary_key=True)
    name: str  # "UBND phường Ayun Pa"
    province: str
    centre: str  # the one-stop centre's name
    address: str = ""
    phone: str = ""
    hours: str = ""
    website: str = ""
    portal: str = "https://dichvucong.gov.vn"
    confirmed: bool = False  # a member of staff has checked the contact data


class Account(SQLModel, table=True):
    """One OA, Page, bot or web chat."""

    __table_args__ = (UniqueConstraint("channel", "external_id"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    channel: str
    external_id: str
    trouble: str = ""  # what staff should know; "" while all is well
    trouble_since: datetime | None = None
    abilities: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)  # what it may do, as the platform said
    probed_at: datetime | None = None


class PlatformRule(SQLModel, table=True):
    """A platform's rule as the staff corrected it; the shipped value is in the channel's own folder."""

    __tablename__ = "platform_rule"

    channel: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    value: float | None
    source: str
    checked_on: date
    changed_by: str


class TokenPair(SQLModel, table=True):
    """A rotating pair of platform tokens, encrypted; `claimed_until` is the lock of whoever is refreshing it."""

    __tablename__ = "token_pair"

    account_id: int = Field(primary_key=True, foreign_key="account.id")
    sealed: bytes = Field(sa_type=LargeBinary)
    previous: bytes | None = Field(default=None, sa_type=LargeBinary)
    expires_at: datetime
    refresh_issued_at: datetime
    generation: int = 0
    seed: str = ""  # digest of the refresh token from the settings that this pair descends from
    claimed_until_ms: int = ms()


class DayOff(SQLModel, table=True):
    """The staff's own calendar; pre-filled once from the `holidays` package, then theirs."""

    __tablename__ = "day_off"

    day: date = Field(primary_key=True)
    works: bool = False  # true: a Saturday that is worked instead
    note: str = ""
    source: str = ""


class Counter(SQLModel, table=True):
    """The last number given out under a name, for codes without holes."""

    name: str = Field(primary_key=True)
    last: int = 0
