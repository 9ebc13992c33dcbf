"""What an account has spent this month of the ways that are counted."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from time import monotonic

from bot.channel import Way
from bot.planner import month_start
from data import outbox
from data.clock import to_ms
from data.database import Database

COUNTED_EVERY_SECONDS = 60.0


class Budget:
    """Counted in the table now and then, for others spend too, and by itself in between."""

    def __init__(self, database: Database, account_id: int) -> None:
        self._database, self._account_id = database, account_id
        self._used: dict[str, int] = {}
        self._good_until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def used(self, ways: Iterable[Way], now: datetime) -> dict[str, int]:
        """How many went by each way this month, those under way among them."""
        if any(way.monthly is not None for way in ways):
            async with self._one_at_a_time:
                await self._count(now)
        return self._used

    async def _count(self, now: datetime) -> None:
        if monotonic() < self._good_until:
            return
        self._used = await self._database.read(outbox.used, self._account_id, to_ms(month_start(now)))
        self._good_until = monotonic() + COUNTED_EVERY_SECONDS

    def take(self, way: Way) -> None:
        self._used[way.name] = self._used.get(way.name, 0) + 1

    def give_back(self, way: Way) -> None:
        self._used[way.name] = self._used.get(way.name, 0) - 1
