"""The planner: which way, when, at what cost, or why not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.channel import Purpose, Way
from bot.planner import Plan, Standing, Wish, after_quiet_hours, plan, when_open
from tests.schedules.line import LIMITS, rule

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)
EVERYTHING = frozenset(Purpose)
FREE = Way("free", EVERYTHING, hours=48)
PAID = Way("paid", EVERYTHING, hours=168, cost=55, monthly=500)
OFFICER = Way("officer", frozenset({Purpose.NOTICE}), hours=168, by_person=True)
TEMPLATE = Way("template", frozenset({Purpose.NOTICE}), cost=200, template=True)
PHONE = Way("phone", frozenset({Purpose.NOTICE}), cost=300, template=True, phone=True)
LADDER = (FREE, PAID, OFFICER, TEMPLATE, PHONE)
NEWS = replace(LIMITS, campaign_window_hours=rule(48))


def asked(days: float, purpose: Purpose = Purpose.NOTICE, used: int = 0, **about: object) -> Plan:
    standing = {name: about.pop(name) for name in ("wants_news", "blocked", "phone") if name in about}
    lan = Standing(NOON - timedelta(days=days), **standing)  # type: ignore[arg-type]
    return plan(Wish(purpose, **about), lan, NEWS, LADDER, NOON, {"paid": used})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("days", "about", "way"),
    [
        (1, {}, "free"),
        (2, {}, "free"),
        (3, {}, "paid"),
        (3, {"used": 500, "by_person": True}, "officer"),
        (10, {"has_facts": True}, "template"),
        (10, {"has_facts": True, "phone": "0905123456"}, "template"),
        (10, {"has_facts": True, "phone": "0905123456", "after": "template"}, "phone"),
        (1, {"after": "free"}, "paid"),
        (10, {"purpose": Purpose.NOTICE, "by_person": True}, None),
        (10, {"phone": "0905123456"}, None),
    ],
)
def test_an_answer_takes_the_first_rung_that_holds(days: float, about: dict[str, object], way: str | None) -> None:
    found = asked(days, **about)  # type: ignore[arg-type]

    assert (found.way.name if found.way else None) == way


@pytest.mark.parametrize(
    ("days", "about", "why"),
    [
        (10, {}, "outside_window"),
        (1, {"blocked": True}, "blocked"),
        (3, {"used": 500}, "quota"),
        (1, {"purpose": Purpose.CAMPAIGN}, "opted_out"),
        (1, {"purpose": Purpose.CAMPAIGN, "wants_news": True, "blocked": True}, "blocked"),
        (3, {"purpose": Purpose.CAMPAIGN, "wants_news": True}, "outside_window"),
    ],
)
def test_a_refusal_says_why(days: float, about: dict[str, object], why: str) -> None:
    assert asked(days, **about).refusal == why  # type: ignore[arg-type]


def test_who_never_wrote_is_reached_only_where_nothing_counts_from_that() -> None:
    stranger = Standing(None)

    assert plan(Wish(Purpose.NOTICE), stranger, LIMITS, [FREE, PAID], NOON, {}).refusal == "outside_window"
    assert plan(Wish(Purpose.NOTICE), stranger, LIMITS, [Way("chat", EVERYTHING)], NOON, {}).way


def test_what_was_just_asked_is_answered_whatever_we_believe_of_the_person() -> None:
    assert asked(0, Purpose.REPLY, blocked=True).way == FREE


def at(hour: float) -> datetime:
    """This hour of that day in Viet Nam."""
    return datetime(2026, 11, 24, 17, tzinfo=UTC) + timedelta(hours=hour)


@pytest.mark.parametrize(("hour", "until"), [(20.9, None), (21, 31), (23.5, 31), (24, 31), (6.99, 7), (7, None)])
def test_news_rest_at_night(hour: float, until: float | None) -> None:
    night = replace(LIMITS, quiet_from=rule(21), quiet_to=rule(7))

    assert after_quiet_hours(night, at(hour)) == (at(until) if until else None)


@pytest.mark.parametrize(("hour", "until"), [(7.9, 8), (8, None), (19.4, None), (19.5, 32)])
def test_publications_have_hours_of_their_own(hour: float, until: float | None) -> None:
    daytime = replace(LIMITS, posts_from=rule(8), posts_to=rule(19.5))

    assert when_open(daytime, at(hour)) == (at(until) if until else None)


def test_a_platform_without_quiet_hours_has_none() -> None:
    assert after_quiet_hours(LIMITS, at(3)) is None
