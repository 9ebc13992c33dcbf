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
from bot.channels.zalo import account_news, contents, silent
from bot.channels.zalo.anonymous import person_of
from bot.messages import Event, Ignored, Incoming, Kind
from bot.wire import at, word

Fields = dict[str, Any]
PRESS_MARK = "#"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 10**13
_FROM_OA = ("oa_send_", "oa_reacted_message", "user_received_message", "user_seen_message")


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
    message = _message_id(fields)
    # Receipts and reactions repeat the id of the message they are about.
    own = message if "_send_" in name else ""
    return Event(own or ":".join((name, person, message, timestamp(fields))), _at_ms(fields), person, body)


def parse(body: bytes, oa_id: str) -> Incoming | Ignored:
    fields = read(body)
    name = event_name(fields)
    reader = _READERS.get(name)
    if reader is None:
        return Ignored(silent.reason(name))
    if _oa(fields) not in ("", oa_id):
        return Ignored("another OA")
    if not _person(fields) and name not in account_news.SENTENCES:
        return Ignored(f"{name} of nobody")
    return reader(fields)


def _message_id(fields: Fields) -> str:
    return word(at(fields, "message", "msg_id"))


def _at_ms(fields: Fields) -> int:
    digits = timestamp(fields)
    value = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
    return value if value < _LAST_MS else 0


def _person(fields: Fields) -> str:
    name = event_name(fields)
    if "anonymous_" in name:
        visitor = word(at(fields, "recipient" if name.startswith("oa_") else "sender", "id"))
        return person_of(visitor, word(at(fields, "message", "conversation_id")))
    if name.startswith(_FROM_OA):
        # The receipt of a message sent by phone number names the phone: not an id, and not ours to keep.
        by_phone = at(fields, "message", "tracking_id") is not None
        return "" if by_phone else word(at(fields, "recipient", "id"))
    paths = (("sender", "id"), ("follower", "id"), ("user_id",), ("data", "user_id"))
    return next((found for path in paths if (found := word(at(fields, *path)))), "")


def _oa(fields: Fields) -> str:
    if event_name(fields).startswith(_FROM_OA):
        return word(at(fields, "sender", "id"))
    return word(fields.get("oa_id") or fields.get("oaId") or at(fields, "recipient", "id"))


def _incoming(fields: Fields, kind: Kind) -> Incoming:
    at_ = _EPOCH + timedelta(milliseconds=_at_ms(fields))
    return Incoming(_person(fields), at_, kind, message_id=_message_id(fields))


def _message(fields: Fields) -> Incoming:
    return contents.filled(_incoming(fields, Kind.MESSAGE), fields)


def _said(fields: Fields) -> Incoming:
    message = _message(fields)
    payload = message.text.removeprefix(PRESS_MARK).strip()
    if not message.text.startswith(PRESS_MARK) or not payload:
        return message
    return replace(message, kind=Kind.PRESS, payload=payload)


def _office(fields: Fields) -> Incoming:
    """What the OA sent: `admin_id` is there only when a person wrote it in Zalo's own inbox."""
    by_person = word(at(fields, "sender", "admin_id"))
    return replace(_message(fields), kind=Kind.STAFF if by_person else Kind.SENT)


def _form(fields: Fields) -> Incoming:
    return contents.form(_incoming(fields, Kind.FORM), fields)


def _account(fields: Fields) -> Incoming:
    return replace(_incoming(fields, Kind.ACCOUNT), text=account_news.sentence(event_name(fields), fields))


def _plain(kind: Kind) -> Callable[[Fields], Incoming]:
    return lambda fields: _incoming(fields, kind)


_CONTENTS = ("image", "gif", "link", "audio", "video", "sticker", "location", "file", "business_card")
_OFFICE = ("text", "image", "gif", "list", "file", "sticker", "template")
_VISITOR = ("text", "image", "file", "sticker")

_READERS: dict[str, Callable[[Fields], Incoming]] = {
    "user_send_text": _said,
    **{f"user_send_{content}": _message for content in _CONTENTS},
    **{f"oa_send_{content}": _office for content in _OFFICE},
    **{f"anonymous_send_{content}": _message for content in _VISITOR},
    **{f"oa_send_anonymous_{content}": _office for content in _VISITOR},
    **dict.fromkeys(account_news.SENTENCES, _account),
    "user_click_chatnow": _plain(Kind.START),
    "follow": _plain(Kind.FOLLOW),
    "unfollow": _plain(Kind.STOP),
    "user_submit_info": _form,
    "user_withdraw": _plain(Kind.WITHDRAW),
}
