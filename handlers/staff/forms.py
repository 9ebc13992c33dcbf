"""What a person typed, made harmless and tidy."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from aiohttp import web

FORM_BYTES = 200_000


class Unreadable(Exception):
    """The body is no form of ours."""


def tidy(text: str) -> str:
    """Composed letters, plain line ends, no control characters (PostgreSQL refuses some of them)."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in plain if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))


@dataclass(frozen=True, slots=True)
class Form:
    fields: Mapping[str, list[str]] = field(default_factory=dict)

    def raw(self, name: str) -> str:
        """As typed: for passwords and tokens."""
        return self.fields.get(name, [""])[0]

    def text(self, name: str, most: int = 4000) -> str:
        return tidy(self.raw(name)).strip()[:most]

    def line(self, name: str, most: int = 300) -> str:
        return re.sub(r"\s+", " ", self.text(name, most))

    def ticked(self, name: str) -> bool:
        return bool(self.raw(name))

    def all(self, name: str) -> list[str]:
        return self.fields.get(name, [])

    def count(self, name: str) -> int:
        """A whole number; 0 when there is none."""
        typed = self.raw(name)
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0

    def day(self, name: str) -> date | None:
        return as_day(self.raw(name))

    def hour(self, name: str) -> time | None:
        found = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?", self.raw(name).strip())
        return time(int(found[1]), int(found[2])) if found else None


def as_day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None


async def read_form(request: web.Request) -> Form:
    """The fields of a form posted as `application/x-www-form-urlencoded`. Raises `Unreadable`."""
    if request.content_type != "application/x-www-form-urlencoded" or (request.content_length or 0) > FORM_BYTES:
        raise Unreadable
    try:
        posted: Mapping[str, Any] = await request.post()
    except (ValueError, LookupError, web.HTTPRequestEntityTooLarge) as error:
        raise Unreadable from error
    fields: dict[str, list[str]] = {}
    for name, value in posted.items():
        fields.setdefault(name, []).append(str(value))
    return Form(fields)
