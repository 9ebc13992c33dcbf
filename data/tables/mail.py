"""What comes in and what goes out: the inbox, the outbox, the files."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from data.tables.base import BigId, ms, only


class ArrivalState(StrEnum):
    WAITING = "waiting"
    HANDLED = "handled"
    IGNORED = "ignored"
    ASIDE = "aside"  # failed again and again: a person must look


class Arrival(SQLModel, table=True):
    """The inbox. The unique key begins with the event's own time, so that inserts stay at the right edge of it."""

    __table_args__ = (
        UniqueConstraint("event_at_ms", "event_id", "account_id"),
        Index("ix_arrival_waiting", "id", **only("waiting")),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    event_at_ms: int = Field(sa_type=BigInteger)
    event_id: str
    account_id: int  # no foreign key: it would be looked up for each arrival, on the hottest path there is
    person: str
    received_at_ms: int = Field(sa_type=BigInteger)
    body: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: ArrivalState = Field(
        default=ArrivalState.WAITING, sa_type=Text, sa_column_kwargs={"server_default": "waiting"}
    )
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    retry_at_ms: int = ms()
    note: str = Field(default="", sa_column_kwargs={"server_default": ""})


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
    HELD = "held"  # no way to this person at present: it goes when they write again


_PAID = text("cost > 0")


class Delivery(SQLModel, table=True):
    """The outbox: one row a message to one person. A campaign's row has no body of its own: the issue has it."""

    __table_args__ = (
        UniqueConstraint("issue_id", "citizen_id"),
        UniqueConstraint("arrival_id", "ordinal"),
        Index("ix_delivery_waiting", "account_id", "priority", "retry_at_ms", "id", **only("waiting")),
        Index("ix_delivery_sending", "lease_until_ms", **only("sending")),
        Index("ix_delivery_citizen", "citizen_id", "id"),
        Index("ix_delivery_issue", "issue_id", "state"),
        Index("ix_delivery_held", "citizen_id", **only("held")),
        Index("ix_delivery_unsure", "account_id", "id", **only("unsure")),
        Index("ix_delivery_paid", "account_id", "done_at_ms", sqlite_where=_PAID, postgresql_where=_PAID),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=BigId)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int | None = Field(default=None, foreign_key="citizen.id")
    person: str  # the platform's id of whoever gets it
    kind: DeliveryKind = Field(sa_type=Text)
    priority: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # lower goes first
    arrival_id: int | None = Field(default=None, sa_type=BigId)
    ordinal: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    issue_id: int | None = Field(default=None, foreign_key="issue.id")
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    body: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    state: DeliveryState = Field(
        default=DeliveryState.WAITING, sa_type=Text, sa_column_kwargs={"server_default": "waiting"}
    )
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    retry_at_ms: int = ms()
    lease_until_ms: int = ms()
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    platform_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    way: str = Field(default="", sa_column_kwargs={"server_default": ""})  # by which it went, or was refused last
    cost: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})  # đồng
    created_at_ms: int = Field(sa_type=BigInteger)
    done_at_ms: int | None = Field(default=None, sa_type=BigInteger)


class Attachment(SQLModel, table=True):
    """A file a citizen sent. The bytes are fetched after the event is handled and kept under LOA_HOME."""

    __table_args__ = (Index("ix_attachment_waiting", "id", **only("waiting")),)

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id")
    citizen_id: int = Field(foreign_key="citizen.id", index=True)
    complaint_id: int | None = Field(default=None, foreign_key="complaint.id", index=True)
    arrival_id: int | None = Field(default=None, sa_type=BigId)
    kind: str
    source: str
    name: str = ""
    stored: str = ""  # file name under attachments/
    size: int = 0
    state: str = "waiting"  # waiting | stored | failed | erase | erased
    attempts: int = 0
    retry_at_ms: int = ms()
    reason: str = ""
