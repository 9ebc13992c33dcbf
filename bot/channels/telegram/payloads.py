"""A Telegram update as our words. https://core.telegram.org/bots/api#update"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import orjson

from bot.channel import Malformed
from bot.channels.telegram.commands import Command, command_in
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


def incoming(body: bytes, username: str = "") -> Incoming | Ignored:
    """`username` is the bot's own: in a group, commands may be meant for another bot."""
    update = orjson.loads(body)
    try:
        return _understood(update, username)
    except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError):
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


def _understood(update: Update, username: str) -> Incoming | Ignored:
    if "message" in update:
        return _spoken(update["message"], username)
    for name, understand in _UNDERSTAND.items():
        if name in update:
            return understand(update[name])
    return Ignored(next((name for name in update if name != "update_id"), "empty"))


def _spoken(message: Update, username: str) -> Incoming | Ignored:
    chat, command = message["chat"], command_in(_text(message))
    if refused := _not_ours(message, chat):
        return refused
    if _is_group(chat) and command is None:
        return Ignored("talk in a group")
    if command and not command.is_for(username):
        return Ignored("a command for another bot")
    return _commanded(message, command) if command else _told(message)


def _commanded(message: Update, command: Command) -> Incoming:
    if command.name.lower() == "start":
        return _from(message, kind=Kind.START, payload=command.argument, chat=_group(message["chat"]))
    return _content(message, command.words, chat=_group(message["chat"]))


def _told(message: Update) -> Incoming | Ignored:
    if "contact" in message:
        return _contact(message)
    return _content(message, _text(message)) if _has_content(message) else Ignored("nothing said")


def _content(message: Update, text: str, **more: Any) -> Incoming:
    files, album = tuple(_attachments(message)), str(message.get("media_group_id", ""))
    return _from(message, text=text, attachments=files, place=_place(message), album=album, **more)


def _edited(message: Update) -> Incoming | Ignored:
    if refused := _not_private(message, message["chat"]):
        return refused
    text = _text(message)
    if not text:
        return Ignored("an edit without words")  # as a place that moves along, again and again
    return _from(message, kind=Kind.EDIT, text=text, payload=str(message["message_id"]))


def _pressed(query: Update) -> Incoming | Ignored:
    message = query.get("message") or {}
    chat = message.get("chat", {})
    if refused := _not_ours(query, chat):
        return refused
    if "data" not in query:
        return Ignored("press without a payload")
    press = query | {"date": message.get("date", 0), "message_id": message.get("message_id", "")}
    return _from(press, kind=Kind.PRESS, payload=query["data"], chat=_group(chat))


def _membership(change: Update) -> Incoming | Ignored:
    chat, before, after = change["chat"], change["old_chat_member"]["status"], change["new_chat_member"]["status"]
    if _is_group(chat):
        return Ignored(f"membership in a group: {after}")
    if refused := _not_private(change, chat):
        return refused
    if after == "kicked":
        return _from(change, kind=Kind.STOP)
    if before == "kicked":
        return _from(change, kind=Kind.RETURN)
    return Ignored(f"membership {after}")


_UNDERSTAND = {"edited_message": _edited, "callback_query": _pressed, "my_chat_member": _membership}


def _is_group(chat: Update) -> bool:
    return chat.get("type") in ("group", "supergroup")


def _group(chat: Update) -> str:
    return str(chat["id"]) if _is_group(chat) else ""


def _not_ours(update: Update, chat: Update) -> Ignored | None:
    return _a_bot(update) if _is_group(chat) else _not_private(update, chat)


def _not_private(update: Update, chat: Update) -> Ignored | None:
    return Ignored("not a private chat") if chat.get("type") != "private" else _a_bot(update)


def _a_bot(update: Update) -> Ignored | None:
    return Ignored("a bot") if update["from"].get("is_bot") else None


def _from(update: Update, kind: Kind = Kind.MESSAGE, **more: Any) -> Incoming:
    """A press has the id of the message under whose button it was."""
    sender, id = update["from"], str(update.get("message_id", ""))
    at = datetime.fromtimestamp(update["date"], UTC)
    return Incoming(person=str(sender["id"]), at=at, kind=kind, name=_name(sender), message_id=id, **more)


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
    text = message.get("text") or message.get("caption") or emoji or _venue(message)
    return str(text)


def _venue(message: Update) -> str:
    """A place with a name, as one picks it from the map."""
    venue = message.get("venue", {})
    return ", ".join(venue[key] for key in ("title", "address") if venue.get(key))


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
