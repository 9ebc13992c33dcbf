"""`GET /health`: is the house well, in JSON, for whoever watches it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlmodel import Session, select

from data import inbox, outbox
from data.database import Database
from data.tables import Account
from data.writer import Unwritable

PATIENCE_SECONDS = 3


@dataclass(frozen=True)
class Health:
    database: Database
    channels: Callable[[], dict[str, str]]  # name -> "connected", "connecting" or "off"
    stale_ticks: Callable[[], list[str]]

    async def answer(self, request: web.Request) -> web.Response:
        found = await self.look()
        return web.json_response(found, status=200 if found["status"] == "ok" else 503)

    async def look(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                backlog = await self.database.read(_backlog)
                await self.database.write(_nothing)
                database, trouble = "ok", await self.database.read(_trouble)
        except (Unwritable, TimeoutError):
            database, backlog, trouble = "unwritable", {}, {}
        stale = self.stale_ticks()
        return {
            "status": "ok" if database == "ok" and not stale else "trouble",
            "database": database,
            "channels": self.channels(),
            "trouble": trouble,
            "backlog": backlog,
            "clock": "ok" if not stale else f"late: {', '.join(stale)}",
        }


def _nothing(session: Session) -> None:
    """A transaction that changes nothing still needs a database that can be written."""


def _backlog(session: Session) -> dict[str, int]:
    return {
        **{f"arrivals_{state}": count for state, count in inbox.backlog(session).items()},
        "deliveries": outbox.backlog(session),
    }


def _trouble(session: Session) -> dict[str, str]:
    return {row.channel: row.trouble for row in session.exec(select(Account).where(Account.trouble != ""))}
