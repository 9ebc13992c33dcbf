"""The bodies of Zalo's calls, as pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.channels.zalo.payloads import PRESS_MARK
from bot.messages import Button
from bot.text import shorten

Json = dict[str, Any]
CONTACT_TITLE, CONTACT_WORDS = 100, 500
CONTACT_ASKED = "Dạ, ông/bà có thể bấm vào đây để gửi tên và số điện thoại cho chúng tôi."


def message(text: str, payload: Mapping[str, Any] | None = None) -> Json:
    said: Json = {"text": text} if text else {}
    return said | ({"attachment": {"type": "template", "payload": payload}} if payload else {})


def media(kind: str, **source: str) -> Json:
    return {"template_type": "media", "elements": [{"media_type": kind, **source}]}


def buttons(shown: Iterable[Button], longest: int) -> Json:
    return {"buttons": [_button(button, longest) for button in shown]}


def _button(button: Button, longest: int) -> Json:
    title = shorten(button.title, longest)
    if button.url:
        return {"title": title, "type": "oa.open.url", "payload": {"url": button.url}}
    return {"title": title, "type": "oa.query.hide", "payload": PRESS_MARK + button.payload}


def contact_form(title: str, picture: str) -> Json:
    element = {"title": shorten(title, CONTACT_TITLE), "subtitle": CONTACT_ASKED, "image_url": picture}
    shown = {name: value for name, value in element.items() if value}
    return {"template_type": "request_user_info", "elements": [shown]}


def phone_84(phone: str) -> str:
    """`0912 345 678` and `+84…` as Zalo wants them: digits that begin with 84."""
    digits = "".join(filter(str.isdigit, phone))
    return f"84{digits[1:]}" if digits.startswith("0") else digits
