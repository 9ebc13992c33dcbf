"""What a screen is given: who asks, what was typed, and the few ways in which it may answer."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.channel import Channel, Limits, Way
from bot.channels.webchat.pace import Pace, address
from bot.channels.webchat.webchat import LOOPBACK
from data.audit import Actor
from data.database import Database
from data.staff import RIGHTS
from data.tables import Staff, StaffSession, Unit
from handlers.citizens.talk import Knowledge
from handlers.staff import words
from handlers.staff.forms import Form
from handlers.staff.pages import Pages

ANYONE, MEMBER = "", "member"  # beside the rights of data.staff.RIGHTS: signed in or not, and signed in


async def _nothing(channel: str) -> None:
    """Where no channel runs, there is none to tell."""


@dataclass(frozen=True)
class Console:
    database: Database
    home: Path  # LOA_HOME
    channels: Mapping[int, Channel]  # by account id: those that are switched on
    wake: Callable[[], None]  # a delivery was laid: let it leave at once
    clock: Callable[[], datetime]
    learned: Callable[[], Knowledge | None] = lambda: None  # what the bot answers with now, where it runs
    public_url: str = ""  # where platforms find us; "" on a machine without a public address
    webhook: Callable[[str], str] = lambda channel: ""  # where this platform delivers; "" where we ask it ourselves
    rules_changed: Callable[[str], Awaitable[None]] = _nothing  # a channel's rules are to be read anew
    staff_chat: tuple[int, str] | None = None  # account id and chat of the staff group
    staff_link: Callable[[str], str] = lambda secret: ""  # where a member opens the bot to be known by it

    @property
    def console(self) -> str:
        """The console's own address, where one can be told to others."""
        return f"{self.public_url}/staff" if self.public_url else ""

    def limits(self, account_id: int) -> Limits | None:
        channel = self.channels.get(account_id)
        return channel.limits if channel else None

    def ways(self, account_id: int) -> tuple[Way, ...]:
        channel = self.channels.get(account_id)
        return channel.ways if channel else ()


class Refusal(Exception):
    """A calm page in place of what was asked; `typed` is shown again, so that nobody types it twice."""

    def __init__(self, status: int, title: str, advice: str, *, typed: str = "") -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.advice = advice
        self.typed = typed


def not_found() -> Refusal:
    return Refusal(404, "Không tìm thấy trang này", "Địa chỉ có thể đã gõ sai, hoặc mục này không còn nữa.")


@dataclass(frozen=True, slots=True)
class Entered:
    """A session in force."""

    session: StaffSession
    member: Staff
    unit: Unit


@dataclass(frozen=True, slots=True)
class Visit:
    console: Console
    pages: Pages
    pace: Pace  # of the attempts to sign in, by address
    request: web.Request
    now: datetime
    entered: Entered | None = None
    form: Form = field(default_factory=Form)

    @property
    def database(self) -> Database:
        return self.console.database

    @property
    def member(self) -> Staff:
        assert self.entered
        return self.entered.member

    @property
    def member_id(self) -> int:
        assert self.member.id
        return self.member.id

    @property
    def unit(self) -> Unit:
        assert self.entered
        return self.entered.unit

    @property
    def address(self) -> str:
        return address(self.request.remote, self.request.headers, LOOPBACK)

    @property
    def actor(self) -> Actor:
        return Actor(self.member.username, self.member_id, self.address)

    @property
    def csrf(self) -> str:
        return self.entered.session.csrf if self.entered else ""

    @property
    def done(self) -> str:
        """What the act before this page came to, in words."""
        return words.DONE.get(self.request.query.get("done", ""), "")

    def may(self, right: str) -> bool:
        if right == MEMBER:
            return self.entered is not None
        return self.entered is not None and right in RIGHTS.get(self.entered.member.role, ())

    def number(self, name: str) -> int:
        """A number in the path or the query; 0 when there is none."""
        text = self.request.match_info.get(name) or self.request.query.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    def page(self, template: str, *, status: int = 200, **values: Any) -> web.Response:
        text = self.pages.render(template, visit=self, **values)
        answer = web.Response(text=text, status=status, content_type="text/html")
        answer.enable_compression()
        return answer

    def back(self, path: str, done: str = "") -> web.Response:
        """On to a page, so that reloading it repeats nothing."""
        location = f"{path}?{urlencode({'done': done})}" if done else path
        return web.Response(status=303, headers={"Location": location})
