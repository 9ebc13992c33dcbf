"""The sandbox's page over HTTP, on loopback, and for itself only: another site's page must not move our clock."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.channels.webchat.identity import from_our_page
from tests.platforms import photo
from tests.platforms.sandbox_phone import Refused
from tests.platforms.sandbox_players import PLAYERS

if TYPE_CHECKING:
    from tests.platforms.sandbox import Sandbox

LOOKS_EVERY_SECONDS = 0.25
MOST_BYTES = 100_000
_FOLDER = Path(__file__).with_name("web")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Page:
    def __init__(self, sandbox: "Sandbox", port: int) -> None:
        self._sandbox = sandbox
        self._port = port
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._ended = asyncio.Event()
        self._runner: web.AppRunner | None = None
        environment = Environment(loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined)
        self._template = environment.get_template("sandbox.html")
        self._files = {path.name: path for path in _FOLDER.iterdir() if path.suffix in _TYPES}

    async def start(self) -> None:
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[self._guard])
        app.add_routes(self._table())
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()

    async def stop(self) -> None:
        self._ended.set()
        if self._runner:
            await self._runner.cleanup()

    def _table(self) -> list[web.RouteDef]:
        return [
            web.get("/", self._show),
            web.get(r"/static/{name:[a-z_]+\.(?:css|js|svg)}", self._file),
            web.get("/events", self._events, allow_head=False),
            web.get(r"/photos/{number:\d{1,9}}.jpg", photo.serve),
            web.get(r"/pictures/{phone:[a-z]+}/{id:.+}", self._picture),
            web.post("/act", self._done(self._act)),
            web.post("/staff", self._done(self._press)),
            web.post("/clock", self._done(self._move)),
            web.post("/faults", self._done(self._switch)),
        ]

    # who asks

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get("Host") not in self._hosts:  # a name that somebody points at this machine
            raise web.HTTPMisdirectedRequest(text="Sân thử chỉ mở tại http://127.0.0.1.")
        if request.method == "POST" and not from_our_page(request.headers):
            raise web.HTTPForbidden(text="Chỉ trang của sân thử được làm việc này.")
        return await handler(request)

    def _done(self, act: Callable[[Any], Awaitable[None]]) -> Handler:
        async def handle(request: web.Request) -> web.Response:
            try:
                await act(_Asked(orjson.loads(await request.read())))
            except orjson.JSONDecodeError as error:
                raise web.HTTPBadRequest(text="not JSON") from error
            except Refused as refused:
                return web.json_response({"error": str(refused)}, status=409)
            return web.json_response({}, status=202)

        return handle

    # what is shown

    async def _show(self, request: web.Request) -> web.Response:
        html = self._template.render(house=self._sandbox.house, players=PLAYERS)
        return web.Response(text=html, content_type="text/html", headers=self._headers())

    async def _file(self, request: web.Request) -> web.Response:
        path = self._files.get(request.match_info["name"])
        if path is None:
            raise web.HTTPNotFound
        return web.Response(
            body=path.read_bytes(), content_type=_TYPES[path.suffix], charset="utf-8", headers=self._headers()
        )

    async def _picture(self, request: web.Request) -> web.Response:
        phone = self._sandbox.phones.get(request.match_info["phone"])
        picture = phone.platform.pictures.get(request.match_info["id"]) if phone else None
        if picture is None:
            raise web.HTTPNotFound
        kind = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
        return web.Response(body=picture, content_type=kind, headers=self._headers())

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """The whole state whenever it has changed."""
        player = request.query.get("player", "")
        try:
            self._sandbox.state(player)
        except Refused as refused:
            raise web.HTTPNotFound(text=str(refused)) from refused
        response = web.StreamResponse(headers=self._headers() | {"Content-Type": "text/event-stream"})
        with contextlib.suppress(ConnectionError):
            await response.prepare(request)
            await self._relay(response, player)
        return response

    async def _relay(self, response: web.StreamResponse, player: str) -> None:
        told = b""
        while not self._ended.is_set():
            state = orjson.dumps(self._sandbox.state(player))
            if state != told:
                await response.write(b"data: " + state + b"\n\n")
                told = state
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ended.wait(), LOOKS_EVERY_SECONDS)

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Security-Policy": (
                f"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
                f"img-src 'self' {self._sandbox.house}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
            ),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    # what is done

    async def _act(self, asked: "_Asked") -> None:
        words, payload = asked.word("words"), asked.word("payload")
        self._sandbox.act(asked.word("phone"), asked.word("player"), asked.word("act"), words, payload)

    async def _press(self, asked: "_Asked") -> None:
        self._sandbox.press_in_staff_group(asked.word("player"), asked.word("payload"))

    async def _move(self, asked: "_Asked") -> None:
        self._sandbox.move(asked.word("step"))

    async def _switch(self, asked: "_Asked") -> None:
        await self._sandbox.switch(asked.word("phone"), asked.word("fault"), asked.word("on") == "yes")


class _Asked:
    def __init__(self, fields: object) -> None:
        self._fields = fields if isinstance(fields, dict) else {}

    def word(self, name: str) -> str:
        value = self._fields.get(name, "")
        return value if isinstance(value, str) else ""
