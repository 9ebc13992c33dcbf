"""What Messenger accepts as a message of a Page, and its windows."""

from datetime import datetime, timedelta
from typing import Any

from tests.platforms.graph_refusals import GraphRefusal, graph_error, invalid
from tests.platforms.server import Choice, Person
from tests.platforms.wire import Json

__all__ = ["buttons_of", "check_person", "check_window", "graph_error", "image_of", "is_reusable", "text_of"]

TEXT, QUICK_REPLIES, TITLE, PAYLOAD, TEMPLATE_TEXT, TEMPLATE_BUTTONS, METADATA = 2000, 13, 20, 1000, 640, 3, 1000
WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)
_UNTITLED = ("user_phone_number", "user_email")


def check_person(person: Person | None) -> Person:
    if person is None or person.gone:
        raise GraphRefusal(100, "(#100) No matching user found", 2018001)
    if person.blocked:
        raise GraphRefusal(551, "(#551) This person isn't available right now.", 1545041)
    return person


def check_window(asked: Json, person: Person, now: datetime, *, human_agent: bool) -> None:
    """For messages in a Page's own words; an approved template may come at any time."""
    kind = asked.get("messaging_type", "RESPONSE")
    if kind not in ("RESPONSE", "UPDATE", "MESSAGE_TAG"):
        raise invalid("Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG, UTILITY}")
    tag = asked.get("tag") if kind == "MESSAGE_TAG" else None
    if kind == "MESSAGE_TAG" and tag != "HUMAN_AGENT":
        raise GraphRefusal(100, "Invalid parameter", 1893061)
    if tag and not human_agent:
        raise GraphRefusal(10, "(#10) Application does not have permission for this action")
    allowed = HUMAN_WINDOW if tag else WINDOW
    if person.last_at is None or now - person.last_at > allowed:
        raise GraphRefusal(10, "(#10) This message is sent outside of allowed window.", 2018278)


def text_of(message: Json) -> str:
    text = str(message.get("text") or _template(message).get("text") or "")
    if not text and not message.get("attachment"):
        raise invalid("Param message must be non-empty")
    if len(text) > (TEMPLATE_TEXT if _template(message) else TEXT):
        raise invalid(f"Length of param message[text] must be less than or equal to {TEXT}")
    if len(str(message.get("metadata", ""))) >= METADATA:
        raise invalid(f"Length of param message[metadata] must be less than {METADATA}")
    return text


def buttons_of(message: Json) -> tuple[Choice, ...]:
    quick = message.get("quick_replies", [])
    if len(quick) > QUICK_REPLIES:
        raise invalid(f"Param message[quick_replies] has too many elements (max {QUICK_REPLIES})")
    template = _template(message)
    buttons = template.get("buttons", [])
    if template and not 0 < len(buttons) <= TEMPLATE_BUTTONS:
        raise invalid(f"A button template has 1 to {TEMPLATE_BUTTONS} buttons")
    return tuple(_choice(button) for button in (*quick, *buttons) if button.get("content_type") not in _UNTITLED)


def asks_phone(message: Json) -> bool:
    return any(reply.get("content_type") == "user_phone_number" for reply in message.get("quick_replies", []))


def image_of(message: Json, file: bytes | None, uploads: set[str]) -> str:
    attachment = message.get("attachment") or {}
    if attachment.get("type") not in ("image", "file", "audio", "video"):
        return ""
    payload = attachment.get("payload") or {}
    if file is not None:
        return f"upload: {len(file)} bytes"
    id = str(payload.get("attachment_id", ""))
    if id and id not in uploads:
        raise GraphRefusal(100, "(#100) Invalid attachment id", 2018074)
    return id or str(payload.get("url") or _no_url())


def is_reusable(message: Json) -> bool:
    payload = (message.get("attachment") or {}).get("payload") or {}
    return payload.get("is_reusable") is True


def _template(message: Json) -> Json:
    attachment = message.get("attachment") or {}
    payload: Json = attachment.get("payload") or {}
    return payload if attachment.get("type") == "template" and payload.get("template_type") == "button" else {}


def _choice(button: Json) -> Choice:
    title, payload = str(button.get("title", "")), str(button.get("payload") or button.get("url") or "")
    if not 0 < len(title) <= TITLE or not 0 < len(payload) <= PAYLOAD:
        raise invalid("title or payload of a button is too long or empty")
    return Choice(title, payload)


def _no_url() -> Any:
    raise invalid("Param message[attachment][payload] must have a url")
