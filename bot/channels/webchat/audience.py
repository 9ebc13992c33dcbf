"""Who has the page open in this process, and who waits for an answer."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from enum import Enum

from bot.channels.webchat import refusal
from bot.channels.webchat.limits import STREAMS, STREAMS_PER_PERSON, TYPING_SECONDS
from bot.channels.webchat.lines import Line
from bot.channels.webchat.refusal import Refused

_BACKLOG = 200


class Signal(Enum):
    TYPING = "typing"
    RETIRE = "retire"  # a newer page took this one's place
    END = "end"  # the server stops


class Ear:
    """One open page. What does not fit its backlog comes with the next reading of the history."""

    def __init__(self, gone: Callable[[], bool]) -> None:
        self.gone = gone
        self.heard: asyncio.Queue[Line | Signal] = asyncio.Queue()

    def tell(self, news: Line | Signal) -> None:
        if isinstance(news, Signal) or self.heard.qsize() < _BACKLOG:
            self.heard.put_nowait(news)


class Audience:
    def __init__(self) -> None:
        self._ears: dict[str, list[Ear]] = {}
        self._open = 0
        self._waiting: dict[str, float] = {}
        self._ended = False

    @contextlib.contextmanager
    def listening(self, person: str, gone: Callable[[], bool], now: float) -> Iterator[Ear]:
        """Raises `Refused` when the house is full."""
        if self._ended or self._open >= STREAMS:
            raise Refused(503, refusal.BUSY, retry_after_seconds=15)
        ear = Ear(gone)
        if now - self._waiting.get(person, -TYPING_SECONDS) < TYPING_SECONDS:
            ear.tell(Signal.TYPING)
        self._make_room(person)
        self._ears.setdefault(person, []).append(ear)
        self._open += 1
        try:
            yield ear
        finally:
            self._open -= 1
            self._remove(person, ear)

    def tell(self, person: str, line: Line) -> None:
        for ear in self._ears.get(person, ()):
            ear.tell(line)

    def expect(self, person: str, now: float) -> None:
        """An answer to this person is on its way."""
        self._waiting = {one: since for one, since in self._waiting.items() if now - since < TYPING_SECONDS}
        self._waiting[person] = now

    def answered(self, person: str) -> None:
        self._waiting.pop(person, None)

    def show_typing(self, person: str) -> None:
        if person in self._waiting:
            for ear in self._ears.get(person, ()):
                ear.tell(Signal.TYPING)

    def end(self) -> None:
        self._ended = True
        for ears in self._ears.values():
            for ear in ears:
                ear.tell(Signal.END)

    def _make_room(self, person: str) -> None:
        """A reloaded page leaves its old stream open until the next heartbeat: those go first, then the oldest."""
        open_ears = sorted(self._ears.get(person, ()), key=lambda ear: not ear.gone())
        for ear in open_ears[: max(0, len(open_ears) - STREAMS_PER_PERSON + 1)]:
            ear.tell(Signal.RETIRE)
            self._remove(person, ear)

    def _remove(self, person: str, ear: Ear) -> None:
        ears = self._ears.get(person, [])
        if ear in ears:
            ears.remove(ear)
        if not ears:
            self._ears.pop(person, None)
