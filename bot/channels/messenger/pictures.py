"""Pictures in messages: an address that Meta fetches, or bytes of ours, uploaded once and then known by an id."""

from collections.abc import Awaitable, Callable

import aiohttp
import orjson

from bot.channels.messenger.bodies import image
from bot.channels.messenger.errors import DEAD_ATTACHMENT, Refused
from bot.channels.messenger.graph import Fields, Graph


class Pictures:
    def __init__(self, graph: Graph, read: Callable[[str], Awaitable[bytes]]) -> None:
        self._graph, self._read = graph, read
        self._ids: dict[str, str] = {}

    async def send(self, name: str, envelope: Callable[[Fields], Fields]) -> Fields:
        """`envelope` puts a message into the body that carries it. The ids die after 90 days."""
        try:
            return await self._send(name, envelope)
        except Refused as refused:
            if refused.codes != DEAD_ATTACHMENT or not self._ids.pop(name, None):
                raise
            return await self._send(name, envelope)

    async def _send(self, name: str, envelope: Callable[[Fields], Fields]) -> Fields:
        known = self._ids.get(name)
        if known:
            return await self._graph.post("messages", envelope(image({"attachment_id": known})))
        body: Fields | aiohttp.FormData
        if name.startswith("https://"):
            body = envelope(image({"url": name, "is_reusable": True}))
        else:
            body = form(envelope(image({"is_reusable": True})), "filedata", await self._read(name))
        sent = await self._graph.post("messages", body)
        if sent.get("attachment_id"):
            self._ids[name] = str(sent["attachment_id"])
        return sent


def form(fields: Fields, name: str, picture: bytes) -> aiohttp.FormData:
    """`fields` with a picture beside them, as multipart."""
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    made = aiohttp.FormData()
    for key, value in fields.items():
        made.add_field(key, value if isinstance(value, str) else orjson.dumps(value).decode())
    made.add_field(name, picture, filename=f"picture.{kind}", content_type=f"image/{kind}")
    return made
