"""What stands in `messaging`: the words, presses, pictures and receipts of one conversation, as our words."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from bot.messages import Attachment, Ignored, Incoming, Kind, Place
from bot.wire import at, word

Fields = dict[str, Any]

# On every message we send, and so on its echo: how we know our own from what a person wrote in the Page's inbox.
OUR_MARK = "loa"
GET_STARTED = "GET_STARTED"

_FILES = ("image", "audio", "video", "file")
_SHARED = ("fallback", "post", "ig_post", "reel", "ig_reel")
_PHONE = re.compile(r"\+?\d{8,15}")
_NOT_FOR_US = {
    "pass_thread_control": "the conversation was handed over",
    "take_thread_control": "another app took the conversation",
    "request_thread_control": "another app asks for the conversation",
    "app_roles": "another app's role changed",
    "optin": "an opt-in to notifications that Meta does not deliver here",
    "delivery": "receipt: delivered",
    "read": "receipt: read",
}


def mark_of(metadata: str) -> str | None:
    """The mark we gave a message with this metadata; None when the message is not ours."""
    ours, _, mark = metadata.partition(":")
    return mark if ours == OUR_MARK else None


def read(incoming: Incoming, item: Fields, *, standby: bool, app_id: str) -> Incoming | Ignored:
    """`incoming` holds who and when. `standby`: another app holds the conversation, and we only look on."""
    if is_echo(item):
        return _echo(incoming, item, app_id)
    if standby:
        return Ignored("another app holds the conversation")
    readers = (read_it for key, read_it in _READERS.items() if isinstance(item.get(key), dict))
    return next((read_it(incoming, item) for read_it in readers), None) or Ignored(why(item))


def is_echo(item: Fields) -> bool:
    return at(item, "message", "is_echo") is True


def why(item: Fields) -> str:
    about = sorted(set(item) - {"sender", "recipient", "timestamp"})
    return next((reason for key, reason in _NOT_FOR_US.items() if key in about), " ".join(about) or "empty")


def _echo(incoming: Incoming, item: Fields, app_id: str) -> Incoming:
    mark = mark_of(word(at(item, "message", "metadata")))
    said = replace(_message(incoming, item), kind=Kind.STAFF, payload="")
    if mark is not None or (app_id and word(at(item, "message", "app_id")) == app_id):
        return replace(said, kind=Kind.SENT, payload=mark or "")
    return said


def _message(incoming: Incoming, item: Fields) -> Incoming:
    """Text and attachments. A sticker leaves both empty: it is still the citizen's words, and opens the window."""
    message = item["message"]
    said = replace(incoming, message_id=word(message.get("mid")))
    parts = list(_real(_objects(message.get("attachments"))))
    text, payload = word(message.get("text")), word(at(message, "quick_reply", "payload"))
    if payload == text and _PHONE.fullmatch(payload):
        return replace(said, kind=Kind.FORM, phone=payload)
    return replace(
        said,
        kind=Kind.PRESS if payload else Kind.MESSAGE,
        text=_text(text, parts),
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
    pressed = replace(incoming, message_id=word(postback.get("mid")))
    payload = word(postback.get("payload"))
    if payload == GET_STARTED or isinstance(postback.get("referral"), dict):
        return _started(pressed, postback)
    return replace(pressed, kind=Kind.PRESS, payload=payload, text=word(postback.get("title")))


def _started(incoming: Incoming, item: Fields) -> Incoming:
    return replace(incoming, kind=Kind.START, payload=word(at(item, "referral", "ref")))


def _reaction(incoming: Incoming, item: Fields) -> Incoming | Ignored:
    if word(at(item, "sender", "id")) != incoming.person:
        return Ignored("a reaction of our own")
    if at(item, "reaction", "action") != "react":
        return Ignored("a reaction taken back")
    return replace(incoming, kind=Kind.REACTED, payload=word(at(item, "reaction", "mid")))


_READERS: dict[str, Callable[[Incoming, Fields], Incoming | Ignored]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "referral": _started,
    "reaction": _reaction,
}


def _url(part: Fields) -> str:
    return word(at(part, "payload", "url") or part.get("url"))


def _objects(value: Any) -> list[Fields]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
