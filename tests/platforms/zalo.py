"""Zalo, played: OAuth, the OA API, the business API and the signed webhooks of one app and one OA."""

import secrets
from datetime import datetime
from typing import Any

from aiohttp import web

from tests.platforms.server import Clock, Letter, utc_now
from tests.platforms.wire import Json, fields
from tests.platforms.zalo_answers import ZaloRefusal
from tests.platforms.zalo_desk import ZaloDesk
from tests.platforms.zalo_messages import buttons_of, check_person, check_text, image_of, is_form
from tests.platforms.zalo_oauth import ZaloOAuth
from tests.platforms.zalo_people import ZaloPeople
from tests.platforms.zalo_publishing import ZaloPublishing
from tests.platforms.zalo_talk import OA
from tests.platforms.zalo_templates import Filled, ZaloTemplates
from tests.platforms.zalo_users import ZaloUsers

RETRY_DELAYS = (30.0, 300.0, 900.0, 1800.0, 3600.0)
IMAGE_BYTES = 1_000_000


class ZaloPlatform(ZaloPeople):
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
        self.app_id, self.oa_id, self.oa_secret = app_id, oa_id, oa_secret
        super().__init__(webhook, retry_delays, clock)
        self.oauth = ZaloOAuth(app_id, app_secret, oa_id, clock)
        self.oauth.issue(access_token, refresh_token)
        self.desk = ZaloDesk(self.oauth, clock)
        self.users = ZaloUsers(self.people, clock)
        self.publishing = ZaloPublishing(clock, self.users)
        self.templates = ZaloTemplates(self.users, clock, self._write, self._received)
        self.blocked_answer = -217  # or -244
        self.refuses_buttons = False  # -233, as the official SDK has it
        self.refuses_forms = False  # the same for request_user_info
        self.tells_quota = False  # the block that stopped coming on 2026-03-01
        self.echoes = False  # an oa_send_ webhook after each send
        self.receipts = False  # a user_received_message webhook after each send
        self.oa: Json = {}  # what `getoa` tells otherwise than below
        self.uploads: dict[str, datetime] = {}

    def routes(self) -> list[web.RouteDef]:
        checked, publishing, users = self.desk.checked, self.publishing, self.users
        return [
            web.get("/v4/oa/permission", self.oauth.permission),
            web.post("/v4/oa/access_token", self.oauth.token),
            web.post("/v3.0/oa/message/cs", self._cs),
            web.post("/v3.0/oa/message/template", checked(self.templates.by_uid)),
            web.post("/v2.0/oa/message", checked(self._v2_message)),
            web.post("/v2.0/oa/upload/image", checked(self._upload_image)),
            web.get("/v2.0/oa/getoa", checked(self._getoa)),
            web.get("/v2.0/oa/listrecentchat", checked(self.talk.recent)),
            web.get("/v2.0/oa/conversation", checked(self.talk.conversation)),
            web.get("/v3.0/oa/user/detail", checked(users.detail)),
            web.get("/v3.0/oa/user/getlist", checked(users.getlist)),
            web.post("/v2.0/oa/tag/tagfollower", checked(users.tag)),
            web.post("/v2.0/oa/tag/rmfollowerfromtag", checked(users.untag)),
            web.post("/v2.0/oa/tag/rmtag", checked(users.remove_tag)),
            web.get("/v2.0/oa/tag/gettagsofoa", checked(users.tags)),
            web.post("/v3.0/oa/quota/message", checked(users.quota)),
            web.post("/v2.0/article/create", checked(publishing.create)),
            web.post("/v2.0/article/verify", checked(publishing.verify)),
            web.post("/v2.0/article/update", checked(publishing.update)),
            web.post("/v2.0/article/remove", checked(publishing.remove)),
            web.get("/v2.0/article/getdetail", checked(publishing.getdetail)),
            web.get("/v2.0/article/getslice", checked(publishing.getslice)),
            *self._business_routes(),
        ]

    def _business_routes(self) -> list[web.RouteDef]:
        """Zalo has them on another host; the paths differ, so that one server can play both."""
        checked, templates = self.desk.checked, self.templates
        return [
            web.post("/message/template", checked(templates.by_phone, business=True)),
            web.get("/message/status", checked(templates.status, business=True)),
            web.get("/message/quota", checked(templates.quota, business=True)),
            web.get("/template/all", checked(templates.all, business=True)),
            web.get("/template/info/v2", checked(templates.info, business=True)),
        ]

    async def _cs(self, request: web.Request) -> web.Response:
        asked = await fields(request)
        desk = self.desk
        response = await self.take(request, lambda: desk.answered(request, lambda: self._letter(asked), asked))
        return desk.dressed(response)

    def _letter(self, asked: Json) -> Json:
        if self.too_fast():
            raise ZaloRefusal(-32)
        person = str(asked.get("recipient", {}).get("user_id", ""))
        message, found = asked.get("message", {}), self.people.get(person)
        check_person(found, self.clock(), self.blocked_answer)
        assert found
        if "cs" in self.users.traits(person).refuses:
            raise ZaloRefusal(-244)
        self._check_shape(message)
        text, buttons, image = check_text(message), buttons_of(message), self._image(message)
        quota = {"quota_type": self.users.pay_for(found)}
        letter = self.write(person, self._message_id(), text, buttons, image)
        self._after(letter, message)
        told = {"remain": "8", "total": "8"} if self.tells_quota else {}
        sent = {"message_id": letter.id, "user_id": person, "sent_time": str(self.now_ms())}
        return {"quota": quota | told, **sent}

    def _check_shape(self, message: Json) -> None:
        if (buttons_of(message) and self.refuses_buttons) or (is_form(message) and self.refuses_forms):
            raise ZaloRefusal(-233)

    def _image(self, message: Json) -> str:
        return image_of(message, self.uploads, self.clock())

    def _after(self, letter: Letter, message: Json) -> None:
        self.talk.remember(OA, letter.person, letter.id, letter.text, {})
        if self.echoes:
            name = "oa_send_image" if letter.image else "oa_send_text" if letter.text else "oa_send_template"
            said = {"text": letter.text, "msg_id": letter.id}
            self.in_background(self._echo(letter.person, said, {"id": self.oa_id}, name))
        if self.receipts:
            ends = {"sender": {"id": self.oa_id}, "recipient": {"id": letter.person}}
            said = {"msg_id": letter.id}
            self.in_background(self._event("user_received_message", letter.person, ends | {"message": said}))

    def _write(self, to: str, id: str, text: str) -> None:
        self.write(to, id, text)

    def _received(self, filled: Filled) -> None:
        """The receipt of a message by phone names the phone, and comes from the business host."""
        if not self.receipts or filled.to in self.people:
            return
        ends = {"sender": {"id": self.oa_id}, "recipient": {"id": filled.to}}
        said = {"delivery_time": str(self.now_ms()), "msg_id": filled.id, "tracking_id": filled.tracking}
        headers = {"X-ZEvent-Server": "ZNS"}
        self.in_background(self._event("user_received_message", "", ends | {"message": said}, headers))

    def _v2_message(self, asked: Json) -> Json:
        """Alive for broadcasts, reactions and visitors; the messages of version 2 are shut down."""
        recipient = asked.get("recipient", {})
        if "target" in recipient:
            return self.publishing.broadcast(asked)
        if "sender_action" in asked:
            return {"message_id": self._message_id()}
        if "anonymous_id" in recipient:
            return self._to_visitor(recipient, asked.get("message", {}))
        raise ZaloRefusal(-240)

    def _to_visitor(self, recipient: Json, message: Json) -> Json:
        visitor, conversation = recipient["anonymous_id"], recipient.get("conversation_id", "")
        if (visitor, conversation) not in self.visitors:
            raise ZaloRefusal(-201, "anonymous_id is invalid")
        if buttons_of(message):
            raise ZaloRefusal(-233)
        person = f"anonymous:{visitor}:{conversation}"
        return {"message_id": self.write(person, self._message_id(), check_text(message), (), self._image(message)).id}

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
        about: dict[str, Any] = {
            "oaid": self.oa_id,
            "name": "UBND phường Mẫu",
            "is_verified": self.publishing.verified,
            "oa_type": 4,
            "num_follower": len(self.users.followers()),
            "avatar": f"{self.url}/media/1.jpg",
            "package_name": "Growth",
            "package_valid_through_date": "31/12/2099",
            "linked_ZCA": "ZCA-000000" if self.templates.wallet is not None else "",
        }
        return about | self.oa
