"""Takes arrivals from the inbox: one citizen's in order, citizens side by side, a failing one in nobody else's way."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from data import inbox
from data.clock import to_ms
from data.database import Database
from data.tables import ArrivalState
from data.writer import Unwritable
from handlers.citizens.inbox import Desk, handle
from handlers.citizens.privacy import FORGOT

BATCH = 500
IDLE_SECONDS = 1.0  # how long an arrival stored by another process may wait to be seen

ELSEWHERE_SECONDS = 0.05

log = logging.getLogger(__name__)
Person = tuple[int, str]


@dataclass
class Worker:
    database: Database
    desk: Callable[[], Desk]
    clock: Callable[[], datetime]
    answered: Callable[[], None]  # replies are in the outbox
    accounts: Callable[[], Iterable[int]]  # those whose channel is on
    set_aside: Callable[[int], Awaitable[None]]  # an arrival that a person must look at
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
        waiting = await self.database.read(inbox.waiting, list(self.accounts()), to_ms(self.clock()), BATCH)
        idle = [row for row in waiting if (row[1], row[2]) not in self._busy]
        for arrival_id, account_id, person in idle:
            self._start((account_id, person), arrival_id)
        return len(idle)

    def _start(self, person: Person, arrival_id: int) -> None:
        self._busy.add(person)
        task = asyncio.create_task(self._handle_one(person, arrival_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _handle_one(self, person: Person, arrival_id: int) -> None:
        """One citizen's arrivals come one after the other: the next is seen when this one is no longer waiting."""
        try:
            note = await self.database.write(handle, arrival_id, self.desk(), self.clock())
            if note == FORGOT:
                await self.database.checkpoint()
            elif not note:  # another process has this citizen in hand
                await asyncio.sleep(ELSEWHERE_SECONDS)
            self.answered()
        except Unwritable as error:
            log.error("arrival %d waits: the database cannot be written (%s)", arrival_id, error)
            await asyncio.sleep(IDLE_SECONDS)
        except Exception as error:
            log.error("arrival %d failed: %s", arrival_id, type(error).__name__, exc_info=error)
            await self._count_failure(arrival_id, error)
        finally:
            self._busy.discard(person)
            self._stored.set()

    async def _count_failure(self, arrival_id: int, error: Exception) -> None:
        with suppress(Unwritable):
            state = await self.database.write(inbox.failed, arrival_id, repr(error), to_ms(self.clock()))
            if state == ArrivalState.ASIDE:
                await self.set_aside(arrival_id)
