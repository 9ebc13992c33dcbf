"""The played Bot API is one to python-telegram-bot, with the requests it makes by default."""

import asyncio
from io import BytesIO

import pytest
from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, NetworkError
from telegram.warnings import PTBDeprecationWarning

from tests.platforms import TelegramPlatform
from tests.platforms.calls import LAN_ON_TELEGRAM
from tests.platforms.receiver import Receiver
from tests.platforms.telegram_messages import telegram_error


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
