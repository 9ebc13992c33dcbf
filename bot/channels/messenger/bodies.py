"""Our replies as the bodies of the Send API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bot.channel import Limits
from bot.channels.messenger.limits import HUMAN_AGENT, TEMPLATE_BUTTONS, TEMPLATE_TEXT
from bot.channels.messenger.news import COMMENT
from bot.channels.messenger.readers import OUR_MARK
from bot.messages import Button, Reply
from bot.text import shorten

Fields = dict[str, Any]
Shape = Literal["message", "attachment", "top_level"]


@dataclass(frozen=True, slots=True)
class Template:
    """A utility template that Meta approved, with named parameters in its body."""

    name: str
    language: str = "vi"
    shape: Shape = "message"


def envelope(person: str, way: str, mark: str, message: Fields) -> Fields:
    marked = message | {"metadata": f"{OUR_MARK}:{mark}" if mark else OUR_MARK}
    if person.startswith(COMMENT):
        return {"recipient": {"comment_id": person.removeprefix(COMMENT)}, "message": marked}
    by_person = {"messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT"}
    kind = by_person if way == HUMAN_AGENT else {"messaging_type": "RESPONSE"}
    return {"recipient": {"id": person}, **kind, "message": marked}


def filled(person: str, template: Template, facts: Mapping[str, str], mark: str) -> Fields:
    """The documentation and those who use it know three shapes: which one Meta takes must be tried on the real Page."""
    parameters = [
        {"type": "text", "parameter_name": name, "text": " ".join(said.split())} for name, said in facts.items()
    ]
    body: Fields = {
        "name": template.name,
        "language": {"code": template.language},
        "components": [{"type": "body", "parameters": parameters}],
    }
    if template.shape == "top_level":
        return {"recipient": {"id": person}, "template": body}
    within: Fields = {"type": "template", "payload": {"template_type": "utility_messages", **body}}
    message = {"template": body} if template.shape == "message" else {"attachment": within}
    return envelope(person, "", mark, message) | {"messaging_type": "UTILITY"}


def message(reply: Reply, limits: Limits) -> Fields:
    longest = int(limits.button_title.value or 0)
    if not _fits_template(reply):
        return {"text": reply.text} | quick_replies(reply, limits)
    buttons = [_template_button(button, longest) for button in reply.buttons]
    payload = {"template_type": "button", "text": reply.text, "buttons": buttons}
    return {"attachment": {"type": "template", "payload": payload}} | _quick_replies(_contact(reply))


def image(payload: Fields) -> Fields:
    return {"attachment": {"type": "image", "payload": payload}}


def quick_replies(reply: Reply, limits: Limits) -> Fields:
    most, longest = int(limits.buttons.value or 0), int(limits.button_title.value or 0)
    contact = _contact(reply)
    choices = [button for button in reply.buttons if button.payload][: most - len(contact)]
    return _quick_replies([*contact, *(_quick_reply(button, longest) for button in choices)])


def _contact(reply: Reply) -> list[Fields]:
    """Messenger shows it only to those who have a number in their profile."""
    return [{"content_type": "user_phone_number"}] if reply.asks_contact else []


def _quick_replies(replies: list[Fields]) -> Fields:
    return {"quick_replies": replies} if replies else {}


def _fits_template(reply: Reply) -> bool:
    """Only a template can open a page; elsewhere the address stands in the text's own menu."""
    opens_page = any(button.url for button in reply.buttons)
    return opens_page and len(reply.buttons) <= TEMPLATE_BUTTONS and len(reply.text) <= TEMPLATE_TEXT


def _template_button(button: Button, longest: int) -> Fields:
    title = shorten(button.title, longest)
    if button.url:
        return {"type": "web_url", "url": button.url, "title": title}
    return {"type": "postback", "title": title, "payload": button.payload}


def _quick_reply(button: Button, longest: int) -> Fields:
    return {"content_type": "text", "title": shorten(button.title, longest), "payload": button.payload}
