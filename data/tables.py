"""Everything that is remembered.

Hot columns of the inbox and the outbox are epoch milliseconds (`…_ms`), written by plain SQL; all other times are
aware datetimes (SQLModel's UTCDateTime), all dates are dates of Asia/Ho_Chi_Minh.
"""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


# SQLite counts rows by itself only for a column that is exactly INTEGER.
_Id = BigInteger().with_variant(Integer, "sqlite")


def _only(state: str) -> dict[str, Any]:
    """A partial index: the rows in this state are few and the rest are many."""
    return {"sqlite_where": text(f"state = '{state}'"), "postgresql_where": text(f"state = '{state}'")}


def _ms(default: int = 0) -> Any:
    return Field(default=default, sa_type=BigInteger, sa_column_kwargs={"server_default": str(default)})


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
    claimed_until_ms: int = _ms()


class ArrivalState(StrEnum):
    WAITING = "waiting"
    HANDLED = "handled"
    IGNORED = "ignored"
    ASIDE = "aside"  # failed again and again: a person must look


class Arrival(SQLModel, table=True):
    """The inbox. The unique key begins with the event's own time, so that inserts stay at the right edge of it."""

    __table_args__ = (
        UniqueConstraint("event_at_ms", "event_id", "account_id"),
        Index("ix_arrival_waiting", "id", **_only("waiting")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_Id)
    event_at_ms: int = Field(sa_type=BigInteger)
    event_id: str
    account_id: int = Field(foreign_key="account.id")
    person: str
    received_at_ms: int = Field(sa_type=BigInteger)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: ArrivalState = Field(
        default=ArrivalState.WAITING, sa_type=Text, sa_column_kwargs={"server_default": "waiting"}
    )
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    retry_at_ms: int = _ms()
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})


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


class Consent(SQLModel, table=True):
    """The proof of a yes or a no: for what, when, by which arrival, to which wording."""

    id: int | None = Field(default=None, primary_key=True)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    purpose: str  # news | complaint
    given: bool
    wording: str
    at: datetime
    arrival_id: int | None = Field(default=None, sa_type=_Id)


class Conversation(SQLModel, table=True):
    citizen_id: int = Field(primary_key=True, foreign_key="citizen.id")
    topic: str = ""  # the form that is open; "" for none
    step: str = ""
    slots: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    choices: list[Any] = Field(default_factory=list, sa_type=JSON)  # payloads behind the digits last shown
    procedure: str = ""  # code of the procedure last talked about
    human_until: datetime | None = None  # a person of the office has the conversation until then
    updated_at: datetime


class Message(SQLModel, table=True):
    """A citizen's words, or a staff member's typed in the platform's own inbox. What we send is in `Delivery`."""

    id: int | None = Field(default=None, primary_key=True, sa_type=_Id)
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    arrival_id: int | None = Field(default=None, sa_type=_Id, unique=True)
    author: str = "citizen"  # citizen | staff
    text: str
    attachments: list[Any] = Field(default_factory=list, sa_type=JSON)
    at: datetime


class DeliveryKind(StrEnum):
    REPLY = "reply"  # to what the citizen just said
    NOTICE = "notice"  # about the citizen's own matter, by a person of the office or a deadline
    CAMPAIGN = "campaign"
    ALERT = "alert"  # to staff


class DeliveryState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNSURE = "unsure"  # we sent and never heard


class Delivery(SQLModel, table=True):
    """The outbox: one row a message to one person. A campaign's row has no body of its own: the issue has it."""

    __table_args__ = (
        UniqueConstraint("issue_id", "citizen_id"),
        UniqueConstraint("arrival_id", "ordinal"),
        Index("ix_delivery_waiting", "account_id", "priority", "retry_at_ms", "id", **_only("waiting")),
        Index("ix_delivery_sending", "lease_until_ms", **_only("sending")),
        Index("ix_delivery_citizen", "citizen_id", "id"),
        Index("ix_delivery_issue", "issue_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_Id)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    person: str  # the platform's id of whoever gets it
    kind: DeliveryKind = Field(sa_type=Text)
    priority: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # lower goes first
    arrival_id: int | None = Field(default=None, sa_type=_Id)
    ordinal: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    body: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    state: DeliveryState = Field(
        default=DeliveryState.WAITING, sa_type=Text, sa_column_kwargs={"server_default": "waiting"}
    )
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    retry_at_ms: int = _ms()
    lease_until_ms: int = _ms()
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    platform_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    created_at_ms: int = Field(sa_type=BigInteger)
    done_at_ms: int | None = Field(default=None, sa_type=BigInteger)


class Attachment(SQLModel, table=True):
    """A file a citizen sent. The bytes are fetched after the event is handled and kept under LOA_HOME."""

    __table_args__ = (Index("ix_attachment_waiting", "id", **_only("waiting")),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    arrival_id: int | None = Field(default=None, sa_type=_Id)
    kind: str
    source: str
    name: str = ""
    stored: str = ""  # file name under attachments/
    size: int = 0
    state: str = "waiting"  # waiting | stored | failed | erase | erased
    attempts: int = 0
    retry_at_ms: int = _ms()
    reason: str = ""


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
    arrival_id: int | None = Field(default=None, sa_type=_Id, unique=True)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int = Field(foreign_key="citizen.id")
    asked_at: datetime = Field(index=True)
    text: str  # numbers masked
    outcome: str  # choices | unknown | staff
    codes: list[str] = Field(default_factory=list, sa_type=JSON)
    score: float = 0.0
    closed_at: datetime | None = None
    closed_by: int | None = Field(default=None, foreign_key="staff.id")


class Counter(SQLModel, table=True):
    """The last number given out under a name, for codes without holes."""

    name: str = Field(primary_key=True)
    last: int = 0


class ComplaintState(StrEnum):
    NEW = "new"
    ACCEPTED = "accepted"
    WORKING = "working"
    ANSWERED = "answered"
    CLOSED = "closed"
    REFERRED = "referred"  # passed to the competent body


class Complaint(SQLModel, table=True):
    __table_args__ = (Index("ix_complaint_open", "state", "due_on"),)

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)  # PA-2026-00123
    unit_id: int = Field(foreign_key="unit.id")
    account_id: int | None = Field(default=None, foreign_key="account.id")
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id", index=True)
    kind: str  # conduct | rule | general | suggestion
    category: str
    content: str
    content_folded: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    person_name: str = ""
    person_address: str = ""
    person_contact: str = ""
    state: ComplaintState = Field(default=ComplaintState.NEW, sa_type=Text)
    received_at: datetime = Field(index=True)
    due_on: date | None = None  # none for a suggestion: it has no statutory clock
    assignee_id: int | None = Field(default=None, foreign_key="staff.id")
    answer: str = ""
    answered_at: datetime | None = None
    closed_at: datetime | None = None
    updated_at: datetime


class ComplaintEvent(SQLModel, table=True):
    """One line of a complaint's history."""

    __tablename__ = "complaint_event"

    id: int | None = Field(default=None, primary_key=True)
    complaint_id: int = Field(foreign_key="complaint.id", index=True)
    at: datetime
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    what: str  # received | state | answer | note
    text: str = ""


class CampaignState(StrEnum):
    DRAFT = "draft"
    APPROVED = "approved"
    CANCELLED = "cancelled"
    DONE = "done"


class Campaign(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    name: str
    text: str
    link: str = ""
    rule: str  # once | fourth_week
    times: list[str] = Field(default_factory=list, sa_type=JSON)  # "16:30" of each airing, Viet Nam time
    starts_at: datetime | None = None  # for `once`
    next_at: datetime | None = Field(default=None, index=True)
    channels: list[str] = Field(default_factory=list, sa_type=JSON)  # empty: all
    state: CampaignState = Field(default=CampaignState.DRAFT, sa_type=Text)
    author_id: int | None = Field(default=None, foreign_key="staff.id")
    approved_by: int | None = Field(default=None, foreign_key="staff.id")
    approved_at: datetime | None = None
    created_at: datetime


class IssueState(StrEnum):
    LAYING = "laying"  # the recipients' rows are being written
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Issue(SQLModel, table=True):
    """One edition: a campaign at one instant, with the text as it was approved."""

    __table_args__ = (UniqueConstraint("campaign_id", "due_at"),)

    id: int | None = Field(default=None, primary_key=True)
    campaign_id: int = Field(foreign_key="campaign.id")
    due_at: datetime
    text: str
    link: str = ""
    channels: list[str] = Field(default_factory=list, sa_type=JSON)
    state: IssueState = Field(default=IssueState.LAYING, sa_type=Text, index=True)
    laid_to: int = 0  # the last citizen id that was looked at
    reason: str = ""
    launched_at: datetime
    closed_at: datetime | None = None


class DayOff(SQLModel, table=True):
    """The staff's own calendar; pre-filled once from the `holidays` package, then theirs."""

    __tablename__ = "day_off"

    day: date = Field(primary_key=True)
    works: bool = False  # true: a Saturday that is worked instead
    note: str = ""
    source: str = ""


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


class SignInLink(SQLModel, table=True):
    """A one-time link that lets a member of staff set a password. Only its digest is kept."""

    __tablename__ = "sign_in_link"

    digest: str = Field(primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    expires_at: datetime
    used_at: datetime | None = None


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


class Export(SQLModel, table=True):
    """A request for a file and what became of it."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    from_on: date
    to_on: date
    format: str  # xlsx | csv
    personal: bool = False
    reason: str = ""
    state: str = "waiting"  # waiting | working | ready | failed
    file: str = ""
    rows: int = 0
    digest: str = ""
    requested_at: datetime
    finished_at: datetime | None = None
