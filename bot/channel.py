"""What a platform must do for us, what it declares about itself, and the few ways in which sending fails."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from typing import Protocol

from bot.messages import Attachment, Event, Ignored, Incoming, Reply


@dataclass(frozen=True, slots=True)
class Rule:
    """A platform's rule as dated data: it changes, and staff must see where it came from."""

    value: float | None  # None: the platform has no such rule
    source: str
    checked_on: date


@dataclass(frozen=True, slots=True)
class Limits:
    text: Rule  # characters of one message
    buttons: Rule  # buttons under one message
    button_title: Rule  # characters of a button's title
    campaign_window_hours: Rule  # hours after the citizen's last words in which news may be sent
    reply_window_hours: Rule  # the same for an answer to the citizen's own matter
    sends_per_second: Rule

    def changed(self, rules: Mapping[str, "Rule"]) -> "Limits":
        """These limits with some rules as the staff corrected them. Raises `TypeError` for a name that is no rule."""
        return replace(self, **rules)

    @property
    def in_flight(self) -> int:
        """Sends under way at once: enough to fill the rate at a platform that takes a third of a second."""
        return max(1, min(64, int((self.sends_per_second.value or 200) / 3)))


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
    def __init__(self, failure: Failure, detail: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(f"{failure.word}: {detail}")
        self.failure = failure
        self.detail = detail
        self.retry_after_seconds = retry_after_seconds


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

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        """The arrivals in a webhook body. Raises `Forged` or `Malformed`; an empty list is a probe."""

    def parse(self, body: bytes) -> Incoming | Ignored:
        """An `Event.body` understood. Never raises for a payload that `events` let through."""

    async def send(self, person: str, reply: Reply) -> str:
        """Send one reply within `limits`; the platform's message id. Raises `SendError`."""

    async def fetch(self, attachment: Attachment) -> bytes:
        """The bytes of what a citizen sent. Raises `SendError`."""

    async def open(self) -> None:
        """Connect: raise `SendError` when the platform refuses or cannot be reached (tried again later)."""

    async def close(self) -> None: ...
