"""Opening a bot, asking Telegram for news or being told, and files."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot import webhooks
from bot.channel import Failure, SendError
from bot.channels.telegram.commands import LISTED
from bot.messages import Attachment, Event, Ignored, Incoming, Kind
from tests.platforms.clock import Clock
from tests.platforms.telegram_meeting import LAN, TOKEN, Meeting, meeting
from tests.platforms.telegram_messages import telegram_error

HOOK = "https://phuong.gov.vn/webhooks/telegram"


@pytest.fixture
async def met() -> AsyncIterator[Meeting]:
    async with meeting() as met:
        yield met


def understood(met: Meeting, event: Event) -> Incoming:
    incoming = met.telegram.parse(event.body)
    assert isinstance(incoming, Incoming)
    return incoming


# opening


async def test_a_bot_nobody_knows_is_not_connected(met: Meeting) -> None:
    with pytest.raises(SendError) as caught:
        await met.another("5:unknown").open()

    assert caught.value.failure is Failure.NOT_CONNECTED
    assert "BotFather" in caught.value.advice


async def test_the_commands_are_told_once_and_kept_in_step(met: Meeting) -> None:
    await met.telegram.open()
    await met.telegram.open()
    assert met.platform.api.calls.count("setmycommands") == 1
    assert [one["command"] for one in met.platform.api.commands] == [one.command for one in LISTED]

    met.platform.api.commands.pop()
    await met.telegram.open()

    assert len(met.platform.api.commands) == len(LISTED)


async def test_a_bot_without_its_list_of_commands_is_open_all_the_same(met: Meeting) -> None:
    met.platform.api.refusals["setmycommands"] = (400, telegram_error(400, "BOT_COMMAND_INVALID"))

    await met.telegram.open()

    assert met.platform.api.commands == []


async def test_once_open_it_knows_which_commands_are_its_own(met: Meeting) -> None:
    group = met.platform.chats.group("Tổ dân phố 5", LAN)
    group.status = "administrator"
    await met.telegram.open()
    for text in ("/menu@other_bot", "/menu@phuong_bot"):
        await met.platform.says_in(group, LAN, text)

    others, ours = await met.telegram.poll(0)

    assert met.telegram.parse(others.body) == Ignored("a command for another bot")
    assert understood(met, ours).chat == group.id


async def test_a_link_opens_the_bot_once_it_knows_its_name(met: Meeting) -> None:
    assert met.telegram.start_link("qr_5") == ""

    await met.telegram.open()

    assert met.telegram.start_link("qr_5") == "https://t.me/phuong_bot?start=qr_5"


# polling


async def test_polling_brings_the_raw_updates(met: Meeting) -> None:
    await met.platform.says(LAN, "Chào")
    (event,) = await met.telegram.poll(0)
    assert understood(met, event).text == "Chào"

    await met.platform.says(LAN, "Còn đây")
    (later,) = await met.telegram.poll(int(event.id) + 1)

    assert understood(met, later).text == "Còn đây"


async def test_a_repeated_update_is_the_same_event(met: Meeting) -> None:
    await met.platform.says(LAN, "Chào")
    await met.platform.repeats()

    first, again = await met.telegram.poll(0)

    assert (first.id, first.at_ms) == (again.id, again.at_ms)


async def test_an_album_comes_photo_by_photo(met: Meeting) -> None:
    await met.platform.sends_album(LAN, 3, "Hố ga mất nắp")

    photos = [understood(met, event) for event in await met.telegram.poll(0)]

    assert [photo.text for photo in photos] == ["Hố ga mất nắp", "", ""]
    assert len({photo.album for photo in photos}) == 1
    assert len({photo.message_id for photo in photos}) == 3


async def test_someone_elses_card_is_not_the_senders_phone(met: Meeting) -> None:
    await met.platform.sends_card(LAN, "+84901234567")
    await met.platform.sends_card(LAN, "+84901234567", owner="5")
    await met.platform.sends_card(LAN, "+84901234568", owner=LAN)

    cards = [understood(met, event) for event in await met.telegram.poll(0)]

    assert [(card.kind, card.phone) for card in cards] == [
        (Kind.MESSAGE, ""),
        (Kind.MESSAGE, ""),
        (Kind.FORM, "+84901234568"),
    ]


async def test_a_changed_word_is_an_edit(met: Meeting) -> None:
    await met.platform.says(LAN, "hố ga ở 12 Lê Lợi")
    await met.platform.edits(LAN, "hố ga ở 21 Lê Lợi")

    said, changed = [understood(met, event) for event in await met.telegram.poll(0)]

    assert (changed.kind, changed.text, changed.payload) == (Kind.EDIT, "hố ga ở 21 Lê Lợi", said.message_id)


# presses and files


async def test_a_press_is_acknowledged_once_and_never_raises(met: Meeting) -> None:
    await met.platform.presses(LAN, "ask:12")
    (event,) = await met.telegram.poll(0)

    await met.telegram.acknowledge(event.body)
    await met.telegram.acknowledge(event.body)
    await met.telegram.acknowledge(b'{"update_id": 1, "message": {}}')

    assert len(met.platform.answered) == 1


async def test_a_photo_is_fetched(met: Meeting) -> None:
    await met.platform.sends_photo(LAN, "Hố ga")
    (event,) = await met.telegram.poll(0)
    (attachment,) = understood(met, event).attachments

    assert (await met.telegram.fetch(attachment)).startswith(b"\xff\xd8")
    with pytest.raises(SendError) as caught:
        await met.telegram.fetch(Attachment("image", "404-big"))
    assert caught.value.failure is Failure.REJECTED


# webhooks


async def test_the_webhook_is_set_with_the_secret_and_taken_back(met: Meeting) -> None:
    await met.telegram.set_webhook(HOOK)
    assert (met.platform.webhook, met.platform.secret) == (HOOK, "secret_1")
    assert met.platform.allowed_updates == ("message", "edited_message", "callback_query", "my_chat_member")

    await met.telegram.delete_webhook()

    assert met.platform.webhook == ""


async def test_a_webhook_that_another_took_is_taken_back() -> None:
    clock = Clock()
    async with meeting(clock) as met:
        await met.telegram.set_webhook(HOOK)
        assert await met.telegram.webhook_is_ours(HOOK)

        met.platform.hook_up("https://elsewhere.vn/bot")
        clock.passes(seconds=2)

        assert not await met.telegram.webhook_is_ours(HOOK)
        assert met.platform.webhook == HOOK


async def test_a_webhook_that_hears_too_little_is_set_again(met: Meeting) -> None:
    await met.telegram.set_webhook(HOOK)
    met.platform.allowed_updates = ("message",)

    assert not await met.telegram.webhook_is_ours(HOOK)
    assert await met.telegram.webhook_is_ours(HOOK)


async def test_a_webhook_that_another_set_while_we_poll_is_removed(met: Meeting) -> None:
    assert await met.telegram.webhook_is_ours("")
    met.platform.hook_up("https://elsewhere.vn/bot")

    assert not await met.telegram.webhook_is_ours("")
    assert met.platform.webhook == ""


async def test_our_door_opens_to_the_secret_only(met: Meeting) -> None:
    stored: list[Event] = []

    async def store(event: Event) -> None:
        stored.append(event)

    app = web.Application()
    app.add_routes([web.post("/webhooks/telegram", webhooks.post(met.telegram, store))])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await met.telegram.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks/telegram")

    met.platform.wrong_secret = True
    refused = await met.platform.says(LAN, "một")
    met.platform.wrong_secret = False
    taken = await met.platform.says(LAN, "hai")

    await runner.cleanup()
    assert (set(refused), taken) == ({403}, [200])
    assert [understood(met, event).text for event in stored] == ["một", "hai"]
    assert TOKEN not in str(stored)
