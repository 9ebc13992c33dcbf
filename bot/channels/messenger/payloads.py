"""Meta's webhook bodies as our words.

A body holds several entries of several Pages; each item in them becomes one event, wrapped with what `parse` needs:
{"page": …, "at_ms": …, "messaging" | "standby" | "change": item}.
"""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bot.channel import Malformed
from bot.channels.messenger import news, readers
from bot.messages import Event, Ignored, Incoming, Kind
from bot.wire import at, word

Fields = dict[str, Any]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS, _LAST_SECOND = 10**13, 10**10
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
    now = _EPOCH + timedelta(milliseconds=fields["at_ms"])
    if "change" in fields:
        return news.changed(fields["change"], page_id, now)
    item = fields.get("messaging") or fields.get("standby") or {}
    if told := news.enforcement(item, now):
        return told
    person = _person(item, fields["page"])
    if not person:
        return Ignored(readers.why(item))
    incoming = Incoming(person, now, Kind.MESSAGE)
    return readers.read(incoming, item, standby="standby" in fields, app_id=app_id)


def _id(item: Fields) -> str:
    """The message's own id; where there is none, a repeat is known by its contents."""
    own = word(at(item, "message", "mid") or at(item, "postback", "mid")) or news.comment_of(item)
    return own or hashlib.sha256(orjson.dumps(item)).hexdigest()[:32]


def _person(item: Fields, page: str) -> str:
    if comment := news.comment_of(item):
        return news.COMMENT + comment
    sender = word(at(item, "sender", "id"))
    ours = readers.is_echo(item) or (sender and sender == page)
    return word(at(item, "recipient", "id")) if ours else sender


def _change_ms(entry: Fields, change: Fields) -> int:
    # Page fields count in seconds where messages count in milliseconds; of some nobody has said which.
    time = _ms(at(change, "value", "created_time")) or _ms(entry.get("time"))
    return time if time > _LAST_SECOND else 1000 * time


def _ms(value: Any) -> int:
    return value if isinstance(value, int) and 0 < value < _LAST_MS else 0


def _objects(value: Any) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
