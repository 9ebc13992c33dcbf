"""The servers that are measured: `python -m tests.bench.servers NAME PORT [DATABASE_URL]`."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable

import uvloop
from aiohttp import web
from sqlmodel import Session

from bot import webhooks
from bot.channels.zalo import Tokens, Zalo
from bot.messages import Event
from bot.outgoing import Outgoing
from data.clock import utc_now
from data.database import Database, open_engine
from data.tables import Arrival

APP_ID, SECRET, OA_ID, ACCOUNT = "360846524940903967", "bench-secret", "388613280878808645", 1
Handler = Callable[[web.Request], Awaitable[web.Response]]


class _NoTokens:
    async def read(self) -> None:
        return None

    async def claim(self, seconds: int) -> bool:
        return False

    async def keep(self, pair: object) -> None: ...

    async def release(self) -> None: ...


def _zalo() -> Zalo:
    outgoing = Outgoing()
    tokens = Tokens(APP_ID, SECRET, "http://127.0.0.1:9", _NoTokens(), outgoing, utc_now)
    return Zalo(APP_ID, (SECRET,), OA_ID, tokens, "http://127.0.0.1:9", outgoing)


async def bare(request: web.Request) -> web.Response:
    """What aiohttp can do at all: a handler that does nothing."""
    return web.Response()


def unstored(url: str) -> Handler:
    """Read, verified, parsed: the ceiling of any webhook that keeps nothing."""

    async def forget(event: Event) -> None: ...

    return webhooks.post(_zalo(), forget)


def durable(url: str) -> Handler:
    """Loa's own: on the disk before the 200, one commit for all that wait."""
    database = Database(url)
    database.open()

    async def store(event: Event) -> None:
        now_ms = time.time_ns() // 1_000_000
        await database.store((event.at_ms, event.id, ACCOUNT, event.person, now_ms, event.body))

    return webhooks.post(_zalo(), store)


def one_commit_each(url: str) -> Handler:
    """The usual way: an ORM session and a commit a request, in a thread."""
    engine = open_engine(url)

    def insert(event: Event) -> None:
        with Session(engine) as session:
            now_ms = time.time_ns() // 1_000_000
            session.add(
                Arrival(
                    event_at_ms=event.at_ms, event_id=event.id, account_id=ACCOUNT, person=event.person,
                    received_at_ms=now_ms, body=event.body,
                )
            )  # fmt: skip
            session.commit()

    async def store(event: Event) -> None:
        await asyncio.get_running_loop().run_in_executor(None, insert, event)

    return webhooks.post(_zalo(), store)


SERVERS: dict[str, Callable[[str], Handler]] = {
    "bare": lambda url: bare,
    "unstored": unstored,
    "durable": durable,
    "one commit each": one_commit_each,
}


async def _serve(name: str, port: int, url: str) -> None:
    app = web.Application()
    app.router.add_post("/webhooks/zalo", SERVERS[name](url))
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(_serve(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else ""))
