"""What a decision is made from, and what it is: values only, so that a dialogue is tested without a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.messages import Incoming, Reply
from bot.vietnamese.retrieval import Index


@dataclass(frozen=True, slots=True)
class UnitProfile:
    name: str
    province: str
    centre: str
    address: str = ""
    phone: str = ""
    hours: str = ""
    portal: str = "https://dichvucong.gov.vn"


@dataclass(frozen=True, slots=True)
class ProcedureFacts:
    code: str
    name: str
    short: str
    summary: str = ""
    conditions: str | None = None
    documents: tuple[str, ...] = ()
    where: str = ""
    how: tuple[str, ...] = ()
    time_limit: str | None = None
    fee: str | None = None
    result: str = ""
    legal_basis: tuple[str, ...] = ()
    note: str | None = None
    valid_to: date | None = None
    source_name: str = ""
    checked_on: date | None = None
    phrasings: tuple[str, ...] = ()
    listed_only: bool = False  # its name and the portal's address are all we may say


@dataclass(frozen=True, slots=True)
class Knowledge:
    index: Index
    procedures: Mapping[str, ProcedureFacts]


@dataclass(frozen=True, slots=True)
class Conversation:
    topic: str = ""
    step: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    procedure: str = ""
    human_until: datetime | None = None
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ComplaintView:
    """A complaint as its sender may see it; `mine` when this very account filed it."""

    code: str
    state: str
    received_at: datetime
    due_on: date | None
    answer: str
    answered_at: datetime | None
    contact_tail: str  # last four digits of the contact left, "" when none
    mine: bool


@dataclass(frozen=True, slots=True)
class Situation:
    incoming: Incoming
    folded: str  # the text, folded
    conversation: Conversation
    unit: UnitProfile
    knowledge: Knowledge
    now: datetime
    is_greeted: bool = True
    wants_news: bool = False
    complaint: ComplaintView | None = None  # the one whose code stands in the text
    complaints: tuple[ComplaintView, ...] = ()  # the citizen's own, newest first
    attachments: tuple[int, ...] = ()  # ids of the files that came with this arrival
    arrival_id: int = 0

    @property
    def payload(self) -> str:
        """The choice made: a pressed button, or the digit of the menu shown last."""
        if self.incoming.payload:
            return self.incoming.payload
        digits = self.folded.strip(" .)")
        if digits.isdecimal() and 1 <= int(digits) <= len(self.conversation.choices):
            return self.conversation.choices[int(digits) - 1]
        return ""


@dataclass(frozen=True, slots=True)
class Filed:
    code: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    kind: str  # conduct | rule | general | suggestion
    content: str
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    photos: tuple[int, ...] = ()
    name: str = ""
    address: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class FileComplaint:
    draft: Draft
    wording: str  # what the citizen agreed to
    announce: Callable[[Filed], Reply]


@dataclass(frozen=True, slots=True)
class Agree:
    purpose: str
    given: bool
    wording: str


@dataclass(frozen=True, slots=True)
class KeepQuestion:
    """For staff to see: not answered, or meant for a person."""

    outcome: str  # choices | unknown | staff
    text: str
    codes: tuple[str, ...] = ()
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Forget:
    """Keep nothing of what was said, in this arrival and in the others named."""

    arrivals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    stopped: bool


@dataclass(frozen=True, slots=True)
class AlertStaff:
    text: str


Change = FileComplaint | Agree | KeepQuestion | Forget | Block | AlertStaff


@dataclass(frozen=True, slots=True)
class Outcome:
    replies: tuple[Reply, ...] = ()
    changes: tuple[Change, ...] = ()
    conversation: Conversation | None = None  # None: as it was
    note: str = ""  # the rule that decided, for the log
    is_secret: bool = False  # the replies are not to be kept once they are sent
