"""Whom a campaign would reach if it went out now: counted in the table, judged by the planner."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.channel import Purpose, Way
from bot.planner import Plan, Standing, Wish, month_start, plan
from data import console_queries, outbox
from data.clock import to_ms
from handlers.staff.visit import Console


@dataclass(frozen=True, slots=True)
class Listeners:
    """Those of one account who get the news, by what it would take to reach them now."""

    channel: str
    everyone: int
    free: int
    paid: int
    cost: float  # đồng for those who are not free
    unreachable: int
    window_hours: float | None

    @property
    def reachable(self) -> int:
        return self.everyone - self.unreachable


def listeners(session: Session, console: Console, channels: Sequence[str], now: datetime) -> list[Listeners]:
    """`channels`: those of a campaign; none stands for all."""
    found = []
    for account in console_queries.accounts(session):
        account_id = account.id or 0
        if account_id in console.channels and (not channels or account.channel in channels):
            found.append(_of_account(session, console, account_id, account.channel, now))
    return found


def _of_account(session: Session, console: Console, account_id: int, channel: str, now: datetime) -> Listeners:
    limits, ways = console.channels[account_id].limits, console.ways(account_id)
    used = outbox.used(session, account_id, to_ms(month_start(now)))
    everyone = console_queries.audience(session, account_id, None)
    free, paid, cost, heard = 0, 0, 0.0, 0
    for hours in _edges(ways, limits.campaign_window_hours.value):
        within = console_queries.audience(session, account_id, now - timedelta(hours=hours)) if hours else everyone
        count, heard = within - heard, within
        one = Standing(now - timedelta(hours=hours or 0), wants_news=True) if hours else Standing(None, wants_news=True)
        found: Plan = plan(Wish(Purpose.CAMPAIGN), one, limits, ways, now, used)
        free += count if found.way and not found.cost else 0
        most = _affordable(found.way, used, count)
        paid, cost = paid + most, cost + most * found.cost
    return Listeners(channel, everyone, free, paid, cost, everyone - free - paid, limits.campaign_window_hours.value)


def _edges(ways: Iterable[Way], window: float | None) -> Iterator[float | None]:
    """The hours at which the answer may change, and the rest: those who are silent for longer, or never spoke."""
    yield from sorted({hours for hours in (window, *(way.hours for way in ways)) if hours})
    yield None


def _affordable(way: Way | None, used: dict[str, int], count: int) -> int:
    if way is None or not way.cost:
        return 0
    return count if way.monthly is None else min(count, max(0, int(way.monthly) - used.get(way.name, 0)))
