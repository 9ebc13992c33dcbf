"""One page's server-sent events: what is pushed, and the history read again to fill what no push carried."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.channels.webchat.audience import Ear, Signal
from bot.channels.webchat.limits import AGAIN_SECONDS, BEAT_SECONDS, OVERLAP_MS
from bot.channels.webchat.lines import Line, now_ms

_HEADERS = {
    "Content-Type": "text/event-stream; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would hold the events back
}


class Stream:
    """`read(after_ms)` is this person's history, `pack` the page's view of lines."""

    def __init__(
        self,
        ear: Ear,
        read: Callable[[int], Awaitable[list[Line]]],
        pack: Callable[[list[Line]], dict[str, Any]],
        headers: dict[str, str],
    ) -> None:
        self.response = web.StreamResponse(headers=_HEADERS | headers)
        self._ear = ear
        self._read = read
        self._pack = pack
        self._told: set[tuple[str, str]] = set()

    async def relay(self, after_ms: int) -> None:
        """Until the citizen leaves or the server stops."""
        after_ms = await self._catch_up(after_ms)
        clock = asyncio.get_running_loop().time
        read_at = clock() + AGAIN_SECONDS
        while True:
            news = await self._next(read_at)
            if isinstance(news, Line):
                await self._tell([news])
            elif news is None:
                after_ms = await self._catch_up(after_ms)
                await self._event("beat", {})
                read_at = clock() + BEAT_SECONDS
            elif await self._heed(news):
                return

    async def _next(self, until: float) -> Line | Signal | None:
        try:
            async with asyncio.timeout_at(until):
                return await self._ear.heard.get()
        except TimeoutError:
            return None

    async def _heed(self, signal: Signal) -> bool:
        """Whether that was the end."""
        if signal is not Signal.END:
            await self._event(signal.value, {})
        return signal is not Signal.TYPING

    async def _catch_up(self, after_ms: int) -> int:
        """Tells what is new in the history; where the next reading begins."""
        begins_ms = now_ms() - OVERLAP_MS
        await self._tell(await self._read(after_ms))
        return max(after_ms, begins_ms)

    async def _tell(self, lines: list[Line]) -> None:
        # A line pushed as the bot's turns out a clerk's in the history: then the page hears it again.
        news = [line for line in lines if (line.id, line.author) not in self._told]
        self._told.update((line.id, line.author) for line in news)
        if news:
            await self._event("lines", self._pack(news))

    async def _event(self, name: str, data: dict[str, Any]) -> None:
        await self.response.write(b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data)))
