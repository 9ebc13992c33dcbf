"""Zalo, played: OAuth, the OA API and the signed webhooks of one app and one OA."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

import orjson
from aiohttp import web

from tests.platforms.server import NOBODY_ANSWERED, Clock, Platform, utc_now
from tests.platforms.wire import Json, decoded, fields
from tests.platforms.zalo_answers import ZaloRefusal, refusal, success
from tests.platforms.zalo_messages import buttons_of, check_person, check_text, image_of
from tests.platforms.zalo_oauth import ZaloOAuth
from tests.platforms.zalo_publishing import ZaloPublishing

RETRY_DELAYS = (30.0, 300.0, 900.0, 1800.0, 3600.0)
IMAGE_BYTES = 1_000_000


class ZaloPlatform(Platform):
    name = "zalo"
    first_person = 4_000_000_000_000_001
    patience_seconds = 2

    def __init__(
        self,
        *,
        app_id: str = "360846524940903967",
        app_secret: str = "app-secret",
        oa_id: str = "388613280878808645",
        oa_secret: str = "oa-secret",
        access_token: str = "access-token-1",
        refresh_token: str = "refresh-token-1",
        webhook: str = "",
        retry_delays: tuple[float, ...] = RETRY_DELAYS,
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(webhook, retry_delays, clock)
        self.app_id = app_id
        self.oa_id = oa_id
        self.oa_secret = oa_secret
        self.oauth = ZaloOAuth(app_id, app_secret, oa_id, clock)
        self.oauth.issue(access_token, refresh_token)
        self.blocked_answer = -217  # or -244
        self.refuses_buttons = False  # -233, as the official SDK has it
        self.tells_quota = False  # the block that stopped coming on 2026-03-01
        self.echoes = False  # an oa_send_text webhook after each send
        self.retries_refusals = False  # seen: an answer other than 200 loses the event
        self.publishing = ZaloPublishing(clock, self._followers)
        self.uploads: dict[str, datetime] = {}

    # people

    async def says(self, person: str, text: str) -> list[int]:
        return await self._sent(person, "user_send_text", {"text": text})

    async def presses(self, person: str, payload: str) -> list[int]:
        return await self.says(person, payload)

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        url = self.new_photo()
        attachment = {"type": "image", "payload": {"thumbnail": url, "url": url}}
        return await self._sent(person, "user_send_image", {"text": caption, "attachments": [attachment]})

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        coordinates = {"latitude": str(latitude), "longitude": str(longitude)}
        attachment = {"type": "location", "payload": {"coordinates": coordinates}}
        return await self._sent(person, "user_send_location", {"attachments": [attachment]})

    async def follows(self, person: str) -> list[int]:
        found = self.heard_from(person)
        found.follows, found.blocked = True, False
        return await self._event("follow", person, {"follower": {"id": person}, "source": "oa_profile"})

    async def blocks(self, person: str) -> list[int]:
        found = self.person(person)
        found.follows, found.blocked = False, True
        return await self._event("unfollow", person, {"follower": {"id": person}, "source": "oa_profile"})

    async def clicks_chat(self, person: str) -> list[int]:
        self.heard_from(person)
        return await self._event("user_click_chatnow", person, {"user_id": person})

    async def withdraws(self, person: str) -> list[int]:
        return await self._event("user_withdraw", person, {"user_id": person})

    async def staff_writes(self, person: str, text: str) -> list[int]:
        """Somebody of the office answers in Zalo's own console."""
        id = self._message_id()
        self.write(person, id, text)
        sender = {"id": self.oa_id, "admin_id": "4572947693969771653"}
        return await self._echo(person, {"text": text, "msg_id": id}, sender)

    async def probe(self) -> int:
        """The unsigned empty request by which Zalo tries a webhook before it saves it."""
        status, _ = await self.fetch("POST", self.webhook, data=b"{}", headers={"Content-Type": "application/json"})
        return status

    # webhooks

    async def _sent(self, person: str, name: str, message: Json) -> list[int]:
        self.heard_from(person)
        more = {"sender": {"id": person}, "recipient": {"id": self.oa_id}}
        said = {key: value for key, value in message.items() if value}
        return await self._event(name, person, more | {"message": said | {"msg_id": self._message_id()}})

    async def _echo(self, person: str, message: Json, sender: Json) -> list[int]:
        return await self._event(
            "oa_send_text", person, {"sender": sender, "recipient": {"id": person}, "message": message}
        )

    async def _event(self, name: str, person: str, more: Json) -> list[int]:
        about = {} if "sender" in more else {"oa_id": self.oa_id}
        by_app = hashlib.sha256(person.encode()).digest()
        event = {
            "app_id": self.app_id,
            **about,
            **more,
            "user_id_by_app": str(int.from_bytes(by_app[:7])),
            "event_name": name,
            "timestamp": str(self.now_ms()),
        }
        body = orjson.dumps(event)
        return await self.deliver(body, {"X-ZEvent-Signature": self.signature(body, event["timestamp"])})

    def signature(self, body: bytes, timestamp: str) -> str:
        signed = self.app_id.encode() + body + timestamp.encode() + self.oa_secret.encode()
        return f"mac={hashlib.sha256(signed).hexdigest()}"

    def retry_headers(self, attempt: int) -> dict[str, str]:
        return {"num_retry": str(attempt)} if attempt else {}

    def tries_again(self, status: int) -> bool:
        return status == NOBODY_ANSWERED or (self.retries_refusals and status != 200)

    def after_delivery(self, status: int) -> None:
        self.unsubscribed = self.tries_again(status)

    def _message_id(self) -> str:
        return f"{self._run}{self.next_number():012x}"

    # the API

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/v4/oa/permission", self.oauth.permission),
            web.post("/v4/oa/access_token", self.oauth.token),
            web.post("/v3.0/oa/message/cs", self._cs),
            web.post("/v2.0/oa/message", self._checked(self._v2_message)),
            web.post("/v2.0/oa/upload/image", self._checked(self._upload_image)),
            web.get("/v2.0/oa/getoa", self._checked(self._getoa)),
            web.get("/v3.0/oa/user/detail", self._checked(self._user_detail)),
            web.post("/v2.0/article/create", self._checked(self.publishing.create)),
            web.post("/v2.0/article/verify", self._checked(self.publishing.verify)),
        ]

    async def _cs(self, request: web.Request) -> web.Response:
        asked = await fields(request)
        return await self.take(request, lambda: self._accept(request.headers, asked))

    def _accept(self, headers: Mapping[str, str], asked: Json) -> web.Response:
        try:
            self.oauth.check(headers.get("access_token"))
            return success(self._letter(asked))
        except ZaloRefusal as error:
            return refusal(error)

    def _letter(self, asked: Json) -> Json:
        if self.too_fast():
            raise ZaloRefusal(-32)
        person = str(asked.get("recipient", {}).get("user_id", ""))
        message, now = asked.get("message", {}), self.clock()
        check_person(self.people.get(person), now, self.blocked_answer)
        text, buttons = check_text(message), buttons_of(message)
        if buttons and self.refuses_buttons:
            raise ZaloRefusal(-233)
        letter = self.write(person, self._message_id(), text, buttons, image_of(message, self.uploads, now))
        if self.echoes:
            self.in_background(self._echo(person, {"text": text, "msg_id": letter.id}, {"id": self.oa_id}))
        quota = {"remain": "8", "total": "8"} if self.tells_quota else {}
        sent = {"message_id": letter.id, "user_id": person, "sent_time": str(self.now_ms())}
        return {"quota": {"quota_type": "reply", **quota}, **sent}

    def _checked(self, act: Callable[[Json], Json]) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            try:
                self.oauth.check(request.headers.get("access_token"))
                asked = await fields(request)
                return success(act(asked))
            except ZaloRefusal as error:
                return refusal(error)

        return handle

    def _v2_message(self, asked: Json) -> Json:
        """Alive for broadcasts and reactions; the messages of version 2 are shut down."""
        if "target" in asked.get("recipient", {}):
            return self.publishing.broadcast(asked)
        if "sender_action" in asked:
            return {"message_id": self._message_id()}
        raise ZaloRefusal(-240)

    def _upload_image(self, asked: Json) -> Json:
        file = asked.get("file")
        if not isinstance(file, bytes) or not file.startswith((b"\xff\xd8", b"\x89PNG")):
            raise ZaloRefusal(-201, "file is invalid")
        if len(file) > IMAGE_BYTES:
            raise ZaloRefusal(-210)
        id = secrets.token_urlsafe(27)
        self.uploads[id] = self.clock()
        return {"attachment_id": id}

    def _getoa(self, _asked: Json) -> Json:
        about = {"oaid": self.oa_id, "name": "UBND phường Mẫu", "is_verified": self.publishing.verified}
        return about | {"oa_type": 4, "num_follower": self._followers(), "package_name": "Growth"}

    def _user_detail(self, asked: Json) -> Json:
        found = self.people.get(str(decoded(asked.get("data", "{}")).get("user_id", "")))
        if found is None:
            raise ZaloRefusal(-201)
        if found.last_at is None and not found.follows:
            raise ZaloRefusal(-213)
        return {"user_id": found.id, "display_name": found.name, "user_is_follower": found.follows}

    def _followers(self) -> int:
        return sum(person.follows for person in self.people.values())
