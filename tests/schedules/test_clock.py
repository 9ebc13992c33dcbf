"""The one wrapper around the ticks."""

import asyncio
import logging
from datetime import datetime, timedelta

import pytest

from schedules.clock import Clock, Tick
from tests.conftest import NOON


class Work:
    """What a tick does: it counts, and it can be out of order."""

    def __init__(self, error: Exception | None = None) -> None:
        self.done = 0
        self.error = error

    async def __call__(self) -> int:
        self.done += 1
        if self.error:
            raise self.error
        return self.done


def clock(*ticks: Tick, now: datetime = NOON) -> Clock:
    return Clock(ticks, lambda: now)


async def test_a_tick_does_its_work_and_is_remembered() -> None:
    work = Work()
    struck = clock(Tick("spool", 5, work))

    await struck.strike(struck.ticks[0])

    assert work.done == 1
    assert struck.went_well == {struck.ticks[0].name: NOON}


async def test_a_tick_that_fails_is_told_and_hurts_no_other(caplog: pytest.LogCaptureFixture) -> None:
    good = Work()
    struck = clock(Tick("backup", 5, Work(OSError("disk full"))), Tick("spool", 5, good))

    with caplog.at_level(logging.ERROR):
        for tick in struck.ticks:
            await struck.strike(tick)

    assert good.done == 1
    assert list(struck.went_well) == ["spool"]
    assert "tick backup failed: OSError" in caplog.text
    assert "disk full" in caplog.text


async def test_a_tick_that_never_goes_well_is_stale_after_a_while() -> None:
    struck = clock(Tick("spool", 5, Work(ValueError("wrong"))), Tick("backup", 600, Work()))
    await struck.strike(struck.ticks[0])
    early = struck.stale()

    struck.started_at = NOON - timedelta(minutes=3)

    assert (early, struck.stale()) == ([], ["spool"])


async def test_a_tick_that_goes_well_is_not_stale() -> None:
    struck = clock(Tick("spool", 5, Work()))
    struck.started_at = NOON - timedelta(hours=1)

    await struck.strike(struck.ticks[0])

    assert struck.stale() == []


async def test_a_tick_that_was_ended_from_outside_is_no_failure() -> None:
    async def long() -> None:
        await asyncio.sleep(60)

    struck = clock(Tick("long", 5, long))
    running = asyncio.create_task(struck.strike(struck.ticks[0]))
    await asyncio.sleep(0)

    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
