"""The table of ticks, and the one wrapper around them. The clock is dumb: what is due stands in the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tick:
    name: str
    seconds: float
    work: Callable[[], Awaitable[object]]


def _patience(tick: Tick) -> timedelta:
    return timedelta(seconds=max(120.0, 3 * tick.seconds))


@dataclass
class Clock:
    """Runs ticks on APScheduler; remembers when each last went well."""

    ticks: tuple[Tick, ...]
    now: Callable[[], datetime]
    went_well: dict[str, datetime] = field(default_factory=dict)
    _striking: "set[asyncio.Task[None]]" = field(default_factory=set)

    def __post_init__(self) -> None:
        self.started_at = self.now()

    def start(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="Asia/Ho_Chi_Minh")
        for tick in self.ticks:
            self._scheduler.add_job(
                self.strike,
                "interval",
                args=[tick],
                seconds=tick.seconds,
                id=tick.name,
                next_run_time=datetime.now(self._scheduler.timezone),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,  # late is better than never: a tick only asks what is due
            )
        self._scheduler.start()

    def stale(self) -> list[str]:
        """The ticks that have not gone well for far longer than they should."""
        now = self.now()
        return [
            tick.name for tick in self.ticks if now - self.went_well.get(tick.name, self.started_at) > _patience(tick)
        ]

    async def stop(self) -> None:
        """Strike no more, and let what has begun end: the scheduler by itself would cancel it."""
        self._scheduler.pause()
        if self._striking:
            await asyncio.wait(self._striking, timeout=10)
        self._scheduler.shutdown(wait=False)

    async def strike(self, tick: Tick) -> None:
        striking = asyncio.ensure_future(self._strike(tick))
        self._striking.add(striking)
        striking.add_done_callback(self._striking.discard)
        await asyncio.shield(striking)

    async def _strike(self, tick: Tick) -> None:
        started = monotonic()
        try:
            await tick.work()
        except Exception as error:
            log.error("tick %s failed: %s", tick.name, type(error).__name__, exc_info=error)
            return
        self.went_well[tick.name] = self.now()
        if monotonic() - started > tick.seconds:
            log.info("tick %s took %.1f s", tick.name, monotonic() - started)
