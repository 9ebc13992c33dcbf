"""A platform of our own, handed in where a channel is needed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.channel import PLAIN, Limits, Purpose, Rule, Sending, Way
from bot.messages import Attachment, Event, Ignored, Incoming, Reply


def rule(value: float | None) -> Rule:
    return Rule(value, "a test", date(2026, 11, 25))


LIMITS = Limits(
    text=rule(2000), buttons=rule(5), button_title=rule(50), campaign_window_hours=rule(None),
    reply_window_hours=rule(None), sends_per_second=rule(None),
)  # fmt: skip


@dataclass
class Line:
    """A platform of our own: it writes down what it was given, and fails as it is told."""

    limits: Limits = LIMITS
    letters: list[tuple[str, str]] = field(default_factory=list)  # person, text
    fails: list[Exception] = field(default_factory=list)  # the next sends, one after the other
    open_gate: asyncio.Event | None = None  # sends wait here, if anywhere
    ladder: tuple[Way, ...] = ()
    name: str = "zalo"
    account: str = "1"

    @property
    def ways(self) -> tuple[Way, ...]:
        return self.ladder or (Way("line", frozenset(Purpose), hours=self.limits.reply_window_hours.value),)

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        self.letters.append((person, reply.text))
        if self.open_gate:
            await self.open_gate.wait()
        if self.fails:
            raise self.fails.pop(0)
        return f"m-{len(self.letters)}"

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        return []

    def parse(self, body: bytes) -> Incoming | Ignored:
        return Ignored("not asked for")

    async def fetch(self, attachment: Attachment) -> bytes:
        return b""

    async def open(self) -> None:
        return

    async def close(self) -> None:
        return
