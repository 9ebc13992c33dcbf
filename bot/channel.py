"""What a platform must do for us, what it declares about itself, and the few ways in which sending fails."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import Enum, StrEnum
from typing import Protocol

from bot.messages import Attachment, Event, Ignored, Incoming, Reply


@dataclass(frozen=True, slots=True)
class Rule:
    """A platform's rule as dated data: it changes, and staff must see where it came from."""

    value: float | None  # None: the platform has no such rule
    source: str
    checked_on: date


HOUSE_NIGHT = "thông lệ của đơn vị: không nhắn tin tuyên truyền ban đêm"  # the source where no platform forbids it
NO_RULE = Rule(None, "", date(2026, 11, 24))  # nothing that a member of staff could correct


@dataclass(frozen=True, slots=True)
class Limits:
    text: Rule  # characters of one message
    buttons: Rule  # buttons under one message
    button_title: Rule  # characters of a button's title
    campaign_window_hours: Rule  # hours after the citizen's last words in which news may be sent
    reply_window_hours: Rule  # the same for an answer to the citizen's own matter
    sends_per_second: Rule
    free_hours: Rule = NO_RULE  # hours after the citizen's last words in which an answer costs nothing
    paid_cost: Rule = NO_RULE  # đồng for an answer after those
    paid_monthly: Rule = NO_RULE  # how many of them in a calendar month
    human_hours: Rule = NO_RULE  # hours in which a named person of the office may still answer
    template_cost: Rule = NO_RULE  # đồng for an approved template
    phone_template_cost: Rule = NO_RULE  # đồng for one to a phone number
    person_gap_seconds: Rule = NO_RULE  # between two messages to one person
    quiet_from: Rule = NO_RULE  # hour of the day from which news waits, Viet Nam time
    quiet_to: Rule = NO_RULE  # hour until which it waits
    posts_monthly: Rule = NO_RULE  # publications in a calendar month
    posts_from: Rule = NO_RULE  # hour of the day from which one may be published
    posts_to: Rule = NO_RULE
    posts_lead_minutes: Rule = NO_RULE  # how long before its hour one must be handed in

    def changed(self, rules: Mapping[str, "Rule"]) -> "Limits":
        """These limits with some rules as the staff corrected them. Raises `TypeError` for a name that is no rule."""
        return replace(self, **rules)

    def named(self) -> dict[str, Rule]:
        """The rules that this platform has."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: rule for name, rule in found.items() if rule.source}

    @property
    def in_flight(self) -> int:
        """Sends under way at once: enough to fill the rate at a platform that takes a third of a second."""
        return max(1, min(64, int((self.sends_per_second.value or 200) / 3)))


class Purpose(StrEnum):
    """Why something is said; the values are those of a delivery's kind."""

    REPLY = "reply"
    NOTICE = "notice"
    CAMPAIGN = "campaign"
    ALERT = "alert"


@dataclass(frozen=True, slots=True)
class Way:
    """One rung of the ladder on which a platform lets us reach a person; a channel lists its own, cheapest first.

    `hours` counts from the citizen's last words (None: at any time), `cost` is in đồng a message, and `monthly` is
    how many of them the account may send in a calendar month.
    """

    name: str
    purposes: frozenset[Purpose]
    hours: float | None = None
    cost: float = 0.0
    monthly: float | None = None
    by_person: bool = False  # only words that a named person of the office wrote
    template: bool = False  # an approved template filled with `Reply.facts`, not our own words
    phone: bool = False  # goes to a phone number


@dataclass(frozen=True, slots=True)
class Sending:
    """How one message goes. `mark` is ours, and comes back with the echo on a platform that has echoes."""

    way: str = ""  # the name of a `Way`
    mark: str = ""
    phone: str = ""


PLAIN = Sending()


class Failure(Enum):
    """Why a send did not happen: (word for staff, try again by ourselves?, wake staff?)."""

    BLOCKED = ("blocked", False, False)  # the citizen stopped us
    GONE = ("gone", False, False)  # no such person any more
    OUTSIDE_WINDOW = ("outside_window", False, False)
    OPTED_OUT = ("opted_out", False, False)  # stopped this kind of message
    QUOTA = ("quota", False, True)
    TOO_FAST = ("too_fast", True, False)
    UNAVAILABLE = ("unavailable", True, False)  # surely not sent: may be tried again
    UNSURE = ("unsure", False, False)  # sent, and never heard: may have arrived
    NOT_CONNECTED = ("not_connected", True, True)  # token, permission, account
    RESTRICTED = ("restricted", False, True)  # the platform restrained the whole account
    REJECTED = ("rejected", False, False)  # this one message is wrong

    def __init__(self, word: str, retry: bool, wake: bool) -> None:
        self.word = word
        self.retry = retry
        self.wake = wake


class SendError(Exception):
    """`only_person`: what must wait is this one person's mail. `advice` tells staff what to do, in Vietnamese."""

    def __init__(
        self,
        failure: Failure,
        detail: str,
        *,
        retry_after_seconds: float | None = None,
        only_person: bool = False,
        advice: str = "",
    ) -> None:
        super().__init__(f"{failure.word}: {detail}")
        self.failure = failure
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds
        self.only_person = only_person
        self.advice = advice


class Forged(Exception):
    """The proof of origin is missing or wrong."""


class Malformed(Exception):
    """The proof may be right, but this is no payload of the platform."""


class Channel(Protocol):
    """One account on one platform: an OA, a Page, a bot, the web chat."""

    @property
    def name(self) -> str:
        """`zalo`, `messenger`, `telegram`, `webchat` or `terminal`."""

    @property
    def account(self) -> str:
        """The platform's own id of the account."""

    @property
    def limits(self) -> Limits: ...

    @property
    def ways(self) -> tuple[Way, ...]:
        """How this account can reach a person at present, cheapest first."""

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """The arrivals in a webhook body. Raises `Forged` or `Malformed`; an empty list is a probe."""

    def parse(self, body: bytes) -> Incoming | Ignored:
        """An `Event.body` understood. Never raises for a payload that `events` let through."""

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        """Send one reply within `limits`; the platform's message id. Raises `SendError`."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of what a citizen sent. Raises `SendError`."""

    async def open(self) -> None:
        """Connect: raise `SendError` when the platform refuses or cannot be reached (tried again later)."""

    async def close(self) -> None: ...
