"""What Zalo accepts as a consultation message (tin tư vấn), and what it keeps of it."""

from datetime import datetime, timedelta
from typing import Any

from tests.platforms.server import Choice, Person
from tests.platforms.wire import Json
from tests.platforms.zalo_answers import ZaloRefusal

TEXT, BUTTONS, TITLE, SUBTITLE, PAYLOAD = 2000, 5, 100, 500, 1000
WINDOW = timedelta(days=7)
UPLOAD_LIFE = timedelta(days=7)

_PAYLOADS: dict[str, tuple[str, ...] | None] = {  # keys of the payload object; None: a plain string
    "oa.query.show": None,
    "oa.query.hide": None,
    "oa.open.url": ("url",),
    "oa.open.phone": ("phone_code",),
    "oa.open.sms": ("content", "phone_code"),
}


def check_person(person: Person | None, now: datetime, blocked_answer: int) -> None:
    if person is None:
        raise ZaloRefusal(-201)
    if person.gone:
        raise ZaloRefusal(-227)
    if person.blocked:
        raise ZaloRefusal(blocked_answer)
    if person.last_at is None:
        raise ZaloRefusal(-232)
    if now - person.last_at > WINDOW:
        raise ZaloRefusal(-230)


def check_text(message: Json) -> str:
    text = message.get("text", "")
    if not isinstance(text, str) or not (text.strip() or message.get("attachment")):
        raise ZaloRefusal(-201, "text is empty")
    if len(text) > TEXT:
        raise ZaloRefusal(-210)
    return text


def buttons_of(message: Json) -> tuple[Choice, ...]:
    buttons = _payload(message).get("buttons", [])
    if len(buttons) > BUTTONS:
        raise ZaloRefusal(-201, "buttons is invalid")
    return tuple(_choice(button) for button in buttons)


def is_form(message: Json) -> bool:
    """Whether it asks for the person's details, which it does with one titled picture."""
    payload = _payload(message)
    if payload.get("template_type") != "request_user_info":
        return False
    elements = payload.get("elements") or [{}]
    if len(elements) > 1 or any(not elements[0].get(name) for name in ("title", "subtitle", "image_url")):
        raise ZaloRefusal(-201, "elements is invalid")
    if len(elements[0]["title"]) > TITLE or len(elements[0]["subtitle"]) > SUBTITLE:
        raise ZaloRefusal(-210)
    return True


def image_of(message: Json, uploads: dict[str, datetime], now: datetime) -> str:
    """The address or the upload of a picture or file in the message."""
    attachment = message.get("attachment") or {}
    payload = _payload(message)
    if attachment.get("type") == "file":
        return _upload(payload.get("token", ""), uploads, now)
    elements = payload.get("elements") or []
    if payload.get("template_type") != "media" or not elements:
        return ""
    element = elements[0]
    if "attachment_id" in element:
        return _upload(element["attachment_id"], uploads, now)
    return str(element.get("url") or _refuse("url is invalid"))


def _payload(message: Json) -> Json:
    payload = (message.get("attachment") or {}).get("payload") or {}
    return payload if isinstance(payload, dict) else {}


def _upload(id: str, uploads: dict[str, datetime], now: datetime) -> str:
    if id not in uploads:
        raise ZaloRefusal(-201, "attachment_id is invalid")
    if now - uploads[id] > UPLOAD_LIFE:
        raise ZaloRefusal(-100)
    return id


def _choice(button: Json) -> Choice:
    kind, title, payload = button.get("type", ""), button.get("title", ""), button.get("payload")
    if kind not in _PAYLOADS or not title or len(title) > TITLE:
        raise ZaloRefusal(-201, "button is invalid")
    return Choice(title, _pressed(payload, _PAYLOADS[kind]))


def _pressed(payload: Any, keys: tuple[str, ...] | None) -> str:
    if keys is None:
        if not isinstance(payload, str) or not 0 < len(payload) <= PAYLOAD:
            raise ZaloRefusal(-201, "payload is invalid")
        return payload
    if not isinstance(payload, dict) or any(not payload.get(key) for key in keys):
        raise ZaloRefusal(-201, "payload is invalid")
    return str(payload[keys[0]])


def _refuse(message: str) -> str:
    raise ZaloRefusal(-201, message)
