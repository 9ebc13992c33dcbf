"""What a Zalo message carries: words, attachments, a place, a card, a filled form."""

from dataclasses import replace
from typing import Any

import orjson

from bot.messages import Attachment, Incoming, Place
from bot.wire import at, word

Fields = dict[str, Any]

_ATTACHMENTS = {"image": "image", "gif": "image", "audio": "audio", "video": "video", "file": "file"}
_OLD_ADDRESS = ("address", "ward", "district", "city")  # before the two tiers of 2025
_ADDRESS = ("user_address", "user_ward", "user_city")


def filled(incoming: Incoming, fields: Fields) -> Incoming:
    """With the text and attachments. A sticker leaves both empty: it is still words, and opens the window."""
    parts = at(fields, "message", "attachments")
    attachments = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return replace(
        incoming,
        text=_text(fields, attachments),
        attachments=tuple(found for part in attachments if (found := _attachment(part))),
        place=next((place for part in attachments if (place := _place(part))), None),
    )


def _text(fields: Fields, attachments: list[Fields]) -> str:
    text = word(at(fields, "message", "text"))
    more = [line for part in attachments for line in _lines(part) if line and line not in text]
    return "\n".join(line for line in (text, *more) if line)


def _lines(part: Fields) -> tuple[str, ...]:
    """What an attachment says in words: a link's address, a business card's phone, a template's text."""
    payload = part.get("payload")
    if part.get("type") == "template":
        return (word(at(payload, "text")),)
    if part.get("type") not in ("link", "business_card"):
        return ()
    return _phone_of_card(word(at(payload, "description"))), word(at(payload, "url"))


def _phone_of_card(description: str) -> str:
    try:
        return word(at(orjson.loads(description), "phone"))
    except orjson.JSONDecodeError:
        return ""


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


def form(incoming: Incoming, fields: Fields) -> Incoming:
    info = fields.get("info")
    home = at(info, "full_address")
    keys = _ADDRESS if isinstance(home, dict) else _OLD_ADDRESS
    lines = [word(at(home or info, key)) for key in keys]
    return replace(
        incoming,
        text=", ".join(line for line in lines if line),
        name=word(at(info, "name")),
        phone=word(at(info, "phone")),
    )
