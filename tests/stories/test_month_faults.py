"""A month in which platforms refuse and answers are lost: nobody gets anything twice, and what can still go goes."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from data import campaigns
from data.tables import Campaign, CampaignState, Delivery, Issue, IssueState, Publication, PublicationState
from tests.platforms.clock import Clock
from tests.platforms.zalo_answers import zalo_error
from tests.stories.conftest import STAFF_GROUP, Street, built_at
from tests.stories.test_month import (
    CHANNEL,
    DAYS_AGO,
    FIRST,
    OUTLETS,
    RULES,
    SECOND,
    TODAY,
    a_month_passes,
    announced,
    heard,
    read,
    readers,
)


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    clock = Clock()
    clock.now = FIRST - timedelta(hours=2)
    settings = {"MESSENGER_PUBLISHES": "yes", "TELEGRAM_CHANNEL_ID": CHANNEL}
    async with built_at(clock, tmp_path, *RULES, **settings) as street:
        street.telegram.chats.channel("Phường Ayun Pa")
        yield street


def _monthly(session: Session, street: Street) -> None:
    session.add(
        Campaign(
            unit_id=1, name="Tin một", text="Tin một\nNội dung", rule=campaigns.FOURTH_WEEK, times=["16:30", "09:30"],
            next_at=FIRST, state=CampaignState.APPROVED, created_at=street.clock(), outlets=OUTLETS,
        )
    )  # fmt: skip


async def _published(street: Street) -> dict[str, str]:
    return {row.outlet: PublicationState(row.state).value for row in await read(street, Publication)}


def _seen(street: Street) -> tuple[int, int, int, int]:
    """Articles made and broadcasts of the OA, posts on the wall, messages in the channel."""
    made, broadcasts = street.zalo.desk.asked("/v2.0/article/create"), street.zalo.publishing.broadcasts
    return len(made), len(broadcasts), len(street.messenger.posts), len(street.telegram.letters_to(CHANNEL))


async def test_the_second_airing_of_a_month_publishes_nothing_again(street: Street) -> None:
    early = await readers(street, "telegram", 3, TODAY)
    await street.database.write(_monthly, street)

    await _until_the_evening(street)
    late = await readers(street, "telegram", 2, TODAY)
    await a_month_passes(street)

    assert heard(street.telegram, early + late) == [Counter({"Tin một": 1})] * 5
    assert [issue.state for issue in await read(street, Issue)] == [IssueState.DONE] * 2
    assert _seen(street) == (1, 1, 1, 1)


async def _until_the_evening(street: Street) -> None:
    while street.clock() < SECOND:
        await street.strikes("campaigns", "publications", "issues")
        await street.passes(minutes=10)


async def test_a_publication_whose_answer_is_lost_is_looked_for_and_not_made_twice(street: Street) -> None:
    street.zalo.desk.drop_after = ["/v2.0/article/create", "/v2.0/article/verify"]
    street.messenger.drop_after_accepting = 1
    await announced(street, "Tin một", FIRST)

    await a_month_passes(street)

    assert await _published(street) == dict.fromkeys(OUTLETS, "published")
    assert _seen(street) == (1, 1, 1, 1)


async def test_a_broadcast_of_which_nothing_was_heard_is_left_to_a_person(street: Street) -> None:
    street.zalo.desk.drop_after = ["/v2.0/oa/message"]
    await announced(street, "Tin một", FIRST)

    await a_month_passes(street)

    assert await _published(street) == {**dict.fromkeys(OUTLETS, "published"), "zalo_broadcast": "unsure"}
    assert _seen(street) == (1, 1, 1, 1)
    assert _asked_to_look(street) == 1


async def test_a_post_in_the_channel_of_which_nothing_was_heard_is_left_to_a_person(street: Street) -> None:
    street.telegram.drop_after_accepting = 1
    await announced(street, "Tin một", FIRST)

    await a_month_passes(street)

    assert await _published(street) == {**dict.fromkeys(OUTLETS, "published"), "telegram_channel": "unsure"}
    assert _seen(street) == (1, 1, 1, 1)
    assert _asked_to_look(street) == 1


def _asked_to_look(street: Street) -> int:
    return sum("chưa đăng được" in letter.text for letter in street.telegram.letters_to(STAFF_GROUP))


async def test_a_broadcast_put_off_to_the_next_month_survives_a_bad_moment_there(street: Street) -> None:
    await announced(street, "Tin một", FIRST)
    await announced(street, "Tin hai", SECOND)
    await _until_the_evening(street)
    street.zalo.desk.fail_next["/v2.0/article/getslice"] = (200, zalo_error(-200))

    await a_month_passes(street)

    assert {row.state for row in await read(street, Publication)} == {PublicationState.PUBLISHED}
    assert len(street.zalo.publishing.broadcasts) == 2


async def test_zalos_own_count_of_paid_messages_ends_the_paid_way_for_this_month(street: Street) -> None:
    near = await readers(street, "zalo", 3, TODAY)
    silent = await readers(street, "zalo", 4, DAYS_AGO)
    street.zalo.users.paid_quota = 1
    await announced(street, "Tin một", FIRST)

    await a_month_passes(street)

    got = heard(street.zalo, silent)
    assert heard(street.zalo, near) == [Counter({"Tin một": 1})] * 3
    assert sum(got, Counter()) == Counter({"Tin một": 1})
    rows = [row for row in await read(street, Delivery) if row.issue_id]
    assert Counter((row.state, row.reason) for row in rows) == {("sent", ""): 4, ("skipped", "quota"): 3}
    assert [issue.state for issue in await read(street, Issue)] == [IssueState.DONE]
