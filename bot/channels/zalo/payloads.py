"""Zalo's webhook bodies as our words.

Ids are decimal strings beyond 2^53, timestamps epoch milliseconds as strings. A button has no event of its own:
its payload comes back as a text, so the payloads we send begin with "#".
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bot.channel import Malformed
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Place
from bot.wire import at, word

Fields = dict[str, Any]
PRESS_MARK = "#"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 10**13
_FROM_OA = ("oa_send_", "oa_reacted_message", "user_received_message", "user_seen_message")
_ATTACHMENTS = {"image": "image", "gif": "image", "audio": "audio", "video": "video", "file": "file"}


def read(body: bytes) -> Fields:
    """The body as an object; an empty body is an empty object. Raises `Malformed`."""
    try:
        fields = orjson.loads(body) if body.strip() else {}
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("not an object")
    return fields


def timestamp(fields: Fields) -> str:
    return word(fields.get("timestamp"))


def event_name(fields: Fields) -> str:
    return word(fields.get("event_name"))


def event(fields: Fields, body: bytes) -> Event:
    name, person = event_name(fields), _person(fields)
    message = word(at(fields, "message", "msg_id"))
    # Receipts and reactions repeat the id of the message they are about.
    own = message if "_send_" in name else ""
    return Event(own or ":".join((name, person, message, timestamp(fields))), _at_ms(fields), person, body)


def parse(body: bytes, oa_id: str) -> Incoming | Ignored:
    fields = read(body)
    name = event_name(fields)
    reader = _READERS.get(name)
    if reader is None:
        return Ignored(name or "no event_name")
    if _oa(fields) not in ("", oa_id):
        return Ignored("another OA")
    if not _person(fields):
        return Ignored(f"{name} of nobody")
    return reader(fields)


def _at_ms(fields: Fields) -> int:
    digits = timestamp(fields)
    value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
    return value if value < _LAST_MS else 0


def _person(fields: Fields) -> str:
    if event_name(fields).startswith(_FROM_OA):
        # The receipt of a message sent by phone number names the phone: not an id, and not ours to keep.
        by_phone = at(fields, "message", "tracking_id") is not None
        return "" if by_phone else word(at(fields, "recipient", "id"))
    paths = (("sender", "id"), ("follower", "id"), ("user_id",), ("data", "user_id"))
    return next((found for path in paths if (found := word(at(fields, *path)))), "")


def _oa(fields: Fields) -> str:
    if event_name(fields).startswith(_FROM_OA):
        return word(at(fields, "sender", "id"))
    return word(fields.get("oa_id") or at(fields, "recipient", "id"))


def _incoming(fields: Fields, kind: Kind) -> Incoming:
    return Incoming(_person(fields), _EPOCH + timedelta(milliseconds=_at_ms(fields)), kind)


def _message(fields: Fields) -> Incoming:
    """Text and attachments. A sticker leaves both empty: it is still the citizen's words, and opens the window."""
    parts = at(fields, "message", "attachments")
    attachments = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return replace(
        _incoming(fields, Kind.MESSAGE),
        text=_text(fields, attachments),
        attachments=tuple(found for part in attachments if (found := _attachment(part))),
        place=next((place for part in attachments if (place := _place(part))), None),
    )


def _text(fields: Fields, attachments: list[Fields]) -> str:
    text = word(at(fields, "message", "text"))
    links = [word(at(part, "payload", "url")) for part in attachments if part.get("type") == "link"]
    return "\n".join(line for line in (text, *(link for link in links if link not in text)) if line)


def _attachment(part: Fields) -> Attachment | None:
    kind, url = _ATTACHMENTS.get(word(part.get("type"))), word(at(part, "payload", "url"))
    return Attachment(kind, url, word(at(part, "payload", "name"))) if kind and url else None


def _place(part: Fields) -> Place | None:
    where = at(part, "payload", "coordinates")
    try:
        place = Place(float(at(where, "latitude")), float(at(where, "longitude")))
    except (TypeError, ValueError):
        return None
    return place if abs(place.latitude) <= 90 and abs(place.longitude) <= 180 else None


def _said(fields: Fields) -> Incoming:
    message = _message(fields)
    payload = message.text.removeprefix(PRESS_MARK).strip()
    if not message.text.startswith(PRESS_MARK) or not payload:
        return message
    return replace(message, kind=Kind.PRESS, payload=payload)


def _office(fields: Fields) -> Incoming | Ignored:
    """What the OA sent: `admin_id` is there only when a person wrote it in Zalo's own inbox."""
    if not word(at(fields, "sender", "admin_id")):
        return Ignored("echo of our own message")
    return replace(_message(fields), kind=Kind.STAFF)


def _form(fields: Fields) -> Incoming:
    info = fields.get("info")
    home = at(info, "full_address")
    keys = ("user_address", "user_ward", "user_city") if isinstance(home, dict) else _OLD_ADDRESS
    lines = [word(at(home or info, key)) for key in keys]
    return replace(
        _incoming(fields, Kind.FORM),
        text=", ".join(line for line in lines if line),
        name=word(at(info, "name")),
        phone=word(at(info, "phone")),
    )


_OLD_ADDRESS = ("address", "ward", "district", "city")  # before the two tiers of 2025


def _plain(kind: Kind) -> Callable[[Fields], Incoming]:
    return lambda fields: _incoming(fields, kind)


_CONTENTS = ("image", "gif", "link", "audio", "video", "sticker", "location", "file", "business_card")
_OFFICE = ("text", "image", "gif", "list", "file", "sticker", "template")

_READERS: dict[str, Callable[[Fields], Incoming | Ignored]] = {
    "user_send_text": _said,
    **{f"user_send_{content}": _message for content in _CONTENTS},
    **{f"oa_send_{content}": _office for content in _OFFICE},
    "user_click_chatnow": _plain(Kind.START),
    "follow": _plain(Kind.FOLLOW),
    "unfollow": _plain(Kind.STOP),
    "user_submit_info": _form,
    "user_withdraw": _plain(Kind.WITHDRAW),
}
