"""Meta's Graph API, played for one Page: the Send API, a few edges around it, and the signed webhooks."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from aiohttp import web

from tests.platforms.graph_messages import (
    GraphRefusal,
    buttons_of,
    check_person,
    check_window,
    graph_error,
    image_of,
    text_of,
)
from tests.platforms.server import Clock, Letter, Platform, utc_now
from tests.platforms.wire import Json, answer, decoded, fields

PAGE_INBOX_APP = 26390203743090
UNSUBSCRIBED_AFTER = timedelta(hours=1)


class GraphPlatform(Platform):
    name = "graph"
    first_person = 7_000_000_000_000_001
    patience_seconds = 5

    def __init__(
        self,
        *,
        page_id: str = "682498171943165",
        page_token: str = "page-token",
        app_id: int | str = 1517776481860111,
        app_secret: str = "app-secret",
        verify_token: str = "verify-token",
        webhook: str = "",
        retry_delays: tuple[float, ...] = (0.0, 0.0, 0.0),
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(webhook, retry_delays, clock)
        self.page_id = page_id
        self.page_token = page_token
        self.app_id = int(app_id)
        self.app_secret = app_secret
        self.verify_token = verify_token
        self.echoes = False  # a message_echoes webhook after each send
        self.get_started = "GET_STARTED"
        self.templates: set[str] = set()  # approved utility templates
        self.uploads: set[str] = set()
        self.posts: list[Json] = []
        self._quick: set[str] = set()  # letters whose buttons are quick replies
        self._failing_since: datetime | None = None

    async def verify(self) -> tuple[int, str]:
        """The handshake before a webhook is saved; the right answer is (200, "1158201444")."""
        query = {"hub.mode": "subscribe", "hub.verify_token": self.verify_token, "hub.challenge": "1158201444"}
        return await self.fetch("GET", self.webhook, params=query)

    # people

    async def says(self, person: str, text: str) -> list[int]:
        return await self._message(person, {"text": text})

    async def presses(self, person: str, payload: str) -> list[int]:
        """A quick reply comes as a message with its title, any other button as a postback."""
        letter = self._offering(person, payload)
        title = next((choice.title for choice in letter.buttons if choice.payload == payload), "") if letter else ""
        if letter and letter.id in self._quick:
            return await self._message(person, {"quick_reply": {"payload": payload}, "text": title})
        return await self._postback(person, title or payload, payload)

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        """Messenger sends words under a photo as a message of their own."""
        attachment = {"type": "image", "payload": {"url": self.new_photo()}}
        statuses = await self._message(person, {"attachments": [attachment]})
        return statuses + (await self.says(person, caption) if caption else [])

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        """There is no place to share any more: people send a link to a map."""
        url = f"https://maps.google.com/?q={latitude},{longitude}"
        return await self._message(
            person, {"text": url, "attachments": [{"type": "fallback", "payload": {"url": url, "title": "Map"}}]}
        )

    async def follows(self, person: str) -> list[int]:
        found = self.person(person)
        found.follows, found.blocked = True, False
        return await self._postback(person, "Bắt đầu", self.get_started)

    async def blocks(self, person: str) -> list[int]:
        """No webhook tells of it: the next send does."""
        self.person(person).blocked = True
        return []

    async def staff_writes(self, person: str, text: str) -> list[int]:
        """Somebody of the office answers in the Page's inbox."""
        letter = self.write(person, self._mid(), text)
        return await self._echo(letter, PAGE_INBOX_APP)

    # webhooks

    async def _message(self, person: str, message: Json) -> list[int]:
        self.heard_from(person)
        return await self._from(person, {"message": {"mid": self._mid(), **message}})

    async def _postback(self, person: str, title: str, payload: str) -> list[int]:
        self.heard_from(person)
        return await self._from(person, {"postback": {"mid": self._mid(), "title": title, "payload": payload}})

    async def _from(self, person: str, what: Json) -> list[int]:
        return await self._event({"sender": {"id": person}, "recipient": {"id": self.page_id}}, what)

    async def _echo(self, letter: Letter, app_id: int, metadata: str = "") -> list[int]:
        told = {"metadata": metadata} if metadata else {}
        message = {"is_echo": True, "app_id": app_id, **told, "mid": letter.id, "text": letter.text}
        return await self._event(
            {"sender": {"id": self.page_id}, "recipient": {"id": letter.person}}, {"message": message}
        )

    async def _event(self, between: Json, what: Json) -> list[int]:
        now = self.now_ms()
        event = {**between, "timestamp": now, **what}
        body = escaped({"object": "page", "entry": [{"id": self.page_id, "time": now, "messaging": [event]}]})
        return await self.deliver(body, {"X-Hub-Signature-256": self.signature(body)})

    def signature(self, body: bytes) -> str:
        return f"sha256={hmac.new(self.app_secret.encode(), body, hashlib.sha256).hexdigest()}"

    def after_delivery(self, status: int) -> None:
        """An hour without one success, and the app is taken off the Page."""
        if not self.tries_again(status):
            self._failing_since = None
            return
        self._failing_since = self._failing_since or self.clock()
        self.unsubscribed = self.clock() - self._failing_since >= UNSUBSCRIBED_AFTER

    def _mid(self) -> str:
        return f"m_{self._run}{self.next_number():012d}"

    # the API

    def routes(self) -> list[web.RouteDef]:
        version = r"/{version:v\d+\.\d+}"
        return [
            web.post(version + "/{page}/messages", self._messages),
            web.post(version + "/{page}/message_attachments", self._checked(self._upload)),
            web.get(version + "/{page}/subscribed_apps", self._checked(self._subscriptions)),
            web.post(version + "/{page}/subscribed_apps", self._checked(self._subscribe)),
            web.post(version + "/{page}/messenger_profile", self._checked(lambda _: {"result": "success"})),
            web.post(version + "/{page}/feed", self._checked(self._publish)),
            web.get(version + "/{node}", self._node),
        ]

    async def _messages(self, request: web.Request) -> web.Response:
        asked = await fields(request)
        return await self.take(request, lambda: self._answered(request, asked, self._accept))

    def _accept(self, asked: Json) -> Json:
        if self.too_fast():
            raise GraphRefusal(613, "(#613) Calls to this api have exceeded the rate limit.")
        person = str(decoded(asked.get("recipient", {})).get("id", ""))
        found = check_person(self.people.get(person))
        if "sender_action" in asked:
            return {"recipient_id": person}
        message = decoded(asked.get("message", {}))
        check_window(asked | {"message": message}, found, self.clock(), self.templates)
        image = image_of(message, asked.get("filedata"), self.uploads)
        letter = self.write(person, self._mid(), text_of(message), buttons_of(message), image)
        if self.echoes:
            self.in_background(self._echo(letter, self.app_id, message.get("metadata", "")))
        if "quick_replies" in message:
            self._quick.add(letter.id)
        return {"recipient_id": person, "message_id": letter.id}

    def _upload(self, asked: Json) -> Json:
        if not isinstance(asked.get("filedata"), bytes) and "url" not in str(asked.get("message")):
            raise GraphRefusal(100, "(#100) Upload attachment failure.", 2018047)
        id = str(secrets.randbelow(10**15) + 10**15)
        self.uploads.add(id)
        return {"attachment_id": id}

    def _subscriptions(self, _asked: Json) -> Json:
        return {"data": [] if self.unsubscribed else [{"id": str(self.app_id), "subscribed_fields": ["messages"]}]}

    def _subscribe(self, _asked: Json) -> Json:
        self.unsubscribed, self._failing_since = False, None
        return {"success": "true"}

    def _publish(self, asked: Json) -> Json:
        self.posts.append({key: value for key, value in asked.items() if key != "access_token"})
        return {"id": f"{self.page_id}_{len(self.posts)}"}

    async def _node(self, request: web.Request) -> web.Response:
        return self._answered(request, await fields(request), lambda _: self._about(request.match_info["node"]))

    def _about(self, node: str) -> Json:
        if node in ("me", self.page_id):
            return {"id": self.page_id, "name": "UBND phường Mẫu"}
        person = check_person(self.people.get(node))
        return {"id": node, "first_name": person.name, "last_name": ""}

    def _checked(self, act: Callable[[Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            return self._answered(request, await fields(request), act)

        return handle

    def _answered(self, request: web.Request, asked: Json, act: Callable[[Json], Json]) -> web.Response:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if (asked.get("access_token") or bearer) != self.page_token:
            return answer(400, graph_error(190, "Invalid OAuth access token."))
        if request.match_info.get("page", "me") not in ("me", self.page_id):
            return answer(400, graph_error(100, "Unsupported post request.", 33))
        try:
            return answer(200, act(asked), {"X-App-Usage": '{"call_count":1,"total_time":1,"total_cputime":1}'})
        except GraphRefusal as error:
            return answer(400, error.body)

    def _offering(self, person: str, payload: str) -> Letter | None:
        """The last letter with this button."""
        letters = reversed(self.letters_to(person))
        return next((letter for letter in letters if payload in (choice.payload for choice in letter.buttons)), None)


def escaped(value: Json) -> bytes:
    """As Meta writes JSON: nothing but ASCII, and a slash as `\\\\/`. These bytes are what it signs."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/").encode()
