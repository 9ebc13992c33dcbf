"""Zalo's events as our words: from small payloads written here, and from every documented sample beside the project."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Malformed
from bot.channels.zalo import payloads
from bot.messages import Attachment, Ignored, Incoming, Kind, Place

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "zalo"
FILES = sorted(SAMPLES.glob("webhook_*.json"))

OA, LAN = "900000000000000001", "800000000000000002"
AT_MS = 1_790_000_000_123
AT = datetime(2026, 9, 21, 14, 13, 20, 123_000, tzinfo=UTC)


def event(name: str, **more: Any) -> bytes:
    common = {"app_id": "7", "event_name": name, "timestamp": str(AT_MS)}
    return json.dumps({**common, **more}).encode()


def from_lan(name: str, **message: Any) -> bytes:
    return event(name, sender={"id": LAN}, recipient={"id": OA}, message={"msg_id": "m1", **message})


def from_oa(name: str, admin: str = "", **message: Any) -> bytes:
    sender = {"id": OA, "admin_id": admin} if admin else {"id": OA}
    return event(name, sender=sender, recipient={"id": LAN}, message={"msg_id": "m2", **message})


def attached(kind: str, **payload: Any) -> bytes:
    return from_lan(f"user_send_{kind}", attachments=[{"type": kind, "payload": payload}])


def lan(kind: Kind, **more: Any) -> Incoming:
    return Incoming(LAN, AT, kind, **more)


UNDERSTOOD = {
    "words": (from_lan("user_send_text", text="xin chào"), lan(Kind.MESSAGE, text="xin chào")),
    "a tap": (from_lan("user_send_text", text="#menu"), lan(Kind.PRESS, text="#menu", payload="menu")),
    "a lone mark": (from_lan("user_send_text", text="#"), lan(Kind.MESSAGE, text="#")),
    "a NUL": (from_lan("user_send_text", text="a\0b"), lan(Kind.MESSAGE, text="ab")),
    "a photo": (
        attached("image", url="https://f.zdn.vn/a.jpg"),
        lan(Kind.MESSAGE, attachments=(Attachment("image", "https://f.zdn.vn/a.jpg"),)),
    ),
    "a moving picture": (
        attached("gif", url="https://f.zdn.vn/a.gif"),
        lan(Kind.MESSAGE, attachments=(Attachment("image", "https://f.zdn.vn/a.gif"),)),
    ),
    "a file": (
        attached("file", url="https://f.zdn.vn/1", name="đơn.pdf"),
        lan(Kind.MESSAGE, attachments=(Attachment("file", "https://f.zdn.vn/1", "đơn.pdf"),)),
    ),
    "a photo without address": (attached("image"), lan(Kind.MESSAGE)),
    "a sticker": (attached("sticker", id="s", url="https://zalo.zadn.vn/s"), lan(Kind.MESSAGE)),
    "a link": (attached("link", url="https://xa.vn"), lan(Kind.MESSAGE, text="https://xa.vn")),
    "a place": (
        attached("location", coordinates={"latitude": "13.39", "longitude": "108.44"}),
        lan(Kind.MESSAGE, place=Place(13.39, 108.44)),
    ),
    "a place off the globe": (
        attached("location", coordinates={"latitude": "NaN", "longitude": "108.44"}),
        lan(Kind.MESSAGE),
    ),
    "attachments of no shape": (from_lan("user_send_image", attachments="?"), lan(Kind.MESSAGE)),
    "the first tap": (event("user_click_chatnow", oa_id=OA, user_id=LAN), lan(Kind.START)),
    "following": (event("follow", oa_id=OA, follower={"id": LAN}), lan(Kind.FOLLOW)),
    "leaving": (event("unfollow", oa_id=OA, follower={"id": LAN}), lan(Kind.STOP)),
    "asking for erasure": (event("user_withdraw", oa_id=OA, user_id=LAN), lan(Kind.WITHDRAW)),
    "a clerk's answer": (from_oa("oa_send_text", admin="5", text="Chào bà"), lan(Kind.STAFF, text="Chào bà")),
    "our own answer": (from_oa("oa_send_text", text="Chào bà"), Ignored("echo of our own message")),
    "another OA": (event("follow", oa_id="1", follower={"id": LAN}), Ignored("another OA")),
    "a message of nobody": (event("user_send_text", recipient={"id": OA}), Ignored("user_send_text of nobody")),
    "a receipt": (from_oa("user_seen_message"), Ignored("user_seen_message")),
    "a group": (from_lan("user_send_group_text", text="x"), Ignored("user_send_group_text")),
    "the old form": (
        event("user_submit_info", sender={"id": LAN}, recipient={"id": OA}, info={"name": "Lan", "district": "H"}),
        lan(Kind.FORM, name="Lan", text="H"),
    ),
}


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_payload_is_understood(name: str) -> None:
    body, expected = UNDERSTOOD[name]
    assert payloads.parse(body, OA) == expected


# What each documented sample must become; a new sample without a line here fails.
SAMPLE_MEANINGS = {
    "webhook_anonymous_send_text.json": "ignored: anonymous_send_text",
    "webhook_change_oa_daily_quota.json": "ignored: change_oa_daily_quota",
    "webhook_follow.json": "follow",
    "webhook_oa_send_text_admin.json": "staff text",
    "webhook_oa_send_text_api_echo.json": "ignored: echo of our own message",
    "webhook_remove_user_from_tag.json": "ignored: remove_user_from_tag",
    "webhook_setup_probe_empty.json": "ignored: no event_name",
    "webhook_unfollow.json": "stop",
    "webhook_user_click_chatnow.json": "start",
    "webhook_user_join_group.json": "ignored: user_join_group",
    "webhook_user_reacted_message.json": "ignored: user_reacted_message",
    "webhook_user_received_message.json": "ignored: user_received_message",
    "webhook_user_seen_message.json": "ignored: user_seen_message",
    "webhook_user_send_audio.json": "message audio",
    "webhook_user_send_file.json": "message file",
    "webhook_user_send_gif.json": "message image",
    "webhook_user_send_image.json": "message text image",
    "webhook_user_send_link.json": "message text",
    "webhook_user_send_location.json": "message place",
    "webhook_user_send_sticker.json": "message",
    "webhook_user_send_text.json": "message text",
    "webhook_user_send_text_button_tap.json": "press text payload",
    "webhook_user_send_video.json": "message video",
    "webhook_user_submit_info.json": "form text name phone",
    "webhook_user_withdraw.json": "withdraw",
    "webhook_widget_interaction_accepted.json": "ignored: widget_interaction_accepted",
    "webhook_zns_user_received_message.json": "ignored: user_received_message",
}
OWN_MEANINGS = {
    "words": "message text",
    "a tap": "press text payload",
    "a file": "message file",
    "a place": "message place",
    "a receipt": "ignored: user_seen_message",
}
MEANINGS = [(UNDERSTOOD[name][0], meaning) for name, meaning in OWN_MEANINGS.items()]
MEANINGS += [(path.read_bytes(), SAMPLE_MEANINGS.get(path.name, "a line in the table")) for path in FILES]


def meaning(outcome: Incoming | Ignored) -> str:
    if isinstance(outcome, Ignored):
        return f"ignored: {outcome.reason}"
    held = [word for word in ("text", "payload", "name", "phone", "place") if getattr(outcome, word)]
    return " ".join([outcome.kind, *held, *(attachment.kind for attachment in outcome.attachments)])


def own_oa(body: bytes) -> str:
    """The samples come from several OAs; each is read as its own OA would."""
    fields = json.loads(body)
    people = [fields.get(key, {}).get("id", "") for key in ("sender", "recipient")]
    sent = fields.get("event_name", "").startswith(("oa_send", "user_received", "user_seen"))
    return str(fields.get("oa_id") or people[0 if sent else 1])


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_sample_means_what_the_table_says(body: bytes, expected: str) -> None:
    assert meaning(payloads.parse(body, own_oa(body))) == expected


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_event_and_incoming_name_the_same_person(body: bytes, expected: str) -> None:
    found, outcome = payloads.event(payloads.read(body), body), payloads.parse(body, own_oa(body))
    assert not isinstance(outcome, Incoming) or outcome.person == found.person
    assert found.body == body


def test_repeat_of_a_message_has_the_same_key() -> None:
    body = from_lan("user_send_text", text="xin chào")
    one, two = (payloads.event(payloads.read(body), body) for _ in range(2))
    assert (one.id, one.at_ms, one.person) == (two.id, two.at_ms, two.person) == ("m1", AT_MS, LAN)


def test_receipt_and_reaction_do_not_take_the_key_of_their_message() -> None:
    bodies = [from_oa(name) for name in ("oa_send_text", "user_received_message", "user_seen_message")]
    bodies.append(event("user_reacted_message", sender={"id": LAN}, message={"msg_id": "m2"}))
    assert len({payloads.event(payloads.read(body), body).id for body in bodies}) == 4


def test_phone_of_a_receipt_by_phone_is_not_taken_for_a_person() -> None:
    body = event("user_received_message", sender={"id": OA}, recipient={"id": "8490"}, message={"tracking_id": "t"})
    assert payloads.event(payloads.read(body), body).person == ""


@pytest.mark.parametrize("timestamp", ["", "soon", "-5", "9" * 30, "²", None, 1.5])
def test_impossible_timestamp_is_the_epoch(timestamp: object) -> None:
    body = json.dumps({"event_name": "follow", "follower": {"id": LAN}, "timestamp": timestamp}).encode()
    outcome = payloads.parse(body, OA)
    assert payloads.event(payloads.read(body), body).at_ms == 0
    assert isinstance(outcome, Incoming)
    assert outcome.at == datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"{", b"\xff"])
def test_what_is_no_object_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        payloads.read(body)


@pytest.mark.parametrize("body", [b"", b"  \n", b"{}"])
def test_probe_is_an_empty_object(body: bytes) -> None:
    assert payloads.read(body) == {}
