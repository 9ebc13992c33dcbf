"""The played platforms as the sandbox needs them: the pictures sent to them can be seen, and events may come twice."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from email.utils import format_datetime
from typing import Any

import orjson
from aiohttp import web

from tests.platforms.graph import GraphPlatform
from tests.platforms.server import Letter, Platform
from tests.platforms.telegram import TelegramPlatform
from tests.platforms.telegram_updates import Pending
from tests.platforms.wire import Json
from tests.platforms.zalo import ZaloPlatform
from tests.platforms.zalo_publishing import Broadcast

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
_IDS = ("attachment_id", "message_id", "post_id", "id")


class Played(Platform):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.pictures: dict[str, bytes] = {}  # by the id that the platform answered with
        self.duplicates = False

    def routes(self) -> list[web.RouteDef]:
        routes = super().routes()  # type: ignore[safe-super]  # the platform's own, which stands behind this class
        return [web.RouteDef(each.method, each.path, self._watched(each.handler), each.kwargs) for each in routes]

    async def deliver(self, body: bytes, headers: Mapping[str, str]) -> list[int]:
        statuses = await super().deliver(body, headers)
        return statuses + (await super().deliver(body, headers) if self.duplicates else [])

    @property
    def is_polled(self) -> bool:
        return False

    def waits_for_fetching(self) -> Callable[[], bool]:
        """Whether what was said last still lies at the platform."""
        return lambda: False

    def picture_of(self, letter: Letter) -> str:
        """The key of its picture, or the address where it is."""
        kept = next((key for key in (letter.image, letter.id) if letter.image and key in self.pictures), "")
        return kept or (letter.image if letter.image.startswith("http") else "")

    def _watched(self, handler: Any) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            file = await _file(request)
            response: web.StreamResponse = await handler(request)
            response.headers["Date"] = format_datetime(self.clock(), usegmt=True)
            if file and isinstance(response, web.Response):
                self.pictures |= dict.fromkeys(_ids(response), file)
            return response

        return handle


class PlayedZalo(Played, ZaloPlatform):
    def _v2_message(self, asked: Json) -> Json:
        """A broadcast is seen on the phones that it reached."""
        before = len(self.publishing.broadcasts)
        answer = super()._v2_message(asked)
        for sent in self.publishing.broadcasts[before:]:
            for person in [id for id in self.people if sent.at in self.users.traits(id).got]:
                self.write(person, sent.id, self.titles_of(sent))
        return answer

    def titles_of(self, sent: Broadcast) -> str:
        articles = self.publishing.articles
        return "\n".join(articles[id]["title"] if id in articles else "Bài viết" for id in sent.articles)


class PlayedMessenger(Played, GraphPlatform):
    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.last_said: dict[str, str] = {}  # person -> the id of their last message

    async def tells(self, person: str, what: Json) -> list[int]:
        if "message" in what:
            self.last_said[person] = what["message"]["mid"]
        return await super().tells(person, what)

    def has_quick_replies(self, letter: Letter) -> bool:
        return letter.id in self._quick


class PlayedTelegram(Played, TelegramPlatform):
    @property
    def is_polled(self) -> bool:
        return not self.webhook

    def waits_for_fetching(self) -> Callable[[], bool]:
        last = self._last
        return lambda: last in self.updates.waiting

    async def _send_out(self, pending: Pending | None) -> list[int]:
        statuses = await super()._send_out(pending)
        if pending and self.duplicates:
            statuses += await super()._send_out(Pending(pending.update, pending.queue, pending.expires_at))
        return statuses


async def _file(request: web.Request) -> bytes:
    """The first file sent along; the platform reads it once more."""
    if request.content_type != "multipart/form-data":
        return b""
    for value in (await request.post()).values():
        if isinstance(value, web.FileField):
            file: bytes = value.file.read()
            value.file.seek(0)
            return file
    return b""


def _ids(response: web.Response) -> Iterator[str]:
    if response.content_type != "application/json" or not isinstance(response.body, bytes):
        return
    answer = orjson.loads(response.body)
    for part in (answer, answer.get("data"), answer.get("result")):
        if isinstance(part, dict):
            yield from (str(part[name]) for name in _IDS if name in part)
