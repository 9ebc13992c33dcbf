"""The terminal as a channel: what is typed is an event like any other, what is answered is printed."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import count

import orjson

from bot.channel import PLAIN, Failure, Forged, Limits, Purpose, Rule, SendError, Sending, Way
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Reply

_NONE = Rule(None, "our own channel", date(2026, 11, 24))

LIMITS = Limits(
    text=Rule(4000, "our own channel", date(2026, 11, 24)),
    buttons=_NONE,
    button_title=_NONE,
    campaign_window_hours=_NONE,
    reply_window_hours=_NONE,
    sends_per_second=_NONE,
)

WAYS = (Way("terminal", frozenset(Purpose)),)


@dataclass
class Terminal:
    person: str
    show: Callable[[str], None]
    name: str = "terminal"
    account: str = "terminal"
    limits: Limits = LIMITS
    ways: tuple[Way, ...] = WAYS
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    _sent: "count[int]" = field(default_factory=lambda: count(1))

    def said(self, text: str, now: datetime) -> Event:
        """The event of a line that was typed."""
        at_ms = int(now.timestamp() * 1000)
        body = orjson.dumps({"person": self.person, "at": at_ms, "text": text})
        return Event(f"{at_ms}-{next(self._sent)}", at_ms, self.person, body)

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        raise Forged("the terminal has no webhook")

    def parse(self, body: bytes) -> Incoming | Ignored:
        fields = orjson.loads(body)
        at = datetime.fromtimestamp(fields["at"] / 1000, UTC)
        return Incoming(fields["person"], at, Kind.MESSAGE, text=fields["text"])

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        self.show(reply.text)
        self.answered.set()
        return str(next(self._sent))

    async def fetch(self, attachment: Attachment) -> bytes:
        raise SendError(Failure.REJECTED, "nothing can be sent in a terminal but text")

    async def open(self) -> None: ...

    async def close(self) -> None: ...
