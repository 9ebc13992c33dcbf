"""Which way a message takes to a person, when, at what cost, or why it cannot go.

The campaign's preview, the reply box and the sender all ask here, so that none of them promises what another breaks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channel import Failure, Limits, Purpose, Rule, Way

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
NEVER_SPOKE = float("inf")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a person stands to us."""

    last_words_at: datetime | None
    wants_news: bool = False
    blocked: bool = False
    phone: str = ""  # given for this, with consent


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be said."""

    purpose: Purpose
    by_person: bool = False  # a named person of the office wrote it
    has_facts: bool = False  # a template could say it
    after: str = ""  # the way by which the platform has refused it already


@dataclass(frozen=True, slots=True)
class Plan:
    """By `way`, at `at` or as soon as may be; or not at all, for the reason in `refusal` (a word of `Failure`)."""

    way: Way | None = None
    at: datetime | None = None
    refusal: str = ""

    @property
    def cost(self) -> float:
        return self.way.cost if self.way else 0.0


def plan(
    wish: Wish, person: Standing, limits: Limits, ways: Iterable[Way], now: datetime, used: Mapping[str, int]
) -> Plan:
    """`used` counts what this account sent by each way in this calendar month."""
    if refusal := _unwanted(wish, person, limits, now):
        return Plan(refusal=refusal)
    rungs = [way for way in _left(ways, wish.after) if _fits(way, wish, person, now)]
    affordable = [way for way in rungs if way.monthly is None or used.get(way.name, 0) < way.monthly]
    if not affordable:
        return Plan(refusal=(Failure.QUOTA if rungs else Failure.OUTSIDE_WINDOW).word)
    waits = wish.purpose is Purpose.CAMPAIGN or affordable[0].template
    return Plan(affordable[0], after_quiet_hours(limits, now) if waits else None)


def _unwanted(wish: Wish, person: Standing, limits: Limits, now: datetime) -> str:
    if wish.purpose not in (Purpose.CAMPAIGN, Purpose.NOTICE):
        return ""  # what was just asked is answered, whatever we believe of the person
    if person.blocked:
        return Failure.BLOCKED.word
    if wish.purpose is Purpose.NOTICE:
        return ""
    if not person.wants_news:
        return Failure.OPTED_OUT.word
    hours = limits.campaign_window_hours.value
    return Failure.OUTSIDE_WINDOW.word if hours is not None and _silent_hours(person, now) > hours else ""


def _left(ways: Iterable[Way], tried: str) -> list[Way]:
    """The rungs after the one that the platform refused."""
    every = list(ways)
    names = [way.name for way in every]
    return every[names.index(tried) + 1 :] if tried in names else every


def _fits(way: Way, wish: Wish, person: Standing, now: datetime) -> bool:
    return (
        wish.purpose in way.purposes
        and (wish.by_person or not way.by_person)
        and (wish.has_facts or not way.template)
        and (bool(person.phone) or not way.phone)
        and (way.hours is None or _silent_hours(person, now) <= way.hours)
    )


def _silent_hours(person: Standing, now: datetime) -> float:
    return (now - person.last_words_at) / timedelta(hours=1) if person.last_words_at else NEVER_SPOKE


def month_start(now: datetime) -> datetime:
    """When the calendar month began in Viet Nam, from which what is paid is counted."""
    return now.astimezone(VIETNAM).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def after_quiet_hours(limits: Limits, now: datetime) -> datetime | None:
    """When the quiet hours end that reign now; None when none do."""
    return _end(limits.quiet_from, limits.quiet_to, now)


def when_open(limits: Limits, now: datetime) -> datetime | None:
    """When publications may go again; None when they may now."""
    return _end(limits.posts_to, limits.posts_from, now)


def _end(begins: Rule, ends: Rule, now: datetime) -> datetime | None:
    """The end of a nightly pause that may stretch over midnight; hours such as 19.5 are half past seven."""
    if begins.value is None or ends.value is None or begins.value == ends.value:
        return None
    local = now.astimezone(VIETNAM)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    hour = (local - midnight) / timedelta(hours=1)
    inside = begins.value <= hour < ends.value if begins.value < ends.value else _over_midnight(hour, begins, ends)
    if not inside:
        return None
    end = midnight + timedelta(hours=ends.value)
    return end if end > local else end + timedelta(days=1)


def _over_midnight(hour: float, begins: Rule, ends: Rule) -> bool:
    return hour >= (begins.value or 0) or hour < (ends.value or 0)
