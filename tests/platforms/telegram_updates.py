"""An update on its way, and those that wait for `getUpdates` with the one caller that may wait for them."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.platforms.server import Clock
from tests.platforms.telegram_messages import TelegramRefusal
from tests.platforms.wire import Json

MOST_SECONDS = 50
LIVES = timedelta(hours=24)
PRESS_LIVES = timedelta(seconds=150)


@dataclass(slots=True, eq=False)
class Pending:
    update: Json
    queue: str  # of one queue, at most one is under way
    expires_at: datetime
    statuses: list[int] = field(default_factory=list)  # of the tries so far

    @property
    def id(self) -> int:
        return int(self.update["update_id"])


class Updates:
    def __init__(self, clock: Clock) -> None:
        self.waiting: list[Pending] = []
        self._clock = clock
        self._new = asyncio.Event()
        self._caller: object = None

    def add(self, pending: Pending) -> None:
        self.waiting.append(pending)
        self._new.set()

    def take_all(self) -> list[Pending]:
        taken, self.waiting = self.waiting, []
        return taken

    def close(self) -> None:
        self._caller = None
        self._new.set()

    async def get(self, asked: Json) -> list[Json]:
        """`offset` confirms all before it; a second caller puts the first one out."""
        me = self._caller = object()
        self._new.set()
        self._confirm(int(asked.get("offset", 0)))
        until = asyncio.get_running_loop().time() + min(float(asked.get("timeout", 0)), MOST_SECONDS)
        await self._until_something_waits(me, until)
        return [pending.update for pending in self.waiting[: int(asked.get("limit", 100))]]

    def _confirm(self, offset: int) -> None:
        now = self._clock()
        living = [pending for pending in self.waiting if pending.expires_at >= now]
        self.waiting = living[offset:] if offset < 0 else [pending for pending in living if pending.id >= offset]

    async def _until_something_waits(self, me: object, until: float) -> None:
        while not self.waiting and (left := until - asyncio.get_running_loop().time()) > 0:
            self._new.clear()
            try:
                await asyncio.wait_for(self._new.wait(), left)
            except TimeoutError:
                return
            if self._caller is None:
                return
            if self._caller is not me:
                other = "terminated by other getUpdates request; make sure that only one bot instance is running"
                raise TelegramRefusal(409, other)
