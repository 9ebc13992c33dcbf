"""Meta's deliveries at our door, over real HTTP: signed, escaped, repeated, out of order, and forged."""

from collections.abc import AsyncIterator

import pytest

from bot.channel import SendError
from bot.messages import Attachment, Incoming, Kind
from tests.platforms.graph_town import HUNG, LAN, Town, town


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town(publishes=True) as made:
        await made.page.open()
        yield made


async def test_the_address_is_verified(place: Town) -> None:
    assert await place.graph.verify() == (200, "1158201444")
    place.graph.verify_token = "another"
    assert (await place.graph.verify())[0] == 403


@pytest.mark.parametrize("more", [False, True])
async def test_vietnamese_is_understood_however_it_is_escaped(place: Town, more: bool) -> None:
    place.graph.escapes_more = more
    words = "Phí 50% <b> gửi tới lan@xa.vn https://xa.vn/tin được không ạ? 🙏"

    assert await place.graph.says(LAN, words) == [200]

    assert (place.heard.person, place.heard.text) == (LAN, words)


async def test_a_wrong_signature_is_refused_and_nothing_is_kept(place: Town) -> None:
    place.graph.signs_wrongly = True

    statuses = await place.graph.says(LAN, "chào")

    assert statuses == [403] * 4
    assert place.events == []


async def test_a_repeat_has_the_key_of_the_first(place: Town) -> None:
    await place.graph.comments_on(HUNG, "Ở đâu?")
    await place.graph.repeats()

    assert place.events[0] == place.events[1]


async def test_late_events_bear_their_own_time(place: Town) -> None:
    place.graph.holds_back()
    await place.graph.says(LAN, "một")
    place.clock.passes(seconds=1)
    await place.graph.says(LAN, "hai")

    assert await place.graph.lets_go() == [[200], [200]]

    assert [event.at_ms for event in place.events] == sorted((event.at_ms for event in place.events), reverse=True)


async def test_presses_links_photos_and_edits_are_heard(place: Town) -> None:
    await place.graph.follows(LAN)
    await place.graph.presses(LAN, "menu")
    await place.graph.follows_link(LAN, "thon-3")
    await place.graph.sends_photo(LAN)
    await place.graph.edits(LAN, "m_1", "hố ga")

    heard = [each.kind for each in place.understood if isinstance(each, Incoming)]
    assert heard == [Kind.START, Kind.PRESS, Kind.START, Kind.MESSAGE, Kind.EDIT]
    (photo,) = place.of_kind(Kind.MESSAGE)
    assert photo.message_id.startswith("m_")
    assert (await place.page.fetch(photo.attachments[0])).startswith(b"\xff\xd8")


async def test_an_address_elsewhere_is_not_fetched(place: Town) -> None:
    with pytest.raises(SendError):
        await place.page.fetch(Attachment("image", "http://192.0.2.1/a.jpg"))


async def test_while_another_app_holds_the_conversation_we_only_look_on(place: Town) -> None:
    await place.graph.another_app_takes(LAN)
    await place.graph.says(LAN, "chào")

    assert place.reason == "another app holds the conversation"
    await place.graph.is_handed_back(LAN)
    await place.graph.says(LAN, "chào")
    assert place.heard.text == "chào"


async def test_what_meta_says_about_the_page_is_told_to_staff(place: Town) -> None:
    await place.graph.is_enforced("block", "Tin rác")

    assert (place.heard.kind, place.heard.person) == (Kind.ACCOUNT, "")
    assert place.heard.text.startswith("Meta đã chặn Trang gửi tin qua Messenger. Lý do: Tin rác")


async def test_receipts_are_asked_for_by_nobody(place: Town) -> None:
    place.graph.receipts = "mids"

    await place.graph.reads(LAN)

    assert place.events == []
