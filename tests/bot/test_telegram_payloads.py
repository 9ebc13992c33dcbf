"""Telegram's payloads understood, our replies sent, its refusals named."""

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import aiohttp
import orjson
import pytest

from bot.channel import Failure, Forged, Malformed, SendError
from bot.channels.telegram import Telegram
from bot.messages import Attachment, Button, Ignored, Incoming, Kind, Place, Reply
from bot.outgoing import Answer, Outgoing
from tests.platforms import TelegramPlatform
from tests.platforms.telegram_messages import telegram_error

LAN = "111222333"
TOKEN = "123456789:not-for-logs"
SENT_AT = 1764000100


async def picture(name: str) -> bytes:
    return f"bytes of {name}".encode()


@pytest.fixture
async def platform() -> AsyncIterator[TelegramPlatform]:
    platform = TelegramPlatform(bot_token=TOKEN)
    await platform.start()
    platform.add_people(1, first=int(LAN))
    yield platform
    await platform.stop()


@pytest.fixture
async def outgoing() -> AsyncIterator[Outgoing]:
    outgoing = Outgoing()
    await outgoing.open()
    yield outgoing
    await outgoing.close()


@pytest.fixture
def telegram(platform: TelegramPlatform, outgoing: Outgoing) -> Telegram:
    return Telegram(TOKEN, "secret_1", platform.url, outgoing, picture)


@pytest.fixture
def parser() -> Telegram:
    return Telegram(TOKEN, "secret_1", "http://127.0.0.1:1", Outgoing(), picture)


def update(kind: str = "message", /, **content: Any) -> bytes:
    lan = {"id": int(LAN), "is_bot": False, "first_name": "Lan", "last_name": "Nguyễn"}
    chat = {"id": int(LAN), "type": "private"}
    head = {"message_id": 7, "from": lan, "chat": chat, "date": SENT_AT}
    return orjson.dumps({"update_id": 101, kind: head | content})


def press(data: str = "ask:12") -> bytes:
    under = {"message_id": 5, "date": SENT_AT, "chat": {"id": int(LAN), "type": "private"}}
    return update("callback_query", id="q1", message=under, data=data)


def membership(before: str, after: str) -> bytes:
    return update("my_chat_member", old_chat_member={"status": before}, new_chat_member={"status": after})


# the proof of origin


def test_the_secret_header_is_the_proof(parser: Telegram) -> None:
    body = update(text="Chào")
    (event,) = parser.events({"X-Telegram-Bot-Api-Secret-Token": "secret_1"}, body)
    assert (event.id, event.at_ms, event.person, event.body) == ("101", SENT_AT * 1000, LAN, body)


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "khác"}])
def test_without_the_secret_it_is_forged(parser: Telegram, headers: dict[str, str]) -> None:
    with pytest.raises(Forged):
        parser.events(headers, update(text="Chào"))


def test_an_account_without_a_secret_takes_no_webhook() -> None:
    open_door = Telegram(TOKEN, "", "http://127.0.0.1:1", Outgoing(), picture)
    with pytest.raises(Forged):
        open_door.events({"X-Telegram-Bot-Api-Secret-Token": ""}, update(text="Chào"))


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"<html>", b'{"update_id": "1"}', b"\xff"])
def test_what_is_no_update_is_malformed(parser: Telegram, body: bytes) -> None:
    with pytest.raises(Malformed):
        parser.events({"X-Telegram-Bot-Api-Secret-Token": "secret_1"}, body)


# payloads


def test_a_text_is_a_message(parser: Telegram) -> None:
    assert parser.parse(update(text="làm căn cước")) == Incoming(
        person=LAN,
        at=datetime.fromtimestamp(SENT_AT, UTC),
        kind=Kind.MESSAGE,
        text="làm căn cước",
        name="Lan Nguyễn",
    )


def understood(parser: Telegram, body: bytes) -> Incoming:
    incoming = parser.parse(body)
    assert isinstance(incoming, Incoming)
    return incoming


def test_a_start_carries_its_deep_link(parser: Telegram) -> None:
    assert understood(parser, update(text="/start")).kind is Kind.START
    assert understood(parser, update(text="/start poster_5")).payload == "poster_5"


def test_the_largest_photo_is_taken(parser: Telegram) -> None:
    photos = [
        {"file_id": size, "width": width, "height": width} for size, width in (("s", 90), ("l", 1280), ("m", 320))
    ]
    incoming = understood(parser, update(photo=photos, caption="Hố ga"))
    assert (incoming.text, incoming.attachments) == ("Hố ga", (Attachment("image", "l"),))


@pytest.mark.parametrize(
    ("content", "attachment"),
    [
        ({"voice": {"file_id": "f"}}, Attachment("audio", "f")),
        ({"video": {"file_id": "f"}}, Attachment("video", "f")),
        ({"document": {"file_id": "f", "file_name": "đơn.pdf"}}, Attachment("file", "f", "đơn.pdf")),
        ({"document": {"file_id": "f", "mime_type": "image/png"}}, Attachment("image", "f")),
        ({"document": {"file_id": "f"}, "animation": {"file_id": "f"}}, Attachment("video", "f")),
    ],
)
def test_files_are_attachments(parser: Telegram, content: dict[str, Any], attachment: Attachment) -> None:
    assert understood(parser, update(**content)).attachments == (attachment,)


def test_a_place_is_a_place(parser: Telegram) -> None:
    incoming = understood(parser, update(location={"latitude": 13.4, "longitude": 108.4}))
    assert incoming.place == Place(13.4, 108.4)


def test_only_the_senders_own_card_tells_the_phone(parser: Telegram) -> None:
    card = {"phone_number": "+84901234567", "first_name": "Hùng"}
    own = understood(parser, update(contact=card | {"user_id": int(LAN)}))
    assert (own.kind, own.phone) == (Kind.FORM, "+84901234567")
    other = understood(parser, update(contact=card | {"user_id": 5}))
    assert (other.kind, other.phone, other.text) == (Kind.MESSAGE, "", "Hùng +84901234567")


def test_a_press_carries_its_payload(parser: Telegram) -> None:
    incoming = understood(parser, press())
    assert (incoming.kind, incoming.person, incoming.payload) == (Kind.PRESS, LAN, "ask:12")


def test_an_edit_names_the_message_it_changes(parser: Telegram) -> None:
    incoming = understood(parser, update("edited_message", text="đã sửa"))
    assert (incoming.kind, incoming.text, incoming.payload) == (Kind.EDIT, "đã sửa", "7")


def test_blocking_and_coming_back_are_news(parser: Telegram) -> None:
    assert understood(parser, membership("member", "kicked")).kind is Kind.STOP
    assert understood(parser, membership("kicked", "member")).kind is Kind.RETURN


@pytest.mark.parametrize(
    "body",
    [
        update("channel_post", text="x"),
        update(text="x", chat={"id": -100, "type": "supergroup"}),
        update("message", **{"text": "x", "from": {"id": 5, "is_bot": True, "first_name": "b"}}),
        update(new_chat_title="x"),
        update(location={"latitude": "north"}),
        update(chat=None, text="x"),
        b'{"update_id": 1}',
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "callback_query": {"from": null}}',
    ],
)
def test_all_else_is_ignored(parser: Telegram, body: bytes) -> None:
    (event,) = parser.events({"X-Telegram-Bot-Api-Secret-Token": "secret_1"}, body)
    assert isinstance(parser.parse(event.body), Ignored)


# sending


async def test_a_reply_arrives_with_its_buttons(platform: TelegramPlatform, telegram: Telegram) -> None:
    too_long = Button("Xã", payload="đ" * 33)
    buttons = (Button("Căn cước", payload="ask:12"), Button("Cổng", url="https://dichvucong.gov.vn"), too_long)
    id = await telegram.send(LAN, Reply("Chọn thủ tục", buttons))
    (letter,) = platform.letters
    assert (letter.id, letter.text) == (id, "Chọn thủ tục")
    assert letter.buttons == (("Căn cước", "ask:12"), ("Cổng", "https://dichvucong.gov.vn"))


async def test_a_picture_is_uploaded_or_named_by_its_address(platform: TelegramPlatform, telegram: Telegram) -> None:
    await telegram.send(LAN, Reply(image="poster.png"))
    await telegram.send(LAN, Reply(image="https://phuong.gov.vn/poster.png"))
    assert [letter.image for letter in platform.letters] == ["upload: 19 bytes", "https://phuong.gov.vn/poster.png"]


async def failure(telegram: Telegram, person: str = LAN) -> SendError:
    with pytest.raises(SendError) as caught:
        await telegram.send(person, Reply("x"))
    assert TOKEN not in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, telegram_error(403, "bot was blocked by the user"), Failure.BLOCKED),
        (403, telegram_error(403, "user is deactivated"), Failure.GONE),
        (403, telegram_error(403, "bot can't initiate conversation with a user"), Failure.OUTSIDE_WINDOW),
        (403, telegram_error(403, "bot was kicked from the channel chat"), Failure.GONE),
        (400, telegram_error(400, "chat not found"), Failure.GONE),
        (400, telegram_error(400, "message is too long"), Failure.REJECTED),
        (400, telegram_error(400, "group chat was upgraded", migrate_to_chat_id=-5), Failure.GONE),
        (401, telegram_error(401, ""), Failure.NOT_CONNECTED),
        (404, telegram_error(404, ""), Failure.NOT_CONNECTED),
        (409, telegram_error(409, "terminated by other getUpdates request"), Failure.NOT_CONNECTED),
        (429, "<html>slow down</html>", Failure.UNAVAILABLE),
        (500, telegram_error(500, "Internal Server Error"), Failure.UNSURE),
        (502, "<html>Bad Gateway</html>", Failure.UNSURE),
        (503, telegram_error(503, ""), Failure.UNAVAILABLE),
        (200, {"ok": False}, Failure.UNSURE),
    ],
)
async def test_each_refusal_has_its_name(
    platform: TelegramPlatform, telegram: Telegram, status: int, body: Any, expected: Failure
) -> None:
    platform.fail_next = [(status, body)]
    assert (await failure(telegram)).failure is expected


async def test_a_flood_says_how_long_to_wait(platform: TelegramPlatform, telegram: Telegram) -> None:
    platform.fail_next = [(429, telegram_error(429, "retry after 7", retry_after=7))]
    error = await failure(telegram)
    assert (error.failure, error.retry_after_seconds) == (Failure.TOO_FAST, 7)


async def test_a_lost_answer_is_unsure_and_a_closed_door_is_not(
    platform: TelegramPlatform, telegram: Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    platform.drop_after_accepting = 1
    unsure = await failure(telegram)
    await platform.stop()
    unavailable = await failure(telegram)
    assert (unsure.failure, unavailable.failure) == (Failure.UNSURE, Failure.UNAVAILABLE)
    assert all(TOKEN not in text for error in (unsure, unavailable) for text in _chain(error))
    assert TOKEN not in caplog.text


def _chain(error: BaseException | None) -> list[str]:
    texts: list[str] = []
    while error and len(texts) < 10:
        texts += [str(error), repr(error)]
        error = error.__cause__ or error.__context__
    return texts


async def test_a_bot_nobody_knows_is_not_connected(platform: TelegramPlatform, outgoing: Outgoing) -> None:
    stranger = Telegram("5:unknown", "s", platform.url, outgoing, picture)
    with pytest.raises(SendError) as caught:
        await stranger.open()
    assert caught.value.failure is Failure.NOT_CONNECTED
    assert all("5:unknown" not in text for text in _chain(caught.value))


# receiving


async def test_polling_brings_the_raw_updates(platform: TelegramPlatform, telegram: Telegram) -> None:
    await telegram.open()
    await platform.says(LAN, "Chào")
    (event,) = await telegram.poll(0)
    assert understood(telegram, event.body).text == "Chào"
    await platform.says(LAN, "Còn đây")
    (later,) = await telegram.poll(int(event.id) + 1)
    assert understood(telegram, later.body).text == "Còn đây"


async def test_a_press_is_acknowledged_once_and_never_raises(platform: TelegramPlatform, telegram: Telegram) -> None:
    await platform.presses(LAN, "ask:12")
    (event,) = await telegram.poll(0)
    await telegram.acknowledge(event.body)
    await telegram.acknowledge(event.body)
    await telegram.acknowledge(update(text="no press"))
    assert len(platform.answered) == 1


async def test_a_photo_is_fetched(platform: TelegramPlatform, telegram: Telegram) -> None:
    await platform.sends_photo(LAN, "Hố ga")
    (event,) = await telegram.poll(0)
    (attachment,) = understood(telegram, event.body).attachments
    assert (await telegram.fetch(attachment)).startswith(b"\xff\xd8")
    with pytest.raises(SendError) as caught:
        await telegram.fetch(Attachment("image", "404-big"))
    assert caught.value.failure is Failure.REJECTED


async def test_the_webhook_is_set_with_the_secret_and_taken_back(
    platform: TelegramPlatform, telegram: Telegram
) -> None:
    await telegram.set_webhook("https://phuong.gov.vn/hooks/telegram")
    assert (platform.webhook, platform.secret) == ("https://phuong.gov.vn/hooks/telegram", "secret_1")
    assert platform.allowed_updates == ("message", "edited_message", "callback_query", "my_chat_member")
    await telegram.delete_webhook()
    assert platform.webhook == ""


class Impatient(Outgoing):
    async def call(self, method: str, url: str, **request: Any) -> Answer:
        return await super().call(method, url, **request | {"timeout": aiohttp.ClientTimeout(total=0.2)})


async def test_a_slow_answer_is_unsure(platform: TelegramPlatform) -> None:
    platform.delay_seconds = 2
    impatient = Impatient()
    await impatient.open()
    error = await failure(Telegram(TOKEN, "s", platform.url, impatient, picture))
    await impatient.close()
    assert (error.failure, len(platform.letters)) == (Failure.UNSURE, 1)
