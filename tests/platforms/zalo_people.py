"""What people do at a played Zalo, and how the OA's webhook hears of it."""

import hashlib
from typing import Any

from tests.platforms.server import NOBODY_ANSWERED, Clock, Platform
from tests.platforms.wire import Json
from tests.platforms.zalo_hooks import ZaloHooks
from tests.platforms.zalo_talk import CITIZEN, OA, ZaloTalk

ADMIN = "4572947693969771653"


class ZaloPeople(Platform):
    app_id: str
    oa_id: str
    oa_secret: str

    def __init__(self, webhook: str, retry_delays: tuple[float, ...], clock: Clock) -> None:
        super().__init__(webhook, retry_delays, clock)
        self.hooks = ZaloHooks(self.app_id)
        self.talk = ZaloTalk(self.oa_id, clock)
        self.visitors: set[tuple[str, str]] = set()  # of the widget: who, in which conversation
        self.retries_refusals = False  # seen: an answer other than 200 loses the event

    # what people do

    async def says(self, person: str, text: str) -> list[int]:
        return await self._sent(person, "user_send_text", {"text": text})

    async def presses(self, person: str, payload: str) -> list[int]:
        return await self.says(person, payload)

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        url = self.new_photo()
        attachment = {"type": "image", "payload": {"thumbnail": url, "url": url}}
        return await self._sent(person, "user_send_image", {"text": caption, "attachments": [attachment]})

    async def sends(self, person: str, kind: str, **payload: Any) -> list[int]:
        """Anything else that has a `user_send_` event: audio, video, file, sticker, link, gif, business_card."""
        attachment = {"type": "link" if kind == "business_card" else kind, "payload": payload}
        return await self._sent(person, f"user_send_{kind}", {"attachments": [attachment]})

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        coordinates = {"latitude": str(latitude), "longitude": str(longitude)}
        return await self.sends(person, "location", coordinates=coordinates)

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

    async def reacts(self, person: str, message_id: str, icon: str = "/-heart") -> list[int]:
        return await self._event("user_reacted_message", person, self._from(person, msg_id=message_id, react_icon=icon))

    async def fills_form(self, person: str, name: str, phone: str) -> list[int]:
        home = {"user_city": "Gia Lai", "user_ward": "Ayun Pa", "user_address": "Tổ 3"}
        info = {"name": name, "phone": phone, "full_address": home}
        ends = {"sender": {"id": person}, "recipient": {"id": self.oa_id}}
        return await self._event("user_submit_info", person, ends | {"info": info})

    async def visitor_says(self, visitor: str, conversation: str, text: str) -> list[int]:
        """Somebody on the web site who is not logged in to Zalo."""
        self.visitors.add((visitor, conversation))
        said = self._from(visitor, text=text, msg_id=self._message_id(), conversation_id=conversation)
        return await self._event("anonymous_send_text", visitor, said)

    async def staff_writes(self, person: str, text: str) -> list[int]:
        """Somebody of the office answers in Zalo's own console."""
        id = self._message_id()
        self.write(person, id, text)
        self.talk.remember(OA, person, id, text, {})
        return await self._echo(person, {"text": text, "msg_id": id}, {"id": self.oa_id, "admin_id": ADMIN})

    # what Zalo does by itself

    async def tells(self, event_name: str, **more: Any) -> list[int]:
        """An event about the account: `change_oa_daily_quota` and its kin name the OA as `oaId`."""
        return await self._event(event_name, "", {"oaId": self.oa_id, "sender": None, **more})

    async def probe(self) -> int:
        """The unsigned empty request by which Zalo tries a webhook before it saves it."""
        status, _ = await self.fetch("POST", self.webhook, data=b"{}", headers={"Content-Type": "application/json"})
        return status

    # webhooks

    async def _sent(self, person: str, name: str, message: Json) -> list[int]:
        self.heard_from(person)
        said = {key: value for key, value in message.items() if value}
        id = self._message_id()
        self.talk.remember(CITIZEN, person, id, message.get("text", ""), said)
        return await self._event(name, person, self._from(person, **said, msg_id=id))

    def _from(self, person: str, **message: Any) -> Json:
        return {"sender": {"id": person}, "recipient": {"id": self.oa_id}, "message": message}

    async def _echo(self, person: str, message: Json, sender: Json, name: str = "oa_send_text") -> list[int]:
        return await self._event(name, person, {"sender": sender, "recipient": {"id": person}, "message": message})

    async def _event(self, name: str, person: str, more: Json, headers: Json | None = None) -> list[int]:
        about = {} if "sender" in more else {"oa_id": self.oa_id}
        by_app = hashlib.sha256(person.encode()).digest()
        event = {
            "app_id": self.app_id,
            **about,
            **{key: value for key, value in more.items() if value is not None},
            **({"user_id_by_app": str(int.from_bytes(by_app[:7]))} if person else {}),
            "event_name": name,
            "timestamp": str(self.now_ms()),
        }
        body, signed = self.hooks.written(event, self.oa_secret)
        statuses: list[int] = []
        for ready, its_headers in self.hooks.in_turn(body, {**signed, **(headers or {})}):
            statuses += await self.deliver(ready, its_headers)
        return statuses

    def signature(self, body: bytes, timestamp: str) -> str:
        return self.hooks.signature(body, timestamp, self.oa_secret)

    def retry_headers(self, attempt: int) -> dict[str, str]:
        return {"num_retry": str(attempt)} if attempt else {}

    def tries_again(self, status: int) -> bool:
        return status == NOBODY_ANSWERED or (self.retries_refusals and status != 200)

    def after_delivery(self, status: int) -> None:
        self.unsubscribed = self.tries_again(status)

    def _message_id(self) -> str:
        return f"{self._run}{self.next_number():012x}"
