"""What a decision is made from, and what it is: values only, so that a dialogue is tested without a database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.messages import Button, Incoming, Reply
from bot.vietnamese.moves import NOTHING_SAID, Context
from bot.vietnamese.places import Places
from bot.vietnamese.retrieval import Index
from bot.vietnamese.understanding import Understood

LEANS_FOR = timedelta(hours=2)
NOTHING = Understood("unknown")
ASKED_BACK = "none"  # the last choice of those, and only of those, among which we ask what is meant


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
    field: str = ""
    aliases: tuple[str, ...] = ()
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
    valid_from: date | None = None
    valid_to: date | None = None
    source_name: str = ""
    source_url: str = ""
    checked_on: date | None = None
    phrasings: tuple[str, ...] = ()
    related: tuple[str, ...] = ()  # codes that people in this situation also need
    listed_only: bool = False  # its name and the portal's address are all we may say


@dataclass(frozen=True, slots=True)
class NeighbourFacts:
    key: str
    name: str
    owner: str
    advice: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    index: Index
    procedures: Mapping[str, ProcedureFacts]
    neighbours: Mapping[str, NeighbourFacts] = field(default_factory=dict)
    places: Places = field(default_factory=lambda: Places(()))


@dataclass(frozen=True, slots=True)
class Conversation:
    topic: str = ""
    step: str = ""
    slots: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[str, ...] = ()
    procedure: str = ""
    recent: tuple[str, ...] = ()  # procedures talked about before the last message, newest first
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
class Edited:
    """A message as it was before the citizen changed it."""

    text: str
    complaint: str = ""  # the code of the complaint that was filed with it


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
    edited: Edited | None = None  # the message that this one replaces
    attachments: tuple[int, ...] = ()  # ids of the files that came with this arrival
    arrival_id: int = 0
    understood: Understood = NOTHING  # what the text means, set by `rules.decide`

    @property
    def context(self) -> Context:
        """What the text may lean on; after a while nothing."""
        last = self.conversation.updated_at
        if last is None or self.now - last > LEANS_FOR:
            return NOTHING_SAID
        shown = self.conversation.choices if ASKED_BACK in self.conversation.choices else ()
        offered = (choice.split(":")[1] for choice in shown if choice.startswith("proc:"))
        choices = tuple(dict.fromkeys(code for code in offered if code in self.knowledge.procedures))
        return Context(
            self.conversation.procedure if self.conversation.procedure in self.knowledge.procedures else "",
            tuple(code for code in self.conversation.recent if code in self.knowledge.procedures),
            choices if len(choices) > 1 else (),
        )

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
    arrivals: tuple[int, ...] = ()  # in which it was told


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
    """For staff to see: what was asked and what was made of it."""

    outcome: str  # of understanding, or staff
    text: str
    codes: tuple[str, ...] = ()
    score: float = 0.0
    facet: str = ""


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
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class KeepEdit:
    """A filed complaint's words were changed on the platform: both texts are kept."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class LinkStaff:
    """The writer is the member of staff who was given this secret."""

    secret: str


Change = FileComplaint | Agree | KeepQuestion | Forget | Block | AlertStaff | KeepEdit | LinkStaff


@dataclass(frozen=True, slots=True)
class Outcome:
    replies: tuple[Reply, ...] = ()
    changes: tuple[Change, ...] = ()
    conversation: Conversation | None = None  # None: as it was
    note: str = ""  # the rule that decided, for the log
    means: str = ""  # what the message was taken for, in the words of `ask`
    understood: Understood = NOTHING
    is_secret: bool = False  # the replies are not to be kept once they are sent


def after(situation: Situation, outcome: Outcome) -> Conversation:
    """Where the conversation stands after an answer: the digits of the menu shown last are part of it."""
    kept = _left(outcome.conversation or situation.conversation, outcome.means)
    menus = [reply.buttons for reply in outcome.replies if reply.buttons]
    choices = tuple(button.payload for button in menus[-1]) if menus else situation.conversation.choices
    return replace(kept, choices=choices, updated_at=situation.now)


def _left(conversation: Conversation, means: str) -> Conversation:
    """After other talk the topic is one to go back to, besides being the topic."""
    topic = conversation.procedure
    if not topic or means in ("", "answer", "several"):
        return conversation
    return replace(conversation, recent=(topic, *(code for code in conversation.recent if code != topic)))
