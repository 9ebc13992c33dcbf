"""What the page posts, as an event; and our own event bodies, understood."""

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channels.webchat import refusal
from bot.channels.webchat.identity import Seals
from bot.channels.webchat.limits import CLOCK_MS, PHOTOS, TEXT
from bot.channels.webchat.refusal import Refused
from bot.messages import Attachment, Event, Ignored, Incoming, Kind

START = "start"
_PAYLOAD = 200
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def event(body: bytes, person: str, seals: Seals, now_ms: int) -> Event:
    """Raises `Refused`."""
    posted = _object(body)
    identity, at_ms = posted.get("id"), posted.get("at")
    if not isinstance(identity, str) or not _ID.fullmatch(identity) or type(at_ms) is not int:
        raise Refused(400, refusal.UNREADABLE)
    if abs(at_ms - now_ms) > CLOCK_MS:
        raise Refused(400, refusal.WRONG_CLOCK)
    said = {
        "text": _text(posted.get("text"), TEXT),
        "payload": _text(posted.get("payload"), _PAYLOAD),
        "photos": [_opened(sealed, person, seals) for sealed in _photos(posted)],
    }
    return _event(identity, at_ms, person, said)


def incoming(body: bytes) -> Incoming | Ignored:
    try:
        return _understood(orjson.loads(body))
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return Ignored("unknown shape")


def spoken(stored: Event) -> tuple[str, tuple[str, ...]]:
    """The text and the stored names of the photos in one of our own event bodies."""
    said = orjson.loads(stored.body)
    return said["text"], tuple(said["photos"])


def _object(body: bytes) -> dict[str, Any]:
    try:
        posted = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refused(400, refusal.UNREADABLE) from error
    if not isinstance(posted, dict):
        raise Refused(400, refusal.UNREADABLE)
    return posted


def _text(posted: Any, most: int) -> str:
    text = "" if posted is None else posted
    if not isinstance(text, str):
        raise Refused(400, refusal.UNREADABLE)
    if len(text) > most:
        raise Refused(413, refusal.TOO_LONG)
    return text.replace("\0", "").strip()  # PostgreSQL keeps no NUL


def _photos(posted: dict[str, Any]) -> list[Any]:
    photos = posted.get("photos") or []
    if not isinstance(photos, list):
        raise Refused(400, refusal.UNREADABLE)
    if len(photos) > PHOTOS:
        raise Refused(413, refusal.TOO_MANY_PHOTOS)
    return photos


def _opened(sealed: Any, person: str, seals: Seals) -> str:
    name = seals.photo(person, sealed) if isinstance(sealed, str) else None
    if name is None:
        raise Refused(400, refusal.PHOTO_MISSING)
    return name


def _event(identity: str, at_ms: int, person: str, said: dict[str, Any]) -> Event:
    if not any(said.values()):
        raise Refused(400, refusal.UNREADABLE)
    body = orjson.dumps({"id": identity, "at": at_ms, "person": person} | said)
    return Event(id=identity, at_ms=at_ms, person=person, body=body)


def _understood(said: dict[str, Any]) -> Incoming:
    payload = said["payload"]
    opening = payload == START and not said["text"]
    return Incoming(
        person=said["person"],
        at=datetime.fromtimestamp(said["at"] / 1000, UTC),
        kind=Kind.START if opening else Kind.PRESS if payload else Kind.MESSAGE,
        text=said["text"],
        payload="" if opening else payload,
        attachments=tuple(Attachment(kind="image", source=name) for name in said["photos"]),
    )
