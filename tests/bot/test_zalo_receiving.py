"""The played Zalo's webhooks before our door: proved however they are written, refused when the proof is wrong."""

from collections.abc import AsyncIterator

import pytest

from bot.channel import Forged
from bot.messages import Attachment, Ignored, Incoming, Kind, Place
from tests.platforms.zalo_meeting import HUNG, LAN, Meeting, meeting

WORDS = "Đăng ký khai sinh / đất đai"


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


def said(met: Meeting, index: int = -1) -> Incoming:
    found = met.heard(index)
    assert isinstance(found, Incoming)
    return found


@pytest.mark.parametrize("spaces", [False, True])
@pytest.mark.parametrize("escapes", [False, True])
@pytest.mark.parametrize("in_header", [False, True])
async def test_the_raw_bytes_are_proved_however_they_are_written(
    met: Meeting, spaces: bool, escapes: bool, in_header: bool
) -> None:
    hooks = met.platform.hooks
    hooks.spaces, hooks.escapes, hooks.timestamp_in_header = spaces, escapes, in_header
    await met.platform.says(LAN, WORDS)

    assert (said(met).text, said(met).person) == (WORDS, LAN)
    assert (b"\\u0110" in met.receiver.bodies[-1]) is escapes


async def test_a_wrong_signature_is_forged(met: Meeting) -> None:
    met.platform.hooks.wrong_signature = True
    await met.platform.says(LAN, WORDS)
    with pytest.raises(Forged):
        met.heard()


async def test_the_probe_of_the_console_holds_nothing(met: Meeting) -> None:
    assert await met.platform.probe() == 200
    assert met.channel.events(met.receiver.headers[-1], met.receiver.bodies[-1]) == []


async def test_a_duplicate_has_the_key_of_the_first(met: Meeting) -> None:
    met.platform.hooks.duplicates = True
    await met.platform.says(LAN, WORDS)
    one, two = (
        met.channel.events(headers, body)
        for headers, body in zip(met.receiver.headers, met.receiver.bodies, strict=True)
    )
    assert one == two


async def test_what_was_overtaken_still_tells_its_own_time(met: Meeting) -> None:
    met.platform.hooks.reorders = True
    await met.platform.says(LAN, "một")
    met.clock.passes(seconds=1)
    await met.platform.says(LAN, "hai")

    assert [(said(met, index).text) for index in (0, 1)] == ["hai", "một"]
    assert said(met, 1).at < said(met, 0).at


async def test_what_people_do_is_understood(met: Meeting) -> None:
    platform = met.platform
    await platform.sends_photo(LAN, "Hố ga mất nắp")
    photo = said(met)
    await platform.sends_place(LAN, 13.39, 108.44)
    place = said(met)
    kinds = []
    for act in (platform.clicks_chat, platform.follows, platform.blocks, platform.withdraws):
        await act(HUNG)
        kinds.append((said(met).kind, said(met).person))

    assert photo.attachments == (Attachment("image", f"{platform.url}/media/1.jpg"),)
    assert photo.message_id
    assert place.place == Place(13.39, 108.44)
    assert kinds == [(kind, HUNG) for kind in (Kind.START, Kind.FOLLOW, Kind.STOP, Kind.WITHDRAW)]


async def test_an_emoji_opens_no_window(met: Meeting) -> None:
    await met.platform.reacts(LAN, "m-1")
    assert isinstance(met.heard(), Ignored)


async def test_news_of_our_account_is_a_sentence_for_staff(met: Meeting) -> None:
    await met.platform.tells("change_oa_daily_quota", quota={"prev_value": "500", "new_value": "1000"})
    assert (said(met).kind, said(met).person, "500" in said(met).text) == (Kind.ACCOUNT, "", True)


async def test_a_photo_is_fetched_from_zalos_hosts_only(met: Meeting) -> None:
    await met.platform.sends_photo(LAN)
    (photo,) = said(met).attachments
    here = met.another(hosts=("127.0.0.1",))
    assert (await here.fetch(photo)).startswith(b"\xff\xd8")
    with pytest.raises(Exception, match="not on a host of Zalo"):
        await met.channel.fetch(photo)
