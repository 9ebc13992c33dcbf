"""Messenger's events as our words: from small payloads written here, and from every sample beside the project."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Malformed
from bot.channels.messenger import payloads
from bot.channels.messenger.readers import GET_STARTED, OUR_MARK
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Place

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "meta"
FILES = sorted(SAMPLES.glob("wh_*.json"))

PAGE, LAN, OURS = "600", "100", "77"
AT_MS = 1_790_000_000_123
AT = datetime(2026, 9, 21, 14, 13, 20, 123_000, tzinfo=UTC)
CDN = "https://scontent.xx.fbcdn.net/"


def page(*items: Any, array: str = "messaging", of: str = PAGE) -> bytes:
    return json.dumps({"object": "page", "entry": [{"id": of, "time": AT_MS, array: list(items)}]}).encode()


def item(**more: Any) -> dict[str, Any]:
    return {"sender": {"id": LAN}, "recipient": {"id": PAGE}, "timestamp": AT_MS, **more}


def message(**more: Any) -> dict[str, Any]:
    return item(message={"mid": "m1", **more})


def echo(**more: Any) -> dict[str, Any]:
    turned = {"sender": {"id": PAGE}, "recipient": {"id": LAN}}
    return message(is_echo=True, **more) | turned


def attached(*parts: tuple[str, dict[str, Any]], **more: Any) -> dict[str, Any]:
    return message(attachments=[{"type": kind, "payload": payload} for kind, payload in parts], **more)


def lan(kind: Kind, **more: Any) -> Incoming:
    return Incoming(LAN, AT, kind, **more)


def said(kind: Kind, **more: Any) -> Incoming:
    """With the id that messages here have."""
    return lan(kind, message_id="m1", **more)


def account(text: str) -> Incoming:
    return Incoming("", AT, Kind.ACCOUNT, text)


def comment(verb: str = "add", author: str = "9") -> bytes:
    value = {"item": "comment", "verb": verb, "comment_id": "5_6", "post_id": "600_5", "message": "Ở đâu vậy?"}
    told = {"from": {"id": author, "name": "Lan"} if author else None, "created_time": AT_MS // 1000}
    return page({"field": "feed", "value": value | told}, array="changes")


PHOTO = Attachment("image", CDN + "a")
STOPPED = "another app holds the conversation"
UNDERSTOOD = {
    "words": (page(message(text="xin chào")), said(Kind.MESSAGE, text="xin chào")),
    "a quick reply": (
        page(message(text="Có", quick_reply={"payload": "yes"})),
        said(Kind.PRESS, text="Có", payload="yes"),
    ),
    "a phone number shared": (
        page(message(text="+84905123456", quick_reply={"payload": "+84905123456"})),
        said(Kind.FORM, phone="+84905123456"),
    ),
    "a button": (
        page(item(postback={"title": "Có", "payload": "yes", "mid": "m1"})),
        said(Kind.PRESS, text="Có", payload="yes"),
    ),
    "Get Started": (page(item(postback={"payload": GET_STARTED})), lan(Kind.START)),
    "Get Started by a link": (
        page(item(postback={"payload": "x", "referral": {"ref": "thon-3"}})),
        lan(Kind.START, payload="thon-3"),
    ),
    "a link into the thread": (page(item(referral={"ref": "thon-3"})), lan(Kind.START, payload="thon-3")),
    "an edit": (
        page(item(message_edit={"mid": "m1", "text": "hố ga", "num_edit": 1})),
        lan(Kind.EDIT, text="hố ga", payload="m1"),
    ),
    "a reaction": (page(item(reaction={"action": "react", "mid": "m9"})), lan(Kind.REACTED, payload="m9")),
    "a reaction taken back": (page(item(reaction={"action": "unreact"})), Ignored("a reaction taken back")),
    "a reaction of the office's": (
        page(item(reaction={"action": "react"}) | {"sender": {"id": PAGE}, "recipient": {"id": LAN}}),
        Ignored("a reaction of our own"),
    ),
    "a photo": (page(attached(("image", {"url": CDN + "a"}))), said(Kind.MESSAGE, attachments=(PHOTO,))),
    "a photo without address": (page(attached(("image", {}))), said(Kind.MESSAGE)),
    "a sticker": (page(attached(("sticker", {"url": CDN + "s", "sticker_id": 3}))), said(Kind.MESSAGE)),
    "a sticker of old": (page(attached(("image", {"url": CDN + "s", "sticker_id": "3"}))), said(Kind.MESSAGE)),
    "a sticker sent twice, and a photo": (
        page(attached(("sticker", {"url": CDN + "s"}), ("image", {"url": CDN + "s"}), ("image", {"url": CDN + "a"}))),
        said(Kind.MESSAGE, attachments=(PHOTO,)),
    ),
    "a shared page": (page(attached(("fallback", {"url": "https://xa.vn"}))), said(Kind.MESSAGE, text="https://xa.vn")),
    "a shared page already in the words": (
        page(attached(("fallback", {"url": "https://xa.vn"}), text="xem https://xa.vn")),
        said(Kind.MESSAGE, text="xem https://xa.vn"),
    ),
    "a share of nothing": (page(message(attachments=[{"type": "fallback", "payload": None}])), said(Kind.MESSAGE)),
    "a place": (
        page(attached(("location", {"coordinates": {"lat": 13.39, "long": 108.44}}))),
        said(Kind.MESSAGE, place=Place(13.39, 108.44)),
    ),
    "a clerk's answer": (page(echo(text="Chào bà", app_id=26390203743090)), said(Kind.STAFF, text="Chào bà")),
    "our own answer": (page(echo(text="Dạ", metadata="loa:7")), said(Kind.SENT, text="Dạ", payload="7")),
    "our own answer without a mark": (page(echo(text="Dạ", metadata=OUR_MARK)), said(Kind.SENT, text="Dạ")),
    "our own answer by app id": (page(echo(text="Dạ", app_id=int(OURS))), said(Kind.SENT, text="Dạ")),
    "another program's answer": (page(echo(text="Dạ", metadata="loaded:7")), said(Kind.STAFF, text="Dạ")),
    "a clerk's answer in standby": (page(echo(text="Chào"), array="standby"), said(Kind.STAFF, text="Chào")),
    "words in standby": (page(message(text="x"), array="standby"), Ignored(STOPPED)),
    "a press in standby": (page(item(postback={"title": "Có"}), array="standby"), Ignored(STOPPED)),
    "another page": (page(message(text="x"), of="601"), Ignored("another page")),
    "a receipt": (page(item(read={"watermark": 1})), Ignored("receipt: read")),
    "a warning": (
        page({"policy_enforcement": {"action": "warning", "reason": "{spam}"}}),
        account(
            "Meta cảnh báo Trang về chính sách nhắn tin. Lý do: {spam} "
            "Xin ngừng bản tin và xem phần Chất lượng Trang."
        ),
    ),
    "an end of the block": (
        page({"policy_enforcement": {"action": "unblock"}}),
        account("Meta đã cho Trang gửi tin qua Messenger trở lại."),
    ),
    "an approved template": (
        page(
            {"field": "message_template_status_update", "value": {"event": "APPROVED", "message_template_name": "kq"}},
            array="changes",
        ),
        account("Mẫu tin “kq” trên Messenger đã được duyệt."),
    ),
    "words of nobody": (page({"message": "TEST_MESSAGE"}), Ignored("message")),
    "a message of no shape": (page(item(message="TEST_MESSAGE")), Ignored("message")),
    "a comment": (
        comment(),
        Incoming(
            "comment:5_6", AT.replace(microsecond=0), Kind.COMMENT, "Ở đâu vậy?",
            name="Lan", message_id="5_6", about="600_5",
        ),
    ),
    "a comment of nobody": (
        comment(author=""),
        Incoming(
            "comment:5_6", AT.replace(microsecond=0), Kind.COMMENT, "Ở đâu vậy?", message_id="5_6", about="600_5"
        ),
    ),
    "a comment of the Page's": (comment(author=PAGE), Ignored("a comment of our own")),
    "a comment changed": (comment("edited"), Ignored("page feed comment edited")),
    "a change of no shape": (page({"field": "feed", "value": "?"}, array="changes"), Ignored("page feed")),
    "an empty item": (page({}), Ignored("empty")),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_payload_is_understood(name: str) -> None:
    body, expected = UNDERSTOOD[name]
    assert [payloads.parse(event.body, PAGE, OURS) for event in payloads.events(body)] == [expected]


# What each documented sample must become; a new sample without a line here fails.
SAMPLE_MEANINGS = {
    "wh_account_linked.json": "ignored: account_linking",
    "wh_app_roles.json": "ignored: another app's role changed",
    "wh_batched_two_entries.json": "message text | message text",
    "wh_delivery.json": "ignored: receipt: delivered",
    "wh_feed_comment_add.json": "comment text name",
    "wh_feed_status_add.json": "ignored: page feed status add",
    "wh_inbox_labels_change.json": "ignored: page inbox_labels",
    "wh_message_ads_referral.json": "message text",
    "wh_message_appointment_booking.json": "message",
    "wh_message_attachment_audio.json": "message audio",
    "wh_message_attachment_file.json": "message file",
    "wh_message_attachment_image.json": "message image",
    "wh_message_attachment_reel.json": "message text",
    "wh_message_attachment_video.json": "message video",
    "wh_message_commands.json": "message text",
    "wh_message_echo_page_inbox.json": "staff text",
    "wh_message_echo_template.json": "staff",
    "wh_message_echo_text.json": "staff text",
    "wh_message_fallback.json": "message text",
    "wh_message_post_share.json": "message text",
    "wh_message_quick_reply.json": "press text payload",
    "wh_message_quick_reply_email.json": "press text payload",
    "wh_message_quick_reply_phone.json": "press text payload",
    "wh_message_reply_to.json": "message text",
    "wh_message_sticker.json": "message",
    "wh_message_sticker_transition_until_2026_08_30.json": "message",
    "wh_message_text.json": "message text",
    "wh_messaging_feedback.json": "ignored: messaging_feedback",
    "wh_optin_notification_messages.json": "ignored: an opt-in to notifications that Meta does not deliver here",
    "wh_optin_stop_notifications.json": "ignored: an opt-in to notifications that Meta does not deliver here",
    "wh_pass_thread_control.json": "ignored: the conversation was handed over",
    "wh_policy_enforcement_block.json": "account text",
    "wh_policy_enforcement_unblock.json": "account text",
    "wh_postback.json": "press text payload",
    "wh_postback_get_started_with_referral.json": "start payload",
    "wh_reaction.json": "reacted payload",
    "wh_reaction_unreact.json": "ignored: a reaction taken back",
    "wh_read.json": "ignored: receipt: read",
    "wh_referral_ads.json": "start payload",
    "wh_referral_mme.json": "start payload",
    "wh_request_thread_control.json": "ignored: another app asks for the conversation",
    "wh_response_feedback.json": "ignored: response_feedback",
    "wh_standby_echo.json": "staff",
    "wh_take_thread_control.json": "ignored: another app took the conversation",
}
OWN_MEANINGS = {
    "words": "message text",
    "a photo": "message image",
    "a place": "message place",
    "Get Started by a link": "start payload",
    "a receipt": "ignored: receipt: read",
}
MEANINGS = [(UNDERSTOOD[name][0], meaning) for name, meaning in OWN_MEANINGS.items()]
MEANINGS += [(path.read_bytes(), SAMPLE_MEANINGS.get(path.name, "a line in the table")) for path in FILES]


def meaning(outcome: Incoming | Ignored) -> str:
    if isinstance(outcome, Ignored):
        return f"ignored: {outcome.reason}"
    held = [word for word in ("text", "payload", "name", "phone", "place") if getattr(outcome, word)]
    return " ".join([outcome.kind, *held, *(attachment.kind for attachment in outcome.attachments)])


def understood(body: bytes) -> Iterator[tuple[Event, Incoming | Ignored]]:
    """Each event as the Page it names would read it."""
    for event in payloads.events(body):
        yield event, payloads.parse(event.body, json.loads(event.body)["page"], "")


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_sample_means_what_the_table_says(body: bytes, expected: str) -> None:
    assert " | ".join(meaning(outcome) for _, outcome in understood(body)) == expected


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_event_has_a_key_a_time_and_the_person(body: bytes, expected: str) -> None:
    for event, outcome in understood(body):
        assert event.id
        assert event.at_ms > 0
        assert not isinstance(outcome, Incoming) or outcome.person == event.person
        assert not isinstance(outcome, Incoming) or outcome.person or outcome.kind is Kind.ACCOUNT


def test_entries_and_items_become_one_event_each() -> None:
    one, two = json.loads(page(message(text="a"), item(read={"watermark": 1}))), json.loads(page(echo(text="b")))
    body = json.dumps({"object": "page", "entry": [*one["entry"], *two["entry"]]}).encode()
    assert [event.person for event in payloads.events(body)] == [LAN, LAN, LAN]


def test_repeat_has_the_same_key_with_and_without_a_message_id() -> None:
    for body in (page(message(text="a")), page(item(read={"watermark": 1})), page(item(postback={"payload": "p"}))):
        (one,), (two,) = payloads.events(body), payloads.events(body)
        assert one == two


def test_edit_reaction_and_receipts_do_not_share_a_key_with_their_message() -> None:
    items = [message(text="a"), item(message_edit={"mid": "m1"}), item(reaction={"mid": "m1"})]
    items += [item(read={"watermark": 1}), item(read={"watermark": 2}), item(delivery={"watermark": 1})]
    assert len({event.id for event in payloads.events(page(*items))}) == 6


def test_page_fields_count_in_seconds() -> None:
    change = {"field": "feed", "value": {"created_time": 1_790_000_000}}
    (event,) = payloads.events(page(change, array="changes"))
    assert event.at_ms == 1_790_000_000_000


STRANGE = {
    "the console's test": {"field": "messaging_postbacks", "value": {"x": 1}},
    "the documented curl test": {"object": "page", "messaging": [{"message": "TEST_MESSAGE"}]},
    "no entries": {"object": "page", "entry": []},
    "entries of no shape": {"object": "page", "entry": "?"},
    "another object": {"object": "instagram", "entry": [{"messaging": [{}]}]},
}


@pytest.mark.parametrize("name", STRANGE)
def test_body_without_events_holds_nothing(name: str) -> None:
    assert list(payloads.events(json.dumps(STRANGE[name]).encode())) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"1", b"{", b"\xff"])
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        list(payloads.events(body))


@pytest.mark.parametrize("timestamp", [-1, 10**30, "soon", None, 1.5])
def test_impossible_timestamp_falls_back_on_the_entry(timestamp: object) -> None:
    (event,) = payloads.events(page(message(text="a") | {"timestamp": timestamp}))
    assert event.at_ms == AT_MS
