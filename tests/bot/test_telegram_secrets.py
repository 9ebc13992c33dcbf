"""Whoever has the token has the bot: it is in every address, and may be in no log and no exception."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.abilities import Post
from bot.channel import SendError
from bot.channels.telegram import Telegram
from bot.channels.telegram.polling import listen
from bot.messages import Attachment, Event, Reply
from tests.platforms.telegram_meeting import LAN, TOKEN, Meeting, meeting
from tests.platforms.telegram_messages import telegram_error

PRESS = b'{"update_id": 1, "callback_query": {"id": "q1"}}'
SECRET = TOKEN.partition(":")[2]

CALLS: dict[str, Callable[[Telegram], Awaitable[object]]] = {
    "open": lambda telegram: telegram.open(),
    "send": lambda telegram: telegram.send(LAN, Reply("Chào")),
    "send a picture": lambda telegram: telegram.send(LAN, Reply("Chào", image="a.png")),
    "edit": lambda telegram: telegram.edit(LAN, "1", Reply("Chào")),
    "fetch": lambda telegram: telegram.fetch(Attachment("image", "1-big")),
    "poll": lambda telegram: telegram.poll(0),
    "set the webhook": lambda telegram: telegram.set_webhook("https://phuong.gov.vn/hook"),
    "delete the webhook": lambda telegram: telegram.delete_webhook(),
    "look at the webhook": lambda telegram: telegram.webhook_is_ours("https://phuong.gov.vn/hook"),
    "acknowledge": lambda telegram: telegram.acknowledge(PRESS),
    "publish": lambda telegram: telegram.publish(Post("Lịch", "Sáng thứ năm", "UBND"), {}),
    "probe": lambda telegram: telegram.probe(),
    "inspect": lambda telegram: telegram.inspect("", datetime.now(UTC)),
}
METHODS = (
    "getme getmycommands setmycommands sendmessage sendphoto editmessagetext getfile file getupdates setwebhook "
    "deletewebhook getwebhookinfo answercallbackquery getchat getchatmember"
).split()
ANSWERS: list[tuple[int, Any]] = [
    (401, telegram_error(401, "")),
    (404, "<html>Not Found</html>"),
    (409, telegram_error(409, "terminated by other getUpdates request")),
    (429, telegram_error(429, "retry after 7", retry_after=7)),
    (302, "<html>moved</html>"),
    (500, telegram_error(500, "Internal Server Error")),
    (502, "<html>Bad Gateway</html>"),
    (200, "no JSON"),
]


@pytest.fixture
async def met(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Meeting]:
    caplog.set_level(logging.DEBUG)
    async with meeting() as met:
        met.platform.new_photo()
        yield met


@pytest.fixture
def telegram(met: Meeting) -> Telegram:
    channel, group = met.platform.chats.channel("Kênh"), met.platform.chats.group("Nhóm")
    return met.another(channel_id=channel.id, staff_chat_id=group.id)


async def said(work: Awaitable[object]) -> str:
    """All that a careless handler could write down of a call: its answer, or its error with the whole chain."""
    try:
        return repr(await work)
    except SendError as error:
        return "".join(traceback.format_exception(error)) + error.advice + _chain(error)


def _chain(error: BaseException | None) -> str:
    texts = ""
    while error:
        texts += f"{error}{error!r}{error.args!r}{vars(error)!r}"
        error = error.__cause__ or error.__context__
    return texts


@pytest.mark.parametrize("name", CALLS)
async def test_no_refusal_tells_the_token(
    met: Meeting, telegram: Telegram, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    texts = []
    for refusal in ANSWERS:
        met.platform.api.refusals = dict.fromkeys(METHODS, refusal)
        met.platform.fail_next = []
        texts.append(await said(CALLS[name](telegram)))

    assert SECRET not in "".join(texts) + caplog.text


@pytest.mark.parametrize("name", CALLS)
async def test_no_broken_connection_tells_the_token(
    met: Meeting, telegram: Telegram, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    met.platform.api.resets = set(METHODS)
    broken = await said(CALLS[name](telegram))
    await met.platform.stop()
    unreachable = await said(CALLS[name](telegram))

    assert SECRET not in broken + unreachable + caplog.text


async def test_a_download_that_breaks_off_tells_no_token(
    met: Meeting, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    met.platform.api.resets = {"file"}

    broken = await said(CALLS["fetch"](telegram))

    assert "Failure.UNAVAILABLE" in broken
    assert SECRET not in broken + caplog.text


@pytest.mark.parametrize("name", CALLS)
async def test_no_success_tells_the_token(
    met: Meeting, telegram: Telegram, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    await telegram.send(LAN, Reply("Xin chào"))
    await met.platform.says(LAN, "Chào")

    assert SECRET not in await said(CALLS[name](telegram)) + caplog.text


@pytest.mark.parametrize("token", ["5:un known", "5:/../x", "0:zero", "no-colon", "5:chữ"])
async def test_a_token_of_a_wrong_shape_is_not_told_either(
    met: Meeting, caplog: pytest.LogCaptureFixture, token: str
) -> None:
    text = await said(met.another(token).open())

    assert token not in text + caplog.text


def test_no_part_of_the_channel_shows_the_token(telegram: Telegram) -> None:
    assert SECRET not in repr(telegram) + repr(vars(telegram)["_outlet"]) + repr(vars(telegram)["_inspection"])


async def test_listening_tells_no_token_when_telegram_refuses(
    met: Meeting, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    async def store(event: Event) -> None:
        raise AssertionError

    met.platform.api.refusals["getupdates"] = ANSWERS[0]
    listening = asyncio.create_task(listen(telegram, store))
    await asyncio.sleep(0.2)
    listening.cancel()

    assert "cannot be asked for news" in caplog.text
    assert SECRET not in caplog.text
