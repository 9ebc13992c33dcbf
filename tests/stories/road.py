"""The road from a platform's webhook to ours, with what may befall an event on it."""

import asyncio
import itertools
from collections.abc import Mapping

import aiohttp
from aiohttp import web

from tests.platforms.wire import reset

_CARRIED = ("Content-Type", "X-ZEvent-Signature", "X-Hub-Signature-256", "X-Telegram-Bot-Api-Secret-Token")
FORGED_WORDS = b"gia mao"
_PACES = 8  # events under way at once arrive in another order than they left


class Road:
    def __init__(self, to: str) -> None:
        self.url = ""
        self.twice = False  # each event arrives two times, at the same moment
        self.disorder = False
        self.loses_answers = False  # of each event's first delivery: the platform must think that we never got it
        self.blocked = False  # nothing arrives
        self.forgers_every = 0  # before each n-th event somebody without the secret sends one with the same id
        self.answers_to_forgers: list[int] = []
        self._to = to
        self._numbers = itertools.count(1)
        self._answered: set[bytes] = set()

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/", self._carry)
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/"

    async def close(self) -> None:
        await self._runner.cleanup()
        await self._session.close()

    async def _carry(self, request: web.Request) -> web.Response:
        if self.blocked:
            return web.Response(status=503)
        body, number = await request.read(), next(self._numbers)
        headers = {name: request.headers[name] for name in _CARRIED if name in request.headers}
        if self.forgers_every and number % self.forgers_every == 0:
            await self._forge(body, headers)
        if self.disorder:
            await asyncio.sleep(number * 5 % _PACES * 0.01)
        statuses = await asyncio.gather(*(self._post(body, headers) for _ in range(2 if self.twice else 1)))
        if self.loses_answers and body not in self._answered:
            self._answered.add(body)
            reset(request)
        return web.Response(status=max(statuses))

    async def _forge(self, body: bytes, headers: Mapping[str, str]) -> None:
        guessed = {name: value if name == "Content-Type" else value[::-1] for name, value in headers.items()}
        self.answers_to_forgers.append(await self._post(body.replace(b"lam giay", FORGED_WORDS), guessed))

    async def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        async with self._session.post(self._to, data=body, headers=headers) as response:
            return response.status
