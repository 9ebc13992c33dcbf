"""Two campaigns of a month by a clock that is moved on: quotas run out, a night comes, nobody gets it twice."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, SQLModel, select

from data import campaigns
from data.clock import to_ms
from data.tables import (
    Campaign,
    CampaignState,
    Citizen,
    Delivery,
    DeliveryState,
    Issue,
    IssueState,
    Publication,
    PublicationState,
)
from tests.platforms import Platform
from tests.platforms.clock import Clock
from tests.stories.conftest import Street, built_at, corrected

FIRST = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)  # Thursday of the fourth week, half past four in Viet Nam
SECOND = datetime(2026, 11, 26, 14, 30, tzinfo=UTC)  # the same evening, half past nine
END = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
STEP, MOMENTS = timedelta(minutes=30), timedelta(seconds=20)
RULES = (
    corrected("zalo", "campaign_window_hours", 168),  # the commune pays for those who have been silent for longer
    corrected("zalo", "paid_monthly", 3),
    corrected("zalo", "posts_monthly", 1),
)
OUTLETS = ["zalo_broadcast", "page_post", "telegram_channel"]
CHANNEL = "-1002000000001"  # the first that is made
TODAY, DAYS_AGO, LONG_AGO = timedelta(hours=2), timedelta(days=4), timedelta(days=12)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    clock = Clock()
    clock.now = FIRST - timedelta(hours=2)
    settings = {"MESSENGER_PUBLISHES": "yes", "TELEGRAM_CHANNEL_ID": CHANNEL}
    async with built_at(clock, tmp_path, *RULES, **settings) as street:
        assert street.telegram.chats.channel("Phường Ayun Pa").id == CHANNEL
        yield street


async def read(street: Street, table: type[SQLModel]) -> list[Any]:
    return await street.database.read(lambda session: list(session.exec(select(table))))


async def readers(street: Street, name: str, count: int, silent_for: timedelta, **about: Any) -> list[str]:
    """So many who said yes to the news, and wrote so long ago: we and the platform both know it."""
    platform, wrote_at = street.platform(name), street.clock() - silent_for
    people = platform.add_people(count, platform.first_person + 1_000 * (1 + len(platform.people)))
    for person in people:
        platform.people[person].last_at = wrote_at
    await street.database.write(_keep, street.account(name), people, wrote_at, about)
    return people


def _keep(session: Session, account_id: int, people: list[str], wrote_at: datetime, about: dict[str, Any]) -> None:
    given: dict[str, Any] = {"wants_news": True, "first_seen_at": wrote_at, "last_incoming_at": wrote_at, **about}
    session.add_all(Citizen(account_id=account_id, person=person, **given) for person in people)


async def announced(street: Street, name: str, at: datetime) -> None:
    await street.database.write(_announce, name, at, street.clock())


def _announce(session: Session, name: str, at: datetime, now: datetime) -> None:
    session.add(
        Campaign(
            unit_id=1, name=name, text=f"{name}\nNội dung", rule=campaigns.ONCE, starts_at=at, next_at=at,
            state=CampaignState.APPROVED, created_at=now, outlets=OUTLETS,
        )
    )  # fmt: skip


async def a_month_passes(street: Street) -> None:
    while street.clock() < END:
        await street.strikes("campaigns", "publications", "issues")
        soon = await street.database.read(_waits_for_moments, to_ms(street.clock() + MOMENTS))
        await street.passes(seconds=(MOMENTS if soon else STEP).total_seconds())


def _waits_for_moments(session: Session, until_ms: int) -> bool:
    """An article is in the making: the platform is asked again in a moment."""
    waiting = (Publication.state == PublicationState.WAITING, Publication.retry_at_ms <= until_ms)
    return session.exec(select(Publication.id).where(*waiting).limit(1)).first() is not None


def heard(platform: Platform, people: list[str]) -> list[Counter[str]]:
    """Of each reader, how often they got which campaign."""
    return [Counter(letter.text.partition("\n")[0] for letter in platform.letters_to(person)) for person in people]


BOTH = Counter({"Tin một": 1, "Tin hai": 1})


async def test_two_campaigns_of_a_month(street: Street) -> None:
    near = {name: await readers(street, name, 5, TODAY) for name in ("zalo", "messenger", "telegram")}
    silent = await readers(street, "zalo", 2, DAYS_AGO)
    gone = [*await readers(street, "zalo", 2, LONG_AGO), *await readers(street, "messenger", 2, DAYS_AGO)]
    hung = await readers(street, "zalo", 1, TODAY, blocked_at=FIRST)
    stopped = await readers(street, "telegram", 2, LONG_AGO, wants_news=False)
    late = await readers(street, "telegram", 2, LONG_AGO)  # Telegram counts no hours
    await announced(street, "Tin một", FIRST)
    await announced(street, "Tin hai", SECOND)

    await a_month_passes(street)

    for name, people in near.items():
        assert heard(street.platform(name), people) == [BOTH] * 5, name
    assert heard(street.telegram, late) == [BOTH] * 2
    assert sum(heard(street.zalo, silent), Counter()) == Counter({"Tin một": 2, "Tin hai": 1})
    nobody = [*heard(street.zalo, gone[:2]), *heard(street.messenger, gone[2:])]
    assert [*nobody, *heard(street.zalo, hung), *heard(street.telegram, stopped)] == [Counter()] * 7

    rows = [row for row in await read(street, Delivery) if row.issue_id]
    assert {row.state for row in rows} == {DeliveryState.SENT, DeliveryState.SKIPPED}
    skipped = Counter(row.reason for row in rows if row.state == DeliveryState.SKIPPED)
    assert skipped == Counter({"outside_window": 8, "quota": 1})
    assert sum(row.cost for row in rows) == 3 * 55
    assert [issue.state for issue in await read(street, Issue)] == [IssueState.DONE] * 2


async def test_what_is_announced_in_the_evening_waits_for_the_morning(street: Street) -> None:
    people = await readers(street, "messenger", 3, TODAY)
    await announced(street, "Tin hai", SECOND)

    await a_month_passes(street)

    hours = {letter.at.hour for person in people for letter in street.messenger.letters_to(person)}
    assert hours == {0}  # seven in Viet Nam


async def test_a_broadcast_beyond_the_months_number_goes_out_on_the_first_of_the_next(street: Street) -> None:
    await announced(street, "Tin một", FIRST)
    await announced(street, "Tin hai", SECOND)

    await a_month_passes(street)

    published = await read(street, Publication)
    assert {row.state for row in published} == {PublicationState.PUBLISHED}
    assert Counter(row.outlet for row in published) == Counter(dict.fromkeys(OUTLETS, 2))
    first, second = sorted(cast.at for cast in street.zalo.publishing.broadcasts)
    assert FIRST - timedelta(minutes=30) <= first <= FIRST
    opens = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)  # at eight in Viet Nam
    assert opens <= second <= opens + timedelta(minutes=10)
    assert len(street.messenger.posts) == 2


async def test_a_quota_that_zalo_alone_knows_of_is_told_to_staff_and_tried_by_a_person(street: Street) -> None:
    street.zalo.publishing.broadcast_quota = 0
    await announced(street, "Tin một", FIRST)

    await a_month_passes(street)

    rows = {row.outlet: row for row in await read(street, Publication)}
    assert rows["zalo_broadcast"].state == PublicationState.FAILED
    assert rows["page_post"].state == PublicationState.PUBLISHED
    assert rows["zalo_broadcast"].reason
