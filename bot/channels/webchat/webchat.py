"""The citizen's chat on our own page, as a channel."""

import secrets
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from bot.channel import PLAIN, Failure, Forged, Limits, Malformed, SendError, Sending, Way
from bot.channels.webchat import payloads
from bot.channels.webchat.admission import Admission, origin
from bot.channels.webchat.audience import Audience
from bot.channels.webchat.identity import Seals
from bot.channels.webchat.limits import LIMITS, WAYS
from bot.channels.webchat.lines import Line, now_ms
from bot.channels.webchat.page import Page
from bot.channels.webchat.photos import Photos
from bot.channels.webchat.refusal import Refused
from bot.channels.webchat.routes import Routes
from bot.channels.webchat.widget import Widget
from bot.messages import Attachment, Event, Ignored, Incoming, Reply

LOOPBACK = frozenset({"127.0.0.1", "::1"})


class WebChat:
    name = "webchat"
    limits: Limits = LIMITS
    ways: tuple[Way, ...] = WAYS

    def __init__(
        self,
        *,
        account: str,
        secret: bytes,
        arrive: Callable[[Event], Awaitable[None]],
        history: Callable[[str, int], Awaitable[list[Line]]],
        photos: Photos,
        page: Callable[[], Awaitable[Page]],
        proxies: frozenset[str] = LOOPBACK,
        sites: frozenset[str] = frozenset(),
    ) -> None:
        """`history(person, after_ms)` gives lines with `at_ms >= after_ms` in order; `proxies` are the addresses
        whose X-Forwarded-For is believed; `sites` the origins (`https://host`) that may hold the page in a frame."""
        self.account = account
        self._photos = photos
        self._seals = Seals(secret)
        self._audience = Audience()
        admission = Admission(self._seals, proxies)
        self._routes = Routes(self._seals, self._audience, arrive, history, photos, page, admission, Widget(sites))

    def routes(self) -> list[web.RouteDef]:
        return self._routes.table()

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        try:
            person = origin(headers, self._seals)
            return [payloads.event(body, person, self._seals, now_ms())]
        except Refused as refused:
            raise (Forged if refused.status in (401, 403) else Malformed)(refused.sentence) from refused

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.incoming(body)

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        images = (reply.image,) if reply.image else ()
        line = Line(secrets.token_hex(16), "bot", reply.text, reply.buttons, images, reply.image_alt, now_ms())
        self._audience.answered(person)
        self._audience.tell(person, line)
        return line.id

    async def fetch(self, attachment: Attachment) -> bytes:
        try:
            return await self._photos.read(attachment.source)
        except FileNotFoundError as error:
            raise SendError(Failure.REJECTED, "no such photo") from error

    async def open(self) -> None:
        """Nothing to connect to."""

    async def close(self) -> None:
        self._audience.end()

    async def end_streams(self, _app: web.Application) -> None:
        """For `app.on_shutdown`: aiohttp waits for open responses before it lets anyone close."""
        self._audience.end()
