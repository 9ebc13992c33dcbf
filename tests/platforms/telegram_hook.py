"""Telegram's side of a webhook: of one queue one update at a time, in order, and those of others beside it.

After the prepared delays an update stays at the head of its queue, as on the real one, and is tried again with the
next update of its queue or by `again`, until it is taken or has expired.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from http import HTTPStatus

from tests.platforms.server import NOBODY_ANSWERED, Clock
from tests.platforms.telegram_updates import Pending
from tests.platforms.wire import Json

CONNECTIONS = 40
GONE_FOR = timedelta(hours=23)
LONGEST_WAIT_SECONDS = 3600.0

Post = Callable[[Pending], Awaitable[tuple[int, float | None]]]
"""One try: its status, and the seconds of a Retry-After."""


class Hook:
    def __init__(self, post: Post, delays: tuple[float, ...], clock: Clock) -> None:
        self.last_error: tuple[datetime, str] | None = None
        self.dropped: list[Pending] = []  # expired before anyone took them
        self.connections = CONNECTIONS
        self._post, self._delays, self._clock = post, delays, clock
        self._queues: defaultdict[str, list[Pending]] = defaultdict(list)
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._at_once = asyncio.Semaphore(CONNECTIONS)
        self._gone_since: datetime | None = None

    @property
    def count(self) -> int:
        return sum(len(queue) for queue in self._queues.values())

    @property
    def is_given_up(self) -> bool:
        """The webhook has said 410 for so long that Telegram removes it."""
        return self._gone_since is not None and self._clock() - self._gone_since >= GONE_FOR

    def connect(self, connections: int) -> None:
        self.connections, self._at_once = connections, asyncio.Semaphore(connections)
        self.last_error = self._gone_since = None

    def info(self) -> Json:
        if self.last_error is None:
            return {}
        at, message = self.last_error
        return {"last_error_date": int(at.timestamp()), "last_error_message": message}

    async def push(self, pending: Pending) -> list[int]:
        self._queues[pending.queue].append(pending)
        await self._empty(pending.queue)
        return list(pending.statuses)

    async def again(self) -> None:
        """What Telegram does every minute or two."""
        await asyncio.gather(*(self._empty(queue) for queue in list(self._queues)))

    def take_all(self) -> list[Pending]:
        taken = sorted((pending for queue in self._queues.values() for pending in queue), key=lambda each: each.id)
        self._queues.clear()
        return taken

    async def _empty(self, name: str) -> None:
        async with self._locks[name]:
            while queue := self._queues[name]:
                first = queue[0]
                if not await self._is_done(first):
                    return
                if first in queue:
                    queue.remove(first)

    async def _is_done(self, pending: Pending) -> bool:
        """Taken or expired, after as many tries as there are delays; False when it has to wait."""
        delays, delay = list(self._delays), 0.0
        while pending in self._queues[pending.queue]:
            if self._clock() + timedelta(seconds=delay) > pending.expires_at:
                self.dropped.append(pending)
                return True
            await asyncio.sleep(delay)
            status, asked_to_wait = await self._try(pending)
            if 200 <= status < 300:
                return True
            if not delays:
                return False
            ladder = delays.pop(0)
            delay = ladder if asked_to_wait is None else min(asked_to_wait, LONGEST_WAIT_SECONDS)
        return False

    async def _try(self, pending: Pending) -> tuple[int, float | None]:
        async with self._at_once:
            status, asked_to_wait = await self._post(pending)
        pending.statuses.append(status)
        self._gone_since = (self._gone_since or self._clock()) if status == HTTPStatus.GONE else None
        if not 200 <= status < 300:
            self.last_error = (self._clock(), _said(status))
        return status, asked_to_wait


def _said(status: int) -> str:
    if status == NOBODY_ANSWERED:
        return "Connection failed"
    return f"Wrong response from the webhook: {status} {HTTPStatus(status).phrase}"
