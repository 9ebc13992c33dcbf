"""A Telegram update as our words. https://core.telegram.org/bots/api#update"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channel import Malformed
from bot.messages import Attachment, Event, Ignored, Incoming, Kind, Place

Update = dict[str, Any]

_FILES = {
    "document": "file",
    "voice": "audio",
    "audio": "audio",
    "video": "video",
    "video_note": "video",
    "animation": "video",
}


def event(body: bytes) -> Event:
    try:
        update = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed("not JSON") from error
    if not isinstance(update, dict) or not isinstance(update.get("update_id"), int):
        raise Malformed("no update_id")
    inner = _inner(update)
    date = _message(inner).get("date") if isinstance(inner, dict) else 0
    at_ms = date * 1000 if isinstance(date, int) else 0
    return Event(id=str(update["update_id"]), at_ms=at_ms, person=_person(inner), body=body)


def incoming(body: bytes) -> Incoming | Ignored:
    update = orjson.loads(body)
    try:
        return _understood(update)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError):
        return Ignored("unknown shape")


def callback_id(body: bytes) -> str | None:
    """The query that a press waits to see answered."""
    query = orjson.loads(body).get("callback_query")
    found = query.get("id") if isinstance(query, dict) else None
    return found if isinstance(found, str) else None


def _inner(update: Update) -> Any:
    return next((value for name, value in update.items() if name != "update_id"), {})


def _message(inner: Update) -> Update:
    """The message itself, or the one whose button was pressed: a press has no time of its own."""
    message = inner.get("message", inner)
    return message if isinstance(message, dict) else {}


def _person(inner: Any) -> str:
    sender = inner.get("from") if isinstance(inner, dict) else None
    return str(sender["id"]) if isinstance(sender, dict) and "id" in sender else ""


def _understood(update: Update) -> Incoming | Ignored:
    for name, understand in _UNDERSTAND.items():
        if name in update:
            return understand(update[name])
    return Ignored(next((name for name in update if name != "update_id"), "empty"))


def _spoken(message: Update) -> Incoming | Ignored:
    if refused := _not_ours(message, message["chat"]):
        return refused
    if "contact" in message:
        return _contact(message)
    if not _has_content(message):
        return Ignored("nothing said")
    text = _text(message)
    command, _, argument = text.partition(" ")
    if command == "/start":
        return _from(message, kind=Kind.START, payload=argument.strip())
    place = _place(message)
    return _from(message, text=text, attachments=tuple(_attachments(message)), place=place)


def _edited(message: Update) -> Incoming | Ignored:
    if refused := _not_ours(message, message["chat"]):
        return refused
    return _from(message, kind=Kind.EDIT, text=_text(message), payload=str(message["message_id"]))


def _pressed(query: Update) -> Incoming | Ignored:
    message = query.get("message") or {}
    if refused := _not_ours(query, message.get("chat", {})):
        return refused
    if "data" not in query:
        return Ignored("press without a payload")
    return _from(query | {"date": message.get("date", 0)}, kind=Kind.PRESS, payload=query["data"])


def _membership(change: Update) -> Incoming | Ignored:
    if refused := _not_ours(change, change["chat"]):
        return refused
    before, after = change["old_chat_member"]["status"], change["new_chat_member"]["status"]
    if after == "kicked":
        return _from(change, kind=Kind.STOP)
    if before == "kicked":
        return _from(change, kind=Kind.RETURN)
    return Ignored(f"membership {after}")


_UNDERSTAND = {
    "message": _spoken,
    "edited_message": _edited,
    "callback_query": _pressed,
    "my_chat_member": _membership,
}


def _not_ours(update: Update, chat: Update) -> Ignored | None:
    if chat.get("type") != "private":
        return Ignored("not a private chat")
    return Ignored("a bot") if update["from"].get("is_bot") else None


def _from(update: Update, kind: Kind = Kind.MESSAGE, **more: Any) -> Incoming:
    sender = update["from"]
    at = datetime.fromtimestamp(update["date"], UTC)
    return Incoming(person=str(sender["id"]), at=at, kind=kind, name=_name(sender), **more)


def _name(person: Update) -> str:
    return f"{person.get('first_name', '')} {person.get('last_name', '')}".strip()


def _contact(message: Update) -> Incoming:
    """Anybody's card can be sent: only the sender's own tells us the sender's phone."""
    contact = message["contact"]
    phone = contact["phone_number"]
    if contact.get("user_id") == message["from"]["id"]:
        return _from(message, kind=Kind.FORM, phone=phone)
    return _from(message, text=f"{_name(contact)} {phone}".strip())


def _has_content(message: Update) -> bool:
    known = ("text", "caption", "photo", "location", "venue", *_FILES)
    return any(key in message for key in known) or bool(_text(message))


def _text(message: Update) -> str:
    emoji = message.get("sticker", {}).get("emoji", "")
    text = message.get("text") or message.get("caption") or emoji
    return str(text)


def _place(message: Update) -> Place | None:
    location = message.get("location") or message.get("venue", {}).get("location")
    return Place(float(location["latitude"]), float(location["longitude"])) if location else None


def _attachments(message: Update) -> Iterator[Attachment]:
    if photo := message.get("photo"):
        largest = max(photo, key=lambda size: size["width"] * size["height"])
        yield Attachment("image", largest["file_id"])
    for key, kind in _FILES.items():
        # A GIF comes as `animation` and, for old clients, once more as `document`.
        if key in message and not (key == "document" and "animation" in message):
            yield _file(message[key], kind)


def _file(file: Update, kind: str) -> Attachment:
    picture = kind == "file" and file.get("mime_type", "").startswith("image/")
    return Attachment("image" if picture else kind, file["file_id"], file.get("file_name", ""))
