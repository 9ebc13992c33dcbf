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
    said = "" if kind in (Kind.START, Kind.FOLLOW, Kind.STOP, Kind.WITHDRAW, Kind.FORM) else "m1"
    return Incoming(LAN, AT, kind, **{"message_id": said} | more)


def account(name: str, **more: Any) -> bytes:
    return event(name, oaId=OA, **more)


def staff_news(text: str) -> Incoming:
    return Incoming("", AT, Kind.ACCOUNT, text=text)


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
    "a clerk's answer": (
        from_oa("oa_send_text", admin="5", text="Chào bà"),
        lan(Kind.STAFF, text="Chào bà", message_id="m2"),
    ),
    "our own answer": (from_oa("oa_send_text", text="Chào bà"), lan(Kind.SENT, text="Chào bà", message_id="m2")),
    "our own template": (
        from_oa("oa_send_template", attachments=[{"type": "template", "payload": {"text": "Mã: PA-1"}}]),
        lan(Kind.SENT, text="Mã: PA-1", message_id="m2"),
    ),
    "a business card": (
        from_lan(
            "user_send_business_card",
            attachments=[
                {"type": "link", "payload": {"description": '{"phone":"0912"}', "url": "https://zaloapp.com/q"}}
            ],
        ),
        lan(Kind.MESSAGE, text="0912\nhttps://zaloapp.com/q"),
    ),
    "a visitor": (
        event(
            "anonymous_send_text",
            sender={"id": "v"},
            recipient={"id": OA},
            message={"text": "xin chào", "msg_id": "m1", "conversation_id": "c"},
        ),
        Incoming("anonymous:v:c", AT, Kind.MESSAGE, text="xin chào", message_id="m1"),
    ),
    "our answer to a visitor": (
        event(
            "oa_send_anonymous_text",
            sender={"id": OA},
            recipient={"id": "v"},
            message={"text": "Dạ", "msg_id": "m2", "conversation_id": "c"},
        ),
        Incoming("anonymous:v:c", AT, Kind.SENT, text="Dạ", message_id="m2"),
    ),
    "a new daily quota": (
        account("change_oa_daily_quota", quota={"prev_value": "500", "new_value": "1000"}),
        staff_news("Zalo đã đổi hạn mức tin mẫu mỗi ngày của OA từ 500 thành 1000."),
    ),
    "a worse template": (
        account("change_template_quality", template_id="7", quality={"prev_quality": "HIGH", "new_quality": "LOW"}),
        staff_news("Zalo đã đổi mức chất lượng của mẫu tin 7 từ tốt thành kém."),
    ),
    "a refused template": (
        account("change_template_status", template_id=7, status={"new_status": "REJECT"}, reason="sai chính tả"),
        staff_news("Zalo đã đổi trạng thái của mẫu tin 7 thành bị từ chối. Lý do Zalo nêu: sai chính tả."),
    ),
    "a template's quota of no known shape": (
        account("change_template_quota"),
        staff_news("Zalo đã đổi hạn mức của mẫu tin."),
    ),
    "other kinds of templates": (
        account("change_oa_template_tags", tags={"prev_tags": ["TRANSACTION"], "new_tags": ["TRANSACTION", "CARE"]}),
        staff_news(
            "Zalo đã đổi các loại tin mẫu mà OA được gửi từ TRANSACTION thành TRANSACTION, CARE. "
            "Xin xem lại trang quản lý ZBS."
        ),
    ),
    "another OA's quota": (event("change_oa_daily_quota", oaId="1"), Ignored("another OA")),
    "another OA": (event("follow", oa_id="1", follower={"id": LAN}), Ignored("another OA")),
    "a message of nobody": (event("user_send_text", recipient={"id": OA}), Ignored("user_send_text of nobody")),
    "a receipt": (from_oa("user_seen_message"), Ignored("user_seen_message: a receipt")),
    "a group": (
        from_lan("user_send_group_text", text="x"),
        Ignored("user_send_group_text: a group: the office talks there itself"),
    ),
    "news of tomorrow": (from_lan("user_sings"), Ignored("user_sings: unknown to us")),
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
    "webhook_anonymous_send_text.json": "message text",
    "webhook_change_oa_daily_quota.json": "account text",
    "webhook_follow.json": "follow",
    "webhook_oa_send_text_admin.json": "staff text",
    "webhook_oa_send_text_api_echo.json": "sent text",
    "webhook_remove_user_from_tag.json": "ignored: remove_user_from_tag: a tag that staff keep in Zalo's console",
    "webhook_setup_probe_empty.json": "ignored: no event_name",
    "webhook_unfollow.json": "stop",
    "webhook_user_click_chatnow.json": "start",
    "webhook_user_join_group.json": "ignored: user_join_group: a group: the office talks there itself",
    "webhook_user_reacted_message.json": "ignored: user_reacted_message: an emoji, which opens no window",
    "webhook_user_received_message.json": "ignored: user_received_message: a receipt",
    "webhook_user_seen_message.json": "ignored: user_seen_message: a receipt",
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
    "webhook_widget_interaction_accepted.json": "ignored: widget_interaction_accepted: a widget on the web site",
    "webhook_zns_user_received_message.json": "ignored: user_received_message: a receipt",
}
OWN_MEANINGS = {
    "words": "message text",
    "a tap": "press text payload",
    "a file": "message file",
    "a place": "message place",
    "a receipt": "ignored: user_seen_message: a receipt",
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
    return str(fields.get("oa_id") or fields.get("oaId") or people[0 if sent else 1])


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_sample_means_what_the_table_says(body: bytes, expected: str) -> None:
    assert meaning(payloads.parse(body, own_oa(body))) == expected


@pytest.mark.parametrize(("body", "expected"), MEANINGS, ids=[*OWN_MEANINGS, *(path.stem for path in FILES)])
def test_event_and_incoming_name_the_same_person(body: bytes, expected: str) -> None:
    found, outcome = payloads.event(payloads.read(body), body), payloads.parse(body, own_oa(body))
    assert not isinstance(outcome, Incoming) or outcome.person == found.person
    assert found.body == body


# Every name of the catalogue (zalo-oa.md, 2.5), and what those become that are not understood above.
_CONTENTS = "text image gif link audio video sticker location file business_card".split()
CATALOGUE = {
    **{f"user_send_{content}": Kind.MESSAGE for content in _CONTENTS},
    **{f"oa_send_{content}": Kind.SENT for content in "text image gif list file sticker template".split()},
    **{f"anonymous_send_{content}": Kind.MESSAGE for content in "text image file sticker".split()},
    **{f"oa_send_anonymous_{content}": Kind.SENT for content in "text image file sticker".split()},
    "user_click_chatnow": Kind.START,
    "follow": Kind.FOLLOW,
    "unfollow": Kind.STOP,
    "user_submit_info": Kind.FORM,
    "user_withdraw": Kind.WITHDRAW,
    **dict.fromkeys(
        "change_oa_daily_quota change_oa_template_tags change_template_quality change_template_quota "
        "change_template_status".split(),
        Kind.ACCOUNT,
    ),
    **dict.fromkeys(
        "user_received_message user_seen_message user_reacted_message oa_reacted_message add_user_to_tag "
        "remove_user_from_tag remove_tag update_user_info user_feedback "
        "event_journey_time_out event_journey_acknowledged oa_send_consent "
        "user_reply_consent user_call_oa oa_call_user shop_has_order extension_purchased widget_interaction_accepted "
        "widget_failed_to_sync_user_external_id create_group user_join_group user_request_join_group "
        "accept_request_join_group reject_request_join_group add_group_admin remove_group_admin update_group_info "
        "user_out_group delete_group user_send_group_text oa_send_group_text".split()
    ),
}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_event_of_the_catalogue_is_known(name: str) -> None:
    sender, recipient = (OA, LAN) if name.startswith("oa_") else (LAN, OA)
    ends = {"sender": {"id": sender}, "recipient": {"id": recipient}, "follower": {"id": LAN}}
    message = {"msg_id": "m", "conversation_id": "c"}
    outcome = payloads.parse(event(name, oa_id=OA, user_id=LAN, message=message, **ends), OA)

    kind = CATALOGUE[name]
    assert outcome.kind is kind if isinstance(outcome, Incoming) else kind is None
    assert "unknown" not in getattr(outcome, "reason", "")


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
