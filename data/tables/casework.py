"""Complaints, their history, and the exports of them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel


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
