"""A town writes while something is wrong; when it has settled, both sides' books agree."""

from collections.abc import Sequence
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import Session, select

from bot.channels.zalo import Zalo
from data.tables import Arrival
from tests.platforms import GraphPlatform, ZaloPlatform
from tests.platforms.graph_refusals import graph_error
from tests.platforms.telegram_messages import telegram_error
from tests.platforms.zalo_answers import zalo_error
from tests.stories.conftest import STAFF_GROUP, Street
from tests.stories.road import FORGED_WORDS
from tests.stories.town import POLLED, QUESTION, Town, is_right, town, waits

WITH_WEBHOOK = ["zalo", "messenger", "telegram"]
EVERYWHERE = [*WITH_WEBHOOK, POLLED]
TOO_FAST = {
    "zalo": (200, zalo_error(-32)),
    "messenger": (400, graph_error(613, "(#613) Calls to this api have exceeded the rate limit.")),
    "telegram": (429, telegram_error(429, "retry after 7", retry_after=7)),
}
GATEWAY = "<html><body><h1>Bad day</h1></body></html>"


# what befalls our sends


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_a_send_cut_off_after_it_was_taken_is_repeated_once_at_most(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.platform.drop_after_accepting = 30

        await there.asks()
        await there.calms_down()

        await is_right(there, doubled=range(1, 31))


@pytest.mark.parametrize("name", ["zalo", "messenger"])
async def test_where_the_platform_echoes_a_send_cut_off_is_not_repeated(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        assert isinstance(there.platform, ZaloPlatform | GraphPlatform)
        there.platform.echoes = True
        there.platform.drop_after_accepting = 30

        await there.asks()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_a_slow_platform_holds_nobody_up(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.platform.delay_seconds = 0.3

        await there.asks()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_what_was_too_fast_goes_later(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.platform.fail_next = [TOO_FAST[name.partition(",")[0]]] * 20 + [(429, GATEWAY)] * 20

        await there.asks()
        await there.calms_down()

        assert there.platform.fail_next == []
        await is_right(there)


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_a_gateways_error_page_costs_nobody_the_answer(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.platform.fail_next = [(500, GATEWAY), (503, GATEWAY)] * 15

        await there.asks()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_what_is_never_heard_of_is_said_twice_at_most_and_then_unsure(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name, citizens=20) as there:
        there.platform.drop_after_accepting = 10_000

        await there.asks()
        await there.calms_down()

        books = await there.books()
        replies = 2 * (len(there.people) - 1)
        assert (books.states, books.doubled, books.silent) == ({"unsure": replies}, replies, [])


async def test_what_zalo_shows_of_our_own_words_ends_the_doubt(tmp_path: Path) -> None:
    async with town(tmp_path, "zalo", citizens=20) as there:
        there.platform.drop_after_accepting = 10_000
        await there.asks()
        await there.calms_down()

        for _ in range(4):  # a few people in one go
            await there.street.strikes("doubts")

        await is_right(there, doubled=range(2 * len(there.people)))


@pytest.mark.parametrize("name", ["telegram", POLLED])
async def test_a_flood_in_one_chat_is_that_chats_only(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.street.telegram.floods.person_gap_seconds = 1.0

        await there.asks()
        await there.is_heard()
        await there.street.settles_for_now()
        welcomed = len({letter.person for letter in there.platform.letters})
        await there.calms_down()

        assert welcomed == len(there.people) - 1
        await is_right(there)


# what befalls the webhooks


@pytest.mark.parametrize("name", WITH_WEBHOOK)
async def test_every_event_delivered_twice_is_answered_once(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.road.twice = True

        await there.asks()
        await there.calms_down()

        await is_right(there)


async def test_every_update_fetched_twice_is_answered_once(tmp_path: Path) -> None:
    async with town(tmp_path, POLLED) as there:
        for person in there.people:
            await there.platform.says(person, QUESTION)
            await there.platform.repeats()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", WITH_WEBHOOK)
async def test_an_event_whose_answer_was_lost_comes_again_and_is_answered_once(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.road.loses_answers = True

        await there.asks()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", WITH_WEBHOOK)
async def test_events_in_disorder_are_all_answered(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.road.disorder = True

        await there.asks()
        await there.calms_down()

        await is_right(there)


@pytest.mark.parametrize("name", WITH_WEBHOOK)
async def test_forgers_leave_no_trace_and_spoil_nothing(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name) as there:
        there.road.forgers_every = 20

        await there.asks()
        await there.calms_down()

        assert there.road.answers_to_forgers == [403] * (len(there.people) // 20)
        assert await there.street.database.read(_forged) == []
        await is_right(there)


def _forged(session: Session) -> list[int | None]:
    return [each.id for each in session.exec(select(Arrival)) if FORGED_WORDS in (each.body or b"")]


# what befalls the account


async def test_a_zalo_token_that_ends_in_the_middle_is_renewed_once(tmp_path: Path) -> None:
    async with town(tmp_path, "zalo") as there:
        await there.asks(there.people[:30])
        there.street.zalo.oauth.access_expires_at = there.street.clock()
        await there.asks(there.people[30:])
        await there.calms_down()

        assert there.street.zalo.oauth.refreshes == 1
        await is_right(there)


async def test_a_renewed_zalo_token_that_never_came_stops_all_until_an_administrator_agrees(tmp_path: Path) -> None:
    async with town(tmp_path, "zalo") as there:
        oauth = there.street.zalo.oauth
        await there.asks(there.people[:30])
        oauth.drop_after_refreshing = 1
        oauth.access_expires_at = there.street.clock()
        await there.asks(there.people[30:])
        await there.street.telegram.waits_for(1, STAFF_GROUP)
        await there.street.settles_for_now()
        waiting = await there.street.database.read(waits)

        await _agrees_anew(there.street)
        await there.calms_down()

        assert waiting > 0
        assert "Kênh zalo gặp trục trặc" in there.street.telegram.letters_to(STAFF_GROUP)[0].text
        await is_right(there)


async def _agrees_anew(street: Street) -> None:
    zalo = next(channel for channel in street.house.channels.values() if isinstance(channel, Zalo))
    link = zalo.consent_link(f"{street.address}/staff/channels/zalo/callback", "a-state")
    async with aiohttp.ClientSession() as browser, browser.get(link, allow_redirects=False) as page:
        await zalo.accept(page.headers["Location"])
    await street.house.connections.connect()


async def test_a_page_that_was_dropped_is_subscribed_again_and_staff_hear_of_it(tmp_path: Path) -> None:
    async with town(tmp_path, "messenger") as there:
        before, during, after = there.people[:30], there.people[30:40], there.people[40:]
        await there.asks(before)
        await _is_cut_off(there, during)

        await there.street.strikes("watch")
        await there.asks(after)
        await there.calms_down(heard=len(before + after))

        there.people = before + after  # of the others Meta tells nobody
        assert "messenger đã ngừng chuyển tin" in there.street.telegram.letters_to(STAFF_GROUP)[-1].text
        await is_right(there)


async def test_what_zalo_did_not_deliver_is_asked_for_and_answered(tmp_path: Path) -> None:
    async with town(tmp_path, "zalo") as there:
        before, during, after = there.people[:20], there.people[20:40], there.people[40:]
        await there.asks(before)
        await _is_cut_off(there, during)
        there.platform.unsubscribed = False  # an administrator saves the address anew

        await there.street.strikes("catch-up")
        await there.asks(after)
        await there.calms_down()

        await is_right(there)


async def _is_cut_off(there: Town, during: Sequence[str]) -> None:
    """Our server cannot be reached for more than an hour, after which the platform does not even try."""
    there.road.blocked = True
    await there.platform.says(during[0], QUESTION)
    await there.street.passes(minutes=61)
    await there.platform.says(during[1], QUESTION)
    there.platform.unsubscribed = True
    there.road.blocked = False
    await there.asks(during[2:])


@pytest.mark.parametrize("name", ["zalo"])
async def test_a_thousand_citizens_are_answered_with_everything_wrong_at_once(tmp_path: Path, name: str) -> None:
    async with town(tmp_path, name, citizens=1_000) as there:
        there.road.twice = there.road.disorder = there.road.loses_answers = True
        there.road.forgers_every = 20
        there.street.zalo.echoes = True
        there.street.zalo.oauth.access = "another-one-by-now"
        there.platform.drop_after_accepting = 100
        there.platform.fail_next = [TOO_FAST[name], (500, GATEWAY), (429, GATEWAY)] * 20

        await there.asks()
        await there.calms_down()

        await is_right(there)
