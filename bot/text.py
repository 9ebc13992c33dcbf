"""Shaping a reply for a platform: a numbered menu under it, and long texts cut where a reader would pause."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

from bot.channel import Limits
from bot.messages import Button, Reply

_PAUSES = ("\n\n", "\n", ". ", "; ", ", ", " ")


def with_menu(reply: Reply) -> Reply:
    """The reply with its buttons also written as a numbered list: digits work where buttons do not show."""
    if not reply.buttons or reply.spoken_buttons:
        return reply
    lines = [_menu_line(number, button) for number, button in enumerate(reply.buttons, 1)]
    titles = tuple(button.title for button in reply.buttons)
    return replace(reply, text=f"{reply.text}\n\n" + "\n".join(lines), spoken_buttons=titles)


def _menu_line(number: int, button: Button) -> str:
    return f"{number}. {button.title}" + (f": {button.url}" if button.url else "")


def parts(reply: Reply, limits: Limits) -> list[Reply]:
    """The messages that carry one reply on a platform, in order: a picture first, the buttons under the last text."""
    menu = with_menu(reply)
    text = unicodedata.normalize("NFC", menu.text)
    pieces = list(split(text, int(limits.text.value or 2000)))
    messages = [Reply(text=piece) for piece in pieces]
    if reply.image:
        messages.insert(0, Reply(image=reply.image, image_alt=reply.image_alt))
    if messages:
        messages[-1] = replace(menu, text=messages[-1].text, image=messages[-1].image, image_alt=messages[-1].image_alt)
    return messages


def split(text: str, limit: int) -> Iterator[str]:
    """`text` in pieces of at most `limit` characters, cut at a paragraph, else a line, a sentence, a word."""
    rest = text.strip()
    while len(rest) > limit:
        cut = _cut(rest, limit)
        yield rest[:cut].rstrip()
        rest = rest[cut:].lstrip()
    if rest:
        yield rest


def _cut(text: str, limit: int) -> int:
    for pause in _PAUSES:
        at = text.rfind(pause, limit // 3, limit - len(pause) + 1)
        if at > 0:
            return at + len(pause)
    return limit


def shorten(title: str, limit: int) -> str:
    """A button's title within `limit` characters, cut between words where that leaves most of it."""
    if len(title) <= limit:
        return title
    head = title[: limit - 1]
    space = head.rfind(" ")
    return (head[:space] if space > limit // 2 else head).rstrip(" ,.;:") + "…"


_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
_LONG_NUMBER = re.compile(r"(?<!\d)\d{9,19}(?!\d)")
# an identity card's twelve digits as people write them: "0641 9000 1234"
_IN_GROUPS = re.compile(r"(?<!\d)(?:\d{3}(?:[ .-]\d{3}){3}|\d{4}(?:[ .-]\d{4}){2,3})(?!\d)")


def mask(text: str) -> str:
    """Phone, identity and bank numbers in free text with all but their last three digits hidden."""
    for pattern in (_IN_GROUPS, _PHONE, _LONG_NUMBER):
        text = pattern.sub(lambda found: "*" * (len(found.group()) - 3) + found.group()[-3:], text)
    return text


def to_body(reply: Reply) -> dict[str, Any]:
    """A reply as the outbox keeps it."""
    return {name: value for name, value in asdict(reply).items() if value}


def from_body(body: dict[str, Any]) -> Reply:
    buttons = tuple(Button(**button) for button in body.get("buttons", ()))
    spoken = tuple(body.get("spoken_buttons", ()))
    facts = body.get("facts", {})
    image, alt = body.get("image", ""), body.get("image_alt", "")
    return Reply(body.get("text", ""), buttons, image, alt, spoken, facts, body.get("asks_contact", False))
