"""A steady pace: a second's worth at once, then one after the other."""

from time import monotonic

from schedules.pace import Pace


async def seconds_for(pace: Pace, sends: int) -> float:
    started = monotonic()
    for _ in range(sends):
        await pace.wait()
    return monotonic() - started


async def test_a_platform_without_a_rate_is_not_waited_for() -> None:
    assert await seconds_for(Pace(None), 10_000) < 0.5


async def test_a_seconds_worth_goes_at_once() -> None:
    assert await seconds_for(Pace(100), 100) < 0.2


async def test_what_is_beyond_a_seconds_worth_keeps_the_pace() -> None:
    taken = await seconds_for(Pace(100), 120)

    assert 0.15 < taken < 2


async def test_a_slow_pace_is_kept_too() -> None:
    taken = await seconds_for(Pace(5), 7)

    assert 0.35 < taken < 2


async def test_a_rest_does_not_save_up_more_than_a_second() -> None:
    pace = Pace(50)
    pace._next = monotonic() - 3600  # an hour of silence

    assert await seconds_for(pace, 60) > 0.15
