"""What Messenger accepts as a message of a Page, its windows, and the shape of its refusals."""

from datetime import datetime, timedelta
from typing import Any

from tests.platforms.server import Choice, Person
from tests.platforms.wire import Json

TEXT, QUICK_REPLIES, TITLE, PAYLOAD, TEMPLATE_TEXT, TEMPLATE_BUTTONS = 2000, 13, 20, 1000, 640, 3
WINDOW = timedelta(hours=24)
HUMAN_WINDOW = timedelta(days=7)


class GraphRefusal(Exception):
    def __init__(self, code: int, message: str, subcode: int | None = None) -> None:
        super().__init__(code, message)
        self.body = graph_error(code, message, subcode)


def graph_error(code: int, message: str, subcode: int | None = None) -> Json:
    error: Json = {"message": message, "type": "OAuthException", "code": code}
    if subcode is not None:
        error["error_subcode"] = subcode
    return {"error": error | {"fbtrace_id": "BLBz/WZt8dN"}}


def check_person(person: Person | None) -> Person:
    if person is None or person.gone:
        raise GraphRefusal(100, "(#100) No matching user found", 2018001)
    if person.blocked:
        raise GraphRefusal(551, "(#551) This person isn't available right now.", 1545041)
    return person


def check_window(asked: Json, person: Person, now: datetime, templates: set[str]) -> None:
    kind = asked.get("messaging_type", "RESPONSE")
    if kind == "UTILITY":
        return _check_template(asked["message"], templates)
    tag = asked.get("tag") if kind == "MESSAGE_TAG" else None
    if kind == "MESSAGE_TAG" and tag != "HUMAN_AGENT":
        raise GraphRefusal(100, "Invalid parameter", 1893061)
    allowed = HUMAN_WINDOW if tag else WINDOW
    if person.last_at is None or now - person.last_at > allowed:
        raise GraphRefusal(10, "(#10) This message is sent outside of allowed window.", 2018278)


def _check_template(message: Json, templates: set[str]) -> None:
    name = message.get("template", {}).get("name")
    if name not in templates:
        raise _invalid("no such template")


def text_of(message: Json) -> str:
    text = str(message.get("text") or _template(message).get("text") or "")
    if not text and not message.get("attachment") and not message.get("template"):
        raise _invalid("Param message must be non-empty")
    if len(text) > (TEMPLATE_TEXT if _template(message) else TEXT):
        raise _invalid(f"Length of param message[text] must be less than or equal to {TEXT}")
    return text


def buttons_of(message: Json) -> tuple[Choice, ...]:
    quick = message.get("quick_replies", [])
    if len(quick) > QUICK_REPLIES:
        raise _invalid(f"Param message[quick_replies] has too many elements (max {QUICK_REPLIES})")
    template = _template(message)
    buttons = template.get("buttons", [])
    if template and not 0 < len(buttons) <= TEMPLATE_BUTTONS:
        raise _invalid(f"A button template has 1 to {TEMPLATE_BUTTONS} buttons")
    return tuple(_choice(button) for button in (*quick, *buttons) if "title" in button)


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


def _template(message: Json) -> Json:
    attachment = message.get("attachment") or {}
    payload: Json = attachment.get("payload") or {}
    return payload if attachment.get("type") == "template" and payload.get("template_type") == "button" else {}


def _choice(button: Json) -> Choice:
    title, payload = str(button["title"]), str(button.get("payload") or button.get("url") or "")
    if len(title) > TITLE or not 0 < len(payload) <= PAYLOAD:
        raise _invalid("title or payload of a button is too long or empty")
    return Choice(title, payload)


def _invalid(message: str) -> GraphRefusal:
    return GraphRefusal(100, f"(#100) {message}")


def _no_url() -> Any:
    raise _invalid("Param message[attachment][payload] must have a url")
