"""Meta's webhook bodies as our words.

A body holds several entries of several Pages; each item in them becomes one event, wrapped with what `parse` needs:
{"page": …, "messaging" | "standby" | "change": item}.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bot.channel import Malformed
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Place
from bot.wire import at, word

Fields = dict[str, Any]

# On every message we send, and so on its echo: how we know our own from what a person wrote in the Page's inbox.
OUR_MARK = "loa"
GET_STARTED = "GET_STARTED"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS = 10**13
_FILES = ("image", "audio", "video", "file")
_SHARED = ("fallback", "post", "ig_post", "reel", "ig_reel")
_ARRAYS = {"messaging": "messaging", "standby": "standby", "changes": "change"}


def events(body: bytes) -> Iterator[Event]:
    """Raises `Malformed` for what is no JSON object; the console's test shapes hold no event."""
    try:
        fields = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    if not isinstance(fields, dict):
        raise Malformed("not an object")
    if fields.get("object") == "page":
        for entry in _objects(fields.get("entry")):
            yield from _entry(entry)


def _entry(entry: Fields) -> Iterator[Event]:
    page = word(entry.get("id"))
    for array, key in _ARRAYS.items():
        for item in _objects(entry.get(array)):
            at_ms = _change_ms(entry, item) if key == "change" else _ms(item.get("timestamp")) or _ms(entry.get("time"))
            body = orjson.dumps({"page": page, "at_ms": at_ms, key: item})
            yield Event(_id(item), at_ms, _person(item, page), body)


def parse(body: bytes, page_id: str, app_id: str) -> Incoming | Ignored:
    fields = orjson.loads(body)
    if fields["page"] not in ("", page_id):
        return Ignored("another page")
    if "change" in fields:
        return Ignored(f"page {word(fields['change'].get('field'))}")
    item = fields.get("messaging") or fields.get("standby") or {}
    person = _person(item, fields["page"])
    if not person:
        return Ignored(_why(item))
    incoming = Incoming(person, _moment(fields["at_ms"]), Kind.MESSAGE)
    if _is_echo(item):
        return _echo(incoming, item, app_id)
    if "standby" in fields:
        return Ignored("another app holds the conversation")
    readers = (read for key, read in _READERS.items() if isinstance(item.get(key), dict))
    return next((read(incoming, item) for read in readers), None) or Ignored(_why(item))


def _echo(incoming: Incoming, item: Fields, app_id: str) -> Incoming | Ignored:
    message = item["message"]
    ours = message.get("metadata") == OUR_MARK or (app_id and word(message.get("app_id")) == app_id)
    return Ignored("echo of our own message") if ours else replace(_message(incoming, item), kind=Kind.STAFF)


def _message(incoming: Incoming, item: Fields) -> Incoming:
    """Text and attachments. A sticker leaves both empty: it is still the citizen's words, and opens the window."""
    message = item["message"]
    parts = list(_real(_objects(message.get("attachments"))))
    payload = word(at(message, "quick_reply", "payload"))
    return replace(
        incoming,
        kind=Kind.PRESS if payload else Kind.MESSAGE,
        text=_text(word(message.get("text")), parts),
        payload=payload,
        attachments=tuple(found for part in parts if (found := _attachment(part))),
        place=next((place for part in parts if (place := _place(part))), None),
    )


def _real(parts: list[Fields]) -> Iterator[Fields]:
    """Without stickers, which until 2026-08-30 came a second time as an image of the same address."""
    stickers = [part for part in parts if part.get("type") == "sticker" or at(part, "payload", "sticker_id")]
    addresses = [_url(part) for part in stickers]
    return (
        part for part in parts if part not in stickers and (_url(part) or _place(part)) and _url(part) not in addresses
    )


def _text(text: str, parts: list[Fields]) -> str:
    links = [_url(part) for part in parts if part.get("type") in _SHARED]
    return "\n".join(line for line in (text, *(link for link in links if link not in text)) if line)


def _attachment(part: Fields) -> Attachment | None:
    kind = word(part.get("type"))
    return Attachment(kind, _url(part), word(at(part, "payload", "title"))) if kind in _FILES else None


def _place(part: Fields) -> Place | None:
    """A shared location, which Meta no longer documents but old clients may still send."""
    where = at(part, "payload", "coordinates")
    try:
        place = Place(float(at(where, "lat")), float(at(where, "long")))
    except (TypeError, ValueError):
        return None
    return place if abs(place.latitude) <= 90 and abs(place.longitude) <= 180 else None


def _edit(incoming: Incoming, item: Fields) -> Incoming:
    edit = item["message_edit"]
    return replace(incoming, kind=Kind.EDIT, text=word(edit.get("text")), payload=word(edit.get("mid")))


def _postback(incoming: Incoming, item: Fields) -> Incoming:
    postback = item["postback"]
    payload = word(postback.get("payload"))
    if payload == GET_STARTED or isinstance(postback.get("referral"), dict):
        return _opened(incoming, postback)
    return replace(incoming, kind=Kind.PRESS, payload=payload, text=word(postback.get("title")))


def _opened(incoming: Incoming, item: Fields) -> Incoming:
    return replace(incoming, kind=Kind.START, payload=word(at(item, "referral", "ref")))


_READERS: dict[str, Callable[[Incoming, Fields], Incoming]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "referral": _opened,
}


def _why(item: Fields) -> str:
    about = sorted(set(item) - {"sender", "recipient", "timestamp"})
    action = word(at(item, "policy_enforcement", "action"))
    return " ".join((*about, action)).strip() or "empty"


def _id(item: Fields) -> str:
    """The message's own id; where there is none, a repeat is known by its contents."""
    mid = word(at(item, "message", "mid") or at(item, "postback", "mid"))
    return mid or hashlib.sha256(orjson.dumps(item)).hexdigest()[:32]


def _is_echo(item: Fields) -> bool:
    return at(item, "message", "is_echo") is True


def _person(item: Fields, page: str) -> str:
    sender = word(at(item, "sender", "id"))
    ours = _is_echo(item) or (sender and sender == page)
    return word(at(item, "recipient", "id")) if ours else sender


def _change_ms(entry: Fields, change: Fields) -> int:
    # Page fields count in seconds where messages count in milliseconds.
    return 1000 * (_ms(at(change, "value", "created_time")) or _ms(entry.get("time"))) % _LAST_MS


def _ms(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < _LAST_MS else 0


def _moment(at_ms: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=at_ms)


def _url(part: Fields) -> str:
    return word(at(part, "payload", "url") or part.get("url"))


def _objects(value: Any) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
