"""The page's HTTP: what a citizen's browser may ask and post."""

import contextlib
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aiohttp import BodyPartReader, web

from bot.channels.webchat import cookies, payloads, refusal
from bot.channels.webchat.admission import Admission, origin
from bot.channels.webchat.audience import Audience
from bot.channels.webchat.identity import Seals
from bot.channels.webchat.limits import BODY_BYTES, HISTORY_LINES, PHOTO_BYTES
from bot.channels.webchat.lines import Line, now_ms, shown
from bot.channels.webchat.page import SAFE_HEADERS, Page, Paper
from bot.channels.webchat.photos import Photos
from bot.channels.webchat.refusal import BEGUN, Refused, courteous
from bot.channels.webchat.stream import Stream
from bot.channels.webchat.widget import Widget
from bot.messages import Event

_PRIVATE = SAFE_HEADERS | {"Cache-Control": "no-store"}


class Routes:
    def __init__(
        self,
        seals: Seals,
        audience: Audience,
        arrive: Callable[[Event], Awaitable[None]],
        history: Callable[[str, int], Awaitable[list[Line]]],
        photos: Photos,
        page: Callable[[], Awaitable[Page]],
        admission: Admission,
        widget: Widget,
    ) -> None:
        self._seals = seals
        self._audience = audience
        self._arrive = arrive
        self._history = history
        self._photos = photos
        self._page = page
        self._admission = admission
        self._widget = widget
        self._paper = Paper()

    def table(self) -> list[web.RouteDef]:
        files = [web.get(f"/static/{name}", self._paper.file) for name in self._paper.file_names]
        return [
            web.get("/", courteous(self._show_page)),
            web.get("/widget", courteous(self._show_frame)),
            web.get("/widget.js", courteous(self._show_script)),
            *files,
            web.post("/chat/messages", courteous(self._take_message)),
            web.post("/chat/photos", courteous(self._take_photo)),
            web.post("/chat/leave", courteous(self._leave)),
            web.get("/chat/photos/{name:.+}", courteous(self._show_photo)),
            web.get("/chat/history", courteous(self._show_history)),
            web.get("/chat/stream", courteous(self._stream), allow_head=False),
        ]

    async def _show_page(self, request: web.Request) -> web.Response:
        answer = self._paper.page(await self._page())
        cookies.remember(request, answer)
        return answer

    async def _show_frame(self, request: web.Request) -> web.Response:
        answer = self._paper.page(await self._page(), self._widget.frame_headers, framed=True)
        cookies.remember_in_frame(request, answer)
        return answer

    async def _show_script(self, request: web.Request) -> web.Response:
        return self._widget.script(request, await self._page())

    async def _leave(self, request: web.Request) -> web.Response:
        """For a computer that others use too: the next page begins as a stranger's."""
        origin(request.headers, self._seals)
        answer = web.json_response({}, headers=_PRIVATE)
        cookies.forget(request, answer)
        return answer

    async def _take_message(self, request: web.Request) -> web.Response:
        person = self._admission.writer(request)
        if request.content_type != "application/json":
            raise Refused(415, refusal.UNREADABLE)
        body = await _read(request.content.readany, BODY_BYTES, refusal.TOO_LONG)
        event = payloads.event(body, person, self._seals, now_ms())
        await self._store(event)
        return web.json_response({"at": event.at_ms}, status=202, headers=_PRIVATE)

    async def _store(self, event: Event) -> None:
        # Before it arrives: the answer may be out before `arrive` is back.
        self._audience.expect(event.person, time.monotonic())
        arrived = False
        try:
            await self._arrive(event)
            arrived = True
        finally:
            if not arrived:
                self._audience.answered(event.person)
        text, photos = payloads.spoken(event)
        line = Line(event.id, "citizen", text, (), photos, "", event.at_ms)
        if line.visible:
            self._audience.tell(event.person, line)
        self._audience.show_typing(event.person)

    async def _take_photo(self, request: web.Request) -> web.Response:
        person = self._admission.writer(request)
        try:
            name = await self._photos.keep(await _photo(request))
        except ValueError as error:
            raise Refused(400, str(error)) from error
        return web.json_response({"photo": self._seals.seal_photo(person, name)}, headers=_PRIVATE)

    async def _show_photo(self, request: web.Request) -> web.Response:
        name = self._seals.photo(self._admission.reader(request), request.match_info["name"])
        try:
            data = await self._photos.read(name) if name else b""
        except FileNotFoundError:
            data = b""
        if not data:
            raise Refused(404, refusal.NO_PHOTO)
        headers = SAFE_HEADERS | {"Cache-Control": "private, max-age=31536000, immutable"}
        return web.Response(body=data, content_type="image/jpeg", headers=headers)

    async def _show_history(self, request: web.Request) -> web.Response:
        person = self._admission.reader(request)
        lines = await self._read_history(person, _after(request))
        return web.json_response(self._pack(person, lines), headers=_PRIVATE)

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        person, after_ms = self._admission.reader(request), _after(request)
        with self._audience.listening(person, lambda: request.transport is None, time.monotonic()) as ear:
            stream = Stream(ear, partial(self._read_history, person), partial(self._pack, person), SAFE_HEADERS)
            request[BEGUN] = stream.response
            with contextlib.suppress(ConnectionError):
                await stream.response.prepare(request)
                await stream.relay(after_ms)
        return stream.response

    async def _read_history(self, person: str, after_ms: int) -> list[Line]:
        lines = await self._history(person, after_ms)
        return [line for line in lines if line.visible][-HISTORY_LINES:]

    def _pack(self, person: str, lines: list[Line]) -> dict[str, Any]:
        seal = partial(self._seals.seal_photo, person)
        return {"lines": [shown(line, seal) for line in lines], "now": now_ms()}


def _after(request: web.Request) -> int:
    after = request.query.get("after", "0")
    return int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0


async def _read(chunk: Callable[[], Awaitable[bytes]], most: int, sentence: str) -> bytes:
    data = bytearray()
    while piece := await chunk():
        data += piece
        if len(data) > most:
            raise Refused(413, sentence)
    return bytes(data)


async def _photo(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        raise Refused(415, refusal.PHOTO_MISSING)
    try:
        part = await (await request.multipart()).next()
    except (ValueError, AssertionError) as error:
        raise Refused(400, refusal.PHOTO_MISSING) from error
    if not isinstance(part, BodyPartReader) or part.name != "photo":
        raise Refused(400, refusal.PHOTO_MISSING)
    return await _read(part.read_chunk, PHOTO_BYTES, refusal.PHOTO_TOO_LARGE)
