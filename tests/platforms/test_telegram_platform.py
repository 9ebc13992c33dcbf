"""The played Bot API is one to python-telegram-bot, with the requests it makes by default."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import orjson
import pytest
from PIL import Image
from telegram import (
    Bot,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, ChatMigrated, Conflict, Forbidden, InvalidToken, NetworkError
from telegram.warnings import PTBDeprecationWarning

from tests.platforms import TelegramPlatform
from tests.platforms.calls import LAN_ON_TELEGRAM, Http
from tests.platforms.clock import Clock
from tests.platforms.receiver import Receiver
from tests.platforms.telegram_messages import telegram_error

HUNG_ON_TELEGRAM = "100000002"


@asynccontextmanager
async def playing(clock: Clock) -> AsyncIterator[tuple[TelegramPlatform, Bot]]:
    platform = TelegramPlatform(retry_delays=(0.0, 0.01), clock=clock)
    await platform.start()
    async with Bot(platform.bot_token, f"{platform.url}/bot") as bot:
        yield platform, bot
    await platform.stop()


async def test_telegram_says_who_the_bot_is(telegram: TelegramPlatform, bot: Bot) -> None:
    assert (await bot.get_me()).id == 123456789
    async with Bot(telegram.bot_token, f"{telegram.url}/bot") as same:
        assert same.username == "phuong_bot"
    stranger = Bot("1:wrong", f"{telegram.url}/bot")
    with pytest.raises(InvalidToken):
        await stranger.initialize()
    await stranger.shutdown()


async def test_telegram_updates_wait_for_a_long_poll(telegram: TelegramPlatform, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=5, allowed_updates=["message", "callback_query"]))
    await asyncio.sleep(0.05)
    await telegram.says(LAN_ON_TELEGRAM, "Chào phường")
    (update,) = await asyncio.wait_for(poll, 2)
    assert update.message
    assert update.message.text == "Chào phường"
    assert await bot.get_updates(offset=update.update_id + 1) == ()
    await telegram.blocks(LAN_ON_TELEGRAM)
    assert telegram.updates.waiting == []


async def test_telegram_keeps_what_was_not_fetched_for_a_day(clock: Clock) -> None:
    async with playing(clock) as (telegram, bot):
        await telegram.says(LAN_ON_TELEGRAM, "Chào")
        await telegram.presses(LAN_ON_TELEGRAM, "menu")
        clock.passes(seconds=151)
        assert [update.effective_message is not None for update in await bot.get_updates()] == [True]
        clock.passes(hours=24)
        assert await bot.get_updates() == ()


async def test_telegram_has_one_poller_and_none_beside_a_webhook(telegram: TelegramPlatform, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=5))
    await asyncio.sleep(0.05)
    async with Bot(telegram.bot_token, f"{telegram.url}/bot") as second:
        await second.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await first
    await bot.set_webhook("https://phuong.gov.vn/telegram")
    with pytest.raises(Conflict):
        await bot.get_updates()


async def test_telegram_webhooks_carry_the_secret(telegram: TelegramPlatform, bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token="secret_1", allowed_updates=["message", "my_chat_member"])
    receiver.statuses = [500, 200]
    assert await telegram.says(LAN_ON_TELEGRAM, "Chào") == [500, 200]
    assert receiver.headers[-1]["X-Telegram-Bot-Api-Secret-Token"] == "secret_1"
    await telegram.blocks(LAN_ON_TELEGRAM)
    update = Update.de_json(receiver.last, bot)
    assert update.my_chat_member
    assert update.my_chat_member.new_chat_member.status == "kicked"
    assert (await bot.get_webhook_info()).url == receiver.url
    await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""


@pytest.mark.parametrize("url", ["http://phuong.gov.vn/hook", "https://phuong.gov.vn:8080/hook"])
async def test_telegram_webhooks_need_https_on_few_ports(bot: Bot, url: str) -> None:
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)


async def test_telegram_keeps_letters_with_their_buttons(telegram: TelegramPlatform, bot: Bot) -> None:
    telegram.add_people(1)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Căn cước", callback_data="ask:12")]])
    sent = await bot.send_message(LAN_ON_TELEGRAM, "Chọn thủ tục", reply_markup=keyboard)
    await bot.send_photo(LAN_ON_TELEGRAM, b"\xff\xd8 a picture", caption="Poster")
    await bot.send_photo(LAN_ON_TELEGRAM, "https://phuong.gov.vn/a.jpg")
    letters = telegram.letters_to(LAN_ON_TELEGRAM)
    assert letters[0].id == str(sent.message_id)
    assert letters[0].buttons == (("Căn cước", "ask:12"),)
    assert [letter.image for letter in letters[1:]] == ["upload: 12 bytes", "https://phuong.gov.vn/a.jpg"]
    await telegram.presses(LAN_ON_TELEGRAM, "ask:12")
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.message_id == sent.message_id
    assert await update.callback_query.answer()
    with pytest.raises(BadRequest, match="Query is too old"):
        await update.callback_query.answer()


async def test_telegram_serves_the_photos_it_tells_of(telegram: TelegramPlatform, bot: Bot) -> None:
    await telegram.sends_photo(LAN_ON_TELEGRAM, "Hố ga mất nắp")
    (update,) = await bot.get_updates()
    assert update.message
    file = await update.message.photo[-1].get_file()
    picture = Image.open(BytesIO(await file.download_as_bytearray()))
    assert (picture.format, file.file_size) == ("JPEG", len(await file.download_as_bytearray()))


async def test_telegram_refuses_as_the_real_one(telegram: TelegramPlatform, bot: Bot) -> None:
    telegram.add_people(2)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "x")
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(LAN_ON_TELEGRAM, "👍" * 2049)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="đ" * 33)]])
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(LAN_ON_TELEGRAM, "x", reply_markup=keyboard)
    await telegram.blocks(LAN_ON_TELEGRAM)
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(LAN_ON_TELEGRAM, "x")
    telegram.person("100000002").gone = True
    with pytest.raises(Forbidden, match="user is deactivated"):
        await bot.send_message("100000002", "x")


async def test_telegram_slows_down_with_429_and_fails_with_502(telegram: TelegramPlatform, bot: Bot) -> None:
    telegram.add_people(1)
    telegram.fail_next = [(429, telegram_error(429, "retry after 7", retry_after=7)), (502, "<html></html>")]
    # The library warns whenever it makes a RetryAfter, and here warnings are errors.
    with pytest.raises(PTBDeprecationWarning, match="retry_after"):
        await bot.send_message(LAN_ON_TELEGRAM, "x")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(LAN_ON_TELEGRAM, "x")
    assert telegram.letters == []


# the webhook


async def test_telegram_keeps_the_order_of_one_person_and_makes_nobody_else_wait(
    telegram: TelegramPlatform, bot: Bot, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    receiver.statuses = [500, 500, 500]
    assert await telegram.says(LAN_ON_TELEGRAM, "một") == [500, 500, 500]
    assert await telegram.says(HUNG_ON_TELEGRAM, "chào") == [200]
    await telegram.says(LAN_ON_TELEGRAM, "hai")
    texts = [Update.de_json(body, bot).effective_message for body in map(orjson.loads, receiver.bodies)]
    assert [message.text for message in texts if message] == ["một", "một", "một", "chào", "một", "hai"]


async def test_telegram_tells_what_it_could_not_deliver(clock: Clock, receiver: Receiver) -> None:
    async with playing(clock) as (telegram, bot):
        await bot.set_webhook(receiver.url, max_connections=10, allowed_updates=["message"])
        receiver.statuses = [500] * 3
        await telegram.says(LAN_ON_TELEGRAM, "Chào")
        info = await bot.get_webhook_info()
        assert (info.pending_update_count, info.max_connections, info.allowed_updates) == (1, 10, ("message",))
        assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
        assert info.last_error_date == clock()
        await telegram.hook.again()
        assert (await bot.get_webhook_info()).pending_update_count == 0


async def test_telegram_gives_a_press_up_after_150_seconds_and_a_text_after_a_day(
    clock: Clock, receiver: Receiver
) -> None:
    async with playing(clock) as (telegram, bot):
        await bot.set_webhook(receiver.url)
        receiver.statuses = [503] * 6
        await telegram.presses(LAN_ON_TELEGRAM, "menu")
        await telegram.says(LAN_ON_TELEGRAM, "Chào")
        clock.passes(seconds=151)
        await telegram.hook.again()
        assert [list(pending.update)[1] for pending in telegram.hook.dropped] == ["callback_query"]
        assert receiver.last["message"]["text"] == "Chào"
        receiver.statuses = [503] * 3
        await telegram.says(LAN_ON_TELEGRAM, "Còn đây")
        clock.passes(hours=24, seconds=1)
        await telegram.hook.again()
        assert (len(telegram.hook.dropped), telegram.hook.count) == (2, 0)


async def test_telegram_removes_a_webhook_that_is_gone_for_23_hours(clock: Clock, receiver: Receiver) -> None:
    async with playing(clock) as (telegram, bot):
        await bot.set_webhook(receiver.url)
        receiver.statuses = [410] * 4
        await telegram.says(LAN_ON_TELEGRAM, "một")
        clock.passes(hours=23)
        await telegram.hook.again()
        assert (await bot.get_webhook_info()).url == ""
        (update,) = await bot.get_updates()
        assert update.message


async def test_telegram_delivers_by_webhook_what_waited_to_be_fetched(
    telegram: TelegramPlatform, bot: Bot, receiver: Receiver
) -> None:
    await telegram.says(LAN_ON_TELEGRAM, "một")
    await telegram.says(LAN_ON_TELEGRAM, "hai")
    await bot.set_webhook(receiver.url)
    async with asyncio.timeout(5):
        while len(receiver.bodies) < 2:
            await asyncio.sleep(0.01)
    assert [orjson.loads(body)["message"]["text"] for body in receiver.bodies] == ["một", "hai"]
    assert telegram.updates.waiting == []


async def test_telegram_lets_a_press_overtake_a_text(telegram: TelegramPlatform, bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    await telegram.says_and_presses(LAN_ON_TELEGRAM, "Khoan đã", "send")
    press, text = [orjson.loads(body) for body in receiver.bodies]
    assert ("callback_query" in press, "message" in text) == (True, True)
    assert press["update_id"] > text["update_id"]


async def test_telegram_repeats_an_update_with_its_number(telegram: TelegramPlatform, receiver: Receiver) -> None:
    telegram.webhook = receiver.url
    await telegram.says(LAN_ON_TELEGRAM, "Chào")
    await telegram.repeats()
    assert receiver.bodies[0] == receiver.bodies[1]


async def test_telegram_takes_another_webhook_once_a_second(clock: Clock, http: Http) -> None:
    async with playing(clock) as (telegram, _):
        address = f"{telegram.url}/bot{telegram.bot_token}/setWebhook"

        async def status(url: str) -> int:
            async with http.post(address, data={"url": url}) as response:
                return response.status

        first, second = "https://phuong.gov.vn/a", "https://phuong.gov.vn/b"
        assert [await status(url) for url in (first, first, second)] == [200, 200, 429]
        clock.passes(seconds=1)
        assert await status(second) == 200


async def test_telegram_can_send_a_wrong_secret(telegram: TelegramPlatform, bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url, secret_token="secret_1")
    telegram.wrong_secret = True
    await telegram.says(LAN_ON_TELEGRAM, "Chào")
    assert receiver.headers[-1]["X-Telegram-Bot-Api-Secret-Token"] != "secret_1"


# groups and channels


async def test_telegram_tells_a_bot_only_of_commands_in_a_group(telegram: TelegramPlatform, bot: Bot) -> None:
    group = telegram.chats.group("Tổ dân phố 5", LAN_ON_TELEGRAM)
    for text in ("Họp lúc mấy giờ?", "/menu", "/menu@phuong_bot", "/menu@other_bot"):
        await telegram.says_in(group, LAN_ON_TELEGRAM, text)
    assert [update.message and update.message.text for update in await bot.get_updates()] == [
        "/menu",
        "/menu@phuong_bot",
    ]
    group.status = "administrator"
    await telegram.says_in(group, LAN_ON_TELEGRAM, "Họp lúc mấy giờ?")
    assert len(await bot.get_updates()) == 3


async def test_telegram_says_when_the_bot_was_put_out_of_a_group(telegram: TelegramPlatform, bot: Bot) -> None:
    group = telegram.chats.group("Tổ dân phố 5", LAN_ON_TELEGRAM)
    await telegram.puts_bot(group, "kicked")
    (update,) = await bot.get_updates()
    assert update.my_chat_member
    assert update.my_chat_member.new_chat_member.status == "kicked"
    with pytest.raises(Forbidden, match="kicked from the supergroup chat"):
        await bot.send_message(group.id, "x")
    with pytest.raises(Forbidden, match="kicked from the supergroup chat"):
        await bot.get_chat(group.id)


async def test_telegram_tells_of_a_press_in_a_group(telegram: TelegramPlatform, bot: Bot) -> None:
    group = telegram.chats.group("Cán bộ phường", LAN_ON_TELEGRAM)
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Nhận việc", callback_data="take:7")]])
    await bot.send_message(group.id, "Phản ánh mới", reply_markup=keyboard)
    await telegram.presses_in(group, LAN_ON_TELEGRAM, "take:7")
    (update,) = await bot.get_updates()
    assert update.callback_query
    assert update.callback_query.message
    assert update.callback_query.message.chat.id == int(group.id)
    assert str(update.callback_query.from_user.id) == LAN_ON_TELEGRAM


async def test_telegram_gives_an_upgraded_group_a_new_number(telegram: TelegramPlatform, bot: Bot) -> None:
    group = telegram.chats.group("Cán bộ phường", type="group")
    new = telegram.chats.upgrade(group)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(group.id, "x")
    assert str(caught.value.new_chat_id) == new.id
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"


async def test_telegram_lets_only_administrators_post_in_a_channel(telegram: TelegramPlatform, bot: Bot) -> None:
    channel = telegram.chats.channel("Phường Ayun Pa", "phuong_ayunpa")
    sent = await bot.send_message("@phuong_ayunpa", "Lịch tiếp dân")
    assert sent.link == f"https://t.me/phuong_ayunpa/{sent.message_id}"
    us = await bot.get_chat_member(channel.id, telegram.bot["id"])
    assert isinstance(us, ChatMemberAdministrator)
    assert us.can_post_messages
    assert (await bot.get_chat(channel.id)).title == "Phường Ayun Pa"
    channel.posts = False
    with pytest.raises(BadRequest, match="administrator rights"):
        await bot.send_message(channel.id, "x")


# what else it keeps


async def test_telegram_changes_a_message_unless_it_is_the_same(telegram: TelegramPlatform, bot: Bot) -> None:
    telegram.add_people(1)
    sent = await bot.send_message(LAN_ON_TELEGRAM, "một")
    await bot.edit_message_text("hai", LAN_ON_TELEGRAM, sent.message_id)
    assert [letter.text for letter in telegram.letters] == ["hai"]
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_text("hai", LAN_ON_TELEGRAM, sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("ba", LAN_ON_TELEGRAM, 999)


async def test_telegram_shows_a_keyboard_until_it_is_taken_away(telegram: TelegramPlatform, bot: Bot) -> None:
    telegram.add_people(1)
    keyboard = ReplyKeyboardMarkup([[KeyboardButton("Số của tôi", request_contact=True)]])
    await bot.send_message(LAN_ON_TELEGRAM, "Số điện thoại?", reply_markup=keyboard)
    assert telegram.keyboards.shown == {LAN_ON_TELEGRAM: ("Số của tôi",)}
    await bot.send_message(LAN_ON_TELEGRAM, "Dạ thôi", reply_markup=ReplyKeyboardRemove())
    with pytest.raises(KeyError):
        await telegram.shares_phone(LAN_ON_TELEGRAM, "+84901234567")
    group = telegram.chats.group("Cán bộ phường")
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(group.id, "Số điện thoại?", reply_markup=keyboard)


async def test_telegram_floods_by_person_by_group_and_by_account(clock: Clock, http: Http) -> None:
    async with playing(clock) as (telegram, _):
        telegram.add_people(2)
        group = telegram.chats.group("Cán bộ phường")
        telegram.floods.person_gap_seconds, telegram.floods.group_per_minute = 1, 2
        address = f"{telegram.url}/bot{telegram.bot_token}/sendMessage"

        async def wait(chat: str) -> str:
            async with http.post(address, data={"chat_id": chat, "text": "x"}) as response:
                return response.headers.get("Retry-After", "")

        assert [await wait(chat) for chat in (LAN_ON_TELEGRAM, LAN_ON_TELEGRAM, HUNG_ON_TELEGRAM)] == ["", "1", ""]
        assert [await wait(group.id) for _ in range(3)] == ["", "", "60"]
        telegram.floods.account(5)
        clock.passes(seconds=2)
        assert await wait(LAN_ON_TELEGRAM) == "3"
        clock.passes(seconds=3)
        assert await wait(LAN_ON_TELEGRAM) == ""
