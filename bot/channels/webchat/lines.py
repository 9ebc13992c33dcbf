"""One line of the conversation as the page shows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.messages import Button


def now_ms() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """`id` is the event's id for a citizen's line and the id that `send` returned for ours: the page knows by it
    what it already shows."""

    id: str
    author: str  # citizen | bot | staff
    text: str
    buttons: tuple[Button, ...]
    images: tuple[str, ...]  # https addresses, paths of this site, or stored names
    image_alt: str
    at_ms: int

    @property
    def visible(self) -> bool:
        return bool(self.text or self.buttons or self.images)


def shown(line: Line, seal: Callable[[str], str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "author": line.author,
        "text": without_menu(line.text, line.buttons),
        "buttons": [{"title": b.title, "payload": b.payload, "url": b.url} for b in line.buttons],
        "images": [_address(image, seal) for image in line.images],
        "alt": line.image_alt,
        "at": line.at_ms,
    }


def without_menu(text: str, buttons: tuple[Button, ...]) -> str:
    """The text without the numbered lines that its buttons repeat."""
    menu = [f"{number}. {b.title}" + (f": {b.url}" if b.url else "") for number, b in enumerate(buttons, 1)]
    lines = text.rstrip().split("\n")
    if not menu or [line.strip() for line in lines[-len(menu) :]] != [" ".join(m.split()) for m in menu]:
        return text
    return "\n".join(lines[: -len(menu)]).rstrip()


def photo_path(sealed: str) -> str:
    return f"/chat/photos/{quote(sealed)}"


def _address(image: str, seal: Callable[[str], str]) -> str:
    return image if image.startswith(("https://", "/")) else photo_path(seal(image))
