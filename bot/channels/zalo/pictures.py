"""The pictures we send by upload: one upload serves a whole campaign, for Zalo counts them (5 000 a month)."""

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.channel import Failure, SendError
from bot.channels.zalo.limits import PICTURE_BYTES, PICTURE_SECONDS


class Pictures:
    def __init__(self, read: Callable[[str], Awaitable[bytes]], upload: Callable[[bytes], Awaitable[str]]) -> None:
        self._read, self._upload = read, upload
        self._known: dict[str, tuple[str, float]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def attachment_id(self, name: str) -> str:
        async with self._one_at_a_time:
            known, until = self._known.get(name, ("", 0.0))
            if known and time.monotonic() < until:
                return known
            uploaded = await self._upload(await self._bytes(name))
            self._known[name] = (uploaded, time.monotonic() + PICTURE_SECONDS)
            return uploaded

    def forget(self, name: str) -> bool:
        return self._known.pop(name, None) is not None

    async def _bytes(self, name: str) -> bytes:
        picture = await self._read(name)
        if len(picture) > PICTURE_BYTES:
            raise SendError(Failure.REJECTED, f"the picture {name} is larger than {PICTURE_BYTES} bytes")
        return picture
