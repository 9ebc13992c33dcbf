"""Telegram's payloads understood."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from bot.channel import Forged, Malformed
from bot.channels.telegram import Telegram, payloads
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Place
from bot.outgoing import Outgoing
from tests.platforms.telegram_meeting import LAN, TOKEN, picture

GROUP = {"id": -1001234567890, "title": "Cán bộ phường", "type": "supergroup"}
SENT_AT = 1764000100
FIXTURES = Path(__file__).parents[3] / "shared/fixtures/telegram"


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
        message_id="7",
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


def test_a_place_from_the_map_has_its_name(parser: Telegram) -> None:
    at = {"latitude": 13.4, "longitude": 108.4}
    incoming = understood(parser, update(location=at, venue={"location": at, "title": "Chợ", "address": "12 Lê Lợi"}))
    assert (incoming.text, incoming.place) == ("Chợ, 12 Lê Lợi", Place(13.4, 108.4))


def test_photos_sent_together_share_an_album(parser: Telegram) -> None:
    photo = [{"file_id": "l", "width": 1280, "height": 960}]
    assert understood(parser, update(photo=photo, media_group_id="13579")).album == "13579"
    assert understood(parser, update(photo=photo)).album == ""


def test_only_the_senders_own_card_tells_the_phone(parser: Telegram) -> None:
    card = {"phone_number": "+84901234567", "first_name": "Hùng"}
    own = understood(parser, update(contact=card | {"user_id": int(LAN)}))
    assert (own.kind, own.phone) == (Kind.FORM, "+84901234567")
    other = understood(parser, update(contact=card | {"user_id": 5}))
    assert (other.kind, other.phone, other.text) == (Kind.MESSAGE, "", "Hùng +84901234567")


def test_a_press_carries_its_payload_and_the_message_it_was_under(parser: Telegram) -> None:
    incoming = understood(parser, press())
    assert (incoming.kind, incoming.person, incoming.payload) == (Kind.PRESS, LAN, "ask:12")
    assert (incoming.message_id, incoming.chat) == ("5", "")


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
        update(text="Họp lúc mấy giờ?", chat=GROUP),
        update(text="/menu@other_bot", chat=GROUP),
        update(contact={"phone_number": "0901234567", "first_name": "Hùng"}, chat=GROUP),
        update("edited_message", text="/menu", chat=GROUP),
        update("edited_message", location={"latitude": 13.4, "longitude": 108.4}),
        update(text="/menu", chat={"id": -100, "type": "channel"}),
        update("message", **{"text": "x", "from": {"id": 5, "is_bot": True, "first_name": "b"}}),
        update(new_chat_title="x"),
        update(location={"latitude": "north"}),
        update(chat=None, text="x"),
        update("something_new", told={"by": ["a", "later", "Telegram"]}),
        update(text="x", date=10**17),
        b'{"update_id": 1}',
        b'{"update_id": 1, "message": 5}',
        b'{"update_id": 1, "callback_query": {"from": null}}',
    ],
)
def test_all_else_is_ignored(parser: Telegram, body: bytes) -> None:
    (event,) = parser.events({"X-Telegram-Bot-Api-Secret-Token": "secret_1"}, body)
    assert isinstance(payloads.incoming(event.body, "phuong_bot"), Ignored)


# commands


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("/tracuu", "tra cứu"),
        ("/tracuu AP-2026-7", "tra cứu AP-2026-7"),
        ("/tra_cuu@phuong_bot", "tra cứu"),
        ("/phananh", "phản ánh"),
        ("/MENU", "menu"),
        ("/help", "menu"),
        ("/nhantin@Phuong_Bot", "nhận tin"),
        ("/dung", "dừng"),
        ("/huy", "hủy"),
        ("/lienket@phuong_bot 482 913", "/lienket 482 913"),
        ("/", "/"),
    ],
)
def test_a_command_is_the_words_it_stands_for(typed: str, words: str) -> None:
    incoming = payloads.incoming(update(text=typed), "phuong_bot")
    assert isinstance(incoming, Incoming)
    assert (incoming.kind, incoming.text) == (Kind.MESSAGE, words)


def test_a_slash_within_a_sentence_is_no_command(parser: Telegram) -> None:
    assert understood(parser, update(text="nhà số 12/4 /menu")).text == "nhà số 12/4 /menu"


# groups


def test_a_command_in_a_group_says_who_and_where(parser: Telegram) -> None:
    incoming = understood(parser, update(text="/tracuu@phuong_bot AP-2026-7", chat=GROUP))
    assert (incoming.person, incoming.chat, incoming.text) == (LAN, "-1001234567890", "tra cứu AP-2026-7")
    started = understood(parser, update(text="/start@phuong_bot lien-ket", chat=GROUP))
    assert (started.kind, started.payload, started.chat) == (Kind.START, "lien-ket", "-1001234567890")


def test_a_press_in_a_group_says_who_and_where(parser: Telegram) -> None:
    under = {"message_id": 5, "date": SENT_AT, "chat": GROUP}
    incoming = understood(parser, update("callback_query", id="q1", message=under, data="staff:take:7"))
    assert (incoming.kind, incoming.person, incoming.chat) == (Kind.PRESS, LAN, "-1001234567890")
    assert incoming.message_id == "5"


def test_coming_into_a_group_or_out_of_it_stops_nobodys_news(parser: Telegram) -> None:
    body = update(
        "my_chat_member", chat=GROUP, old_chat_member={"status": "member"}, new_chat_member={"status": "kicked"}
    )
    assert parser.parse(body) == Ignored("membership in a group: kicked")


# what was recorded


@pytest.mark.skipif(not FIXTURES.exists(), reason="the references do not lie beside the project")
def test_every_recorded_update_is_understood_or_ignored_with_a_reason(parser: Telegram) -> None:
    found = {}
    for path in sorted(FIXTURES.glob("update_*.json")):
        event: Event = payloads.event(path.read_bytes())
        result = payloads.incoming(event.body, "phuong_test_bot")
        found[path.stem.removeprefix("update_")] = result.kind.value if isinstance(result, Incoming) else result.reason
    expected = {
        "callback_query": "press",
        "channel_post": "channel_post",
        "edited_message": "edit",
        "message_contact_own": "form",
        "my_chat_member_blocked": "stop",
        "my_chat_member_unblocked": "return",
        "start_deeplink": "start",
    }
    assert found == dict.fromkeys(found, "message") | expected
