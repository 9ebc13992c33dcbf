"""Takes arrivals from the inbox: one citizen's in order, citizens side by side, a failing one in nobody else's way."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from data import inbox
from data.clock import to_ms
from data.database import Database
from data.tables import ArrivalState
from data.writer import Unwritable
from handlers.citizens.inbox import Desk, handle

BATCH = 500
IDLE_SECONDS = 1.0  # how long an arrival stored by another process may wait to be seen

log = logging.getLogger(__name__)
Person = tuple[int, str]


@dataclass
class Worker:
    database: Database
    desk: Callable[[], Desk]
    clock: Callable[[], datetime]
    answered: Callable[[], None]  # replies are in the outbox
    _stored: asyncio.Event = field(default_factory=asyncio.Event)
    _busy: set[Person] = field(default_factory=set)
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)

    def wake(self) -> None:
        self._stored.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._stored.clear()
            try:
                started = await self._start_waiting()
            except Unwritable as error:
                log.error("the inbox cannot be read: %s", error)
                started = 0
            if not started:
                await self._rest()

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(IDLE_SECONDS):  # not wait_for, which in Python 3.11 may swallow a cancellation
                await self._stored.wait()
        except TimeoutError:
            return

    async def stop(self) -> None:
        """Let those at work finish their transaction."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=10)

    async def _start_waiting(self) -> int:
        waiting = await self.database.read(inbox.waiting, BATCH)
        now_ms = to_ms(self.clock())
        started = 0
        for person, rows in groupby(
            sorted(waiting, key=lambda row: (row[1], row[2], row[0])), key=lambda r: (r[1], r[2])
        ):
            ids = _ready([(row[0], row[3]) for row in rows], now_ms)
            if ids and person not in self._busy:
                self._start(person, ids)
                started += 1
        return started

    def _start(self, person: Person, ids: list[int]) -> None:
        self._busy.add(person)
        task = asyncio.create_task(self._handle_person(person, ids))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle_person(self, person: Person, ids: list[int]) -> None:
        try:
            for arrival_id in ids:
                if not await self._handle_one(arrival_id):
                    break
        finally:
            self._busy.discard(person)
            self._stored.set()

    async def _handle_one(self, arrival_id: int) -> bool:
        """False when this citizen's next arrivals must wait: this one is to be tried again."""
        now = self.clock()
        try:
            await self.database.write(handle, arrival_id, self.desk(), now)
        except Unwritable as error:
            log.error("arrival %d waits: the database cannot be written (%s)", arrival_id, error)
            await asyncio.sleep(IDLE_SECONDS)
            return False
        except Exception as error:
            log.error("arrival %d failed: %s", arrival_id, type(error).__name__, exc_info=error)
            state = await self.database.write(inbox.failed, arrival_id, repr(error), to_ms(now))
            return state == ArrivalState.ASIDE
        self.answered()
        return True


def _ready(rows: list[tuple[int, int]], now_ms: int) -> list[int]:
    """Ids of one citizen's arrivals in order, up to the first that is not to be tried yet."""
    ids: list[int] = []
    for arrival_id, retry_at_ms in rows:
        if retry_at_ms > now_ms:
            break
        ids.append(arrival_id)
    return ids
