"""`GET /health`: is the house well, in JSON, for whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from sqlmodel import Session, select

from data import inbox, outbox
from data.database import Database
from data.tables import Account
from data.writer import Unwritable

CLOCK_STOPPED = timedelta(minutes=2)


@dataclass(frozen=True)
class Health:
    database: Database
    channels: Callable[[], dict[str, str]]  # name -> "connected", "connecting" or "off"
    last_tick: Callable[[], datetime | None]
    clock: Callable[[], datetime]

    async def answer(self, request: web.Request) -> web.Response:
        found = await self.look()
        return web.json_response(found, status=200 if found["status"] == "ok" else 503)

    async def look(self) -> dict[str, Any]:
        try:
            backlog = await self.database.read(_backlog)
            await self.database.write(_nothing)
            database, trouble = "ok", await self.database.read(_trouble)
        except Unwritable:
            database, backlog, trouble = "unwritable", {}, {}
        ticking = self._is_ticking()
        return {
            "status": "ok" if database == "ok" and ticking else "trouble",
            "database": database,
            "channels": self.channels(),
            "trouble": trouble,
            "backlog": backlog,
            "clock": "ok" if ticking else "stopped",
        }

    def _is_ticking(self) -> bool:
        last = self.last_tick()
        return last is not None and self.clock() - last < CLOCK_STOPPED


def _nothing(session: Session) -> None:
    """A transaction that changes nothing still needs a database that can be written."""


def _backlog(session: Session) -> dict[str, int]:
    return {
        **{f"arrivals_{state}": count for state, count in inbox.backlog(session).items()},
        "deliveries": outbox.backlog(session),
    }


def _trouble(session: Session) -> dict[str, str]:
    return {row.channel: row.trouble for row in session.exec(select(Account).where(Account.trouble != ""))}
