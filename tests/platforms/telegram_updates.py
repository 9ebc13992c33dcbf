"""The updates that wait for `getUpdates`, and the one caller that may wait for them."""

import asyncio

from tests.platforms.telegram_messages import TelegramRefusal
from tests.platforms.wire import Json

MOST_SECONDS = 50


class Updates:
    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self._new = asyncio.Event()
        self._caller: object = None

    def add(self, update: Json) -> None:
        self.waiting.append(update)
        self._new.set()

    def close(self) -> None:
        self._caller = None
        self._new.set()

    async def get(self, asked: Json) -> list[Json]:
        """`offset` confirms all before it; a second caller puts the first one out."""
        me = self._caller = object()
        self._new.set()
        offset = int(asked.get("offset", 0))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        until = asyncio.get_running_loop().time() + min(float(asked.get("timeout", 0)), MOST_SECONDS)
        await self._until_something_waits(me, until)
        return self.waiting[: int(asked.get("limit", 100))]

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
