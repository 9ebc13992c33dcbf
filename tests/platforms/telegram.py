"""Telegram's Bot API, played for one bot. Unlike the others, its HTTP status is its error code."""

import asyncio
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import orjson
from aiohttp import web

from tests.platforms.photo import photo
from tests.platforms.server import Clock, Letter, Person, Platform, utc_now
from tests.platforms.telegram_messages import (
    TelegramRefusal,
    buttons_of,
    caption_of,
    check_webhook,
    image_of,
    text_of,
)
from tests.platforms.telegram_updates import Updates
from tests.platforms.wire import Json, answer, decoded, fields

DEFAULT_UPDATES = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
CALLBACK_LIFE_MS = 150_000


class TelegramPlatform(Platform):
    name = "telegram"
    first_person = 100_000_001
    patience_seconds = 60

    def __init__(
        self,
        *,
        bot_token: str = "123456789:telegram-token",
        secret: str = "",
        webhook: str = "",
        retry_delays: tuple[float, ...] = (0.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0),
        clock: Clock = utc_now,
    ) -> None:
        super().__init__(webhook, retry_delays, clock)
        self.bot_token = bot_token
        self.bot = {
            "id": int(bot_token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Phường",
            "username": "phuong_bot",
        }
        self.secret = secret
        self.allowed_updates: tuple[str, ...] = DEFAULT_UPDATES
        self.answered: list[str] = []  # the callback queries that were answered
        self.updates = Updates()
        self._update_id = int(utc_now().timestamp() * 1000) % 10**9  # higher than in an earlier run
        self._queries: dict[str, int] = {}
        self._in_order: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def stop(self) -> None:
        self.updates.close()
        await super().stop()

    # people

    async def says(self, person: str, text: str) -> list[int]:
        return await self._message(person, {"text": text})

    async def presses(self, person: str, payload: str) -> list[int]:
        letter = next((one for one in reversed(self.letters_to(person)) if _offers(one, payload)), None)
        under = self._letter_message(letter) if letter else {"chat": self._chat(person), "message_id": 0, "date": 0}
        self.heard_from(person)
        id = f"{self._run}{self.next_number()}"
        self._queries[id] = self.now_ms()
        query = {"id": id, "from": self._user(person), "message": under, "chat_instance": "-1", "data": payload}
        return await self._update("callback_query", person, query)

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        self.new_photo()
        sizes = [("small", 90, 67), ("big", 1280, 960)]
        photos = [
            {"file_id": f"{self._photos}-{size}", "file_unique_id": f"u{self._photos}{size}", "width": w, "height": h}
            for size, w, h in sizes
        ]
        return await self._message(person, {"photo": photos} | ({"caption": caption} if caption else {}))

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        return await self._message(person, {"location": {"latitude": latitude, "longitude": longitude}})

    async def follows(self, person: str) -> list[int]:
        """A citizen who blocked the bot unblocks it by pressing Start."""
        returned = await self._membership(person, blocked=False) if self.person(person).blocked else []
        entity = {"offset": 0, "length": 6, "type": "bot_command"}
        return returned + await self._message(person, {"text": "/start", "entities": [entity]})

    async def blocks(self, person: str) -> list[int]:
        return await self._membership(person, blocked=True)

    # updates

    async def _message(self, person: str, content: Json) -> list[int]:
        self.heard_from(person)
        head = {"message_id": self.next_number(), "from": self._user(person), "chat": self._chat(person)}
        return await self._update("message", person, {**head, "date": self._date(), **content})

    async def _membership(self, person: str, *, blocked: bool) -> list[int]:
        self.person(person).blocked = blocked
        kicked, member = {"user": self.bot, "status": "kicked", "until_date": 0}, {"user": self.bot, "status": "member"}
        change = {"chat": self._chat(person), "from": self._user(person), "date": self._date()}
        old, new = (member, kicked) if blocked else (kicked, member)
        return await self._update("my_chat_member", person, change | {"old_chat_member": old, "new_chat_member": new})

    async def _update(self, kind: str, person: str, content: Json) -> list[int]:
        if kind not in self.allowed_updates:
            return []
        self._update_id += 1
        update = {"update_id": self._update_id, kind: content}
        if not self.webhook:
            self.updates.add(update)
            return []
        queue = "queries" if kind == "callback_query" else kind
        lock = self._in_order.setdefault(f"{queue} {person}", asyncio.Lock())
        async with lock:
            return await self.deliver(orjson.dumps(update), self._proof())

    def _proof(self) -> dict[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}

    def _date(self) -> int:
        return int(self.clock().timestamp())

    def _user(self, person: str) -> Json:
        found = self.person(person)
        return {"id": int(person), "is_bot": False, "first_name": found.name, "language_code": "vi"}

    def _chat(self, person: str) -> Json:
        return {"id": int(person), "first_name": self.person(person).name, "type": "private"}

    def _letter_message(self, letter: Letter) -> Json:
        head = {"message_id": int(letter.id), "from": self.bot, "chat": self._chat(letter.person)}
        return head | {"date": int(letter.at.timestamp()), "text": letter.text}

    # the API

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/file/bot{token}/photos/file_{number:\d+}.jpg", self._file),
            web.route("*", "/bot{token}/{method}", self._call),
        ]

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        try:
            self._check_token(request)
            asked = await fields(request)
            if method in ("sendmessage", "sendphoto"):
                return await self.take(request, lambda: self._ok(lambda: self._letter(method, asked)))
            if method == "getupdates":
                return answer(200, {"ok": True, "result": await self._get_updates(asked)})
            return self._ok(lambda: self._other(method, asked))
        except TelegramRefusal as error:
            return answer(error.code, error.body)

    def _ok(self, act: Callable[[], Any]) -> web.Response:
        try:
            return answer(200, {"ok": True, "result": act()})
        except TelegramRefusal as error:
            wait = error.body.get("parameters", {}).get("retry_after")
            return answer(error.code, error.body, {"Retry-After": str(wait)} if wait else None)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if ":" not in token or token.startswith("0"):
            raise TelegramRefusal(401, "invalid token specified")
        if token != self.bot_token:
            raise TelegramRefusal(401, "")

    def _other(self, method: str, asked: Json) -> Any:
        acts: dict[str, Callable[[Json], Any]] = {
            "getme": lambda _: self.bot,
            "getfile": self._get_file,
            "setwebhook": self._set_webhook,
            "deletewebhook": self._delete_webhook,
            "getwebhookinfo": lambda _: self._webhook_info(),
            "answercallbackquery": self._answer_query,
            "sendchataction": lambda _: True,
        }
        if method not in acts:
            raise TelegramRefusal(404, "method not found")
        return acts[method](asked)

    def _letter(self, method: str, asked: Json) -> Json:
        if self.too_fast():
            raise TelegramRefusal(429, "retry after 1", retry_after=1)
        person = self._reachable(str(asked.get("chat_id", "")))
        pictured = method == "sendphoto"
        text = caption_of(asked) if pictured else text_of(asked)
        buttons, image = buttons_of(asked), image_of(asked) if pictured else ""
        letter = self.write(person.id, str(self.next_number()), text, buttons, image)
        return self._letter_message(letter)

    def _reachable(self, chat: str) -> Person:
        person = self.people.get(chat)
        if person is None or person.last_at is None:
            raise TelegramRefusal(400, "chat not found")
        if person.gone:
            raise TelegramRefusal(403, "user is deactivated")
        if person.blocked:
            raise TelegramRefusal(403, "bot was blocked by the user")
        return person

    async def _get_updates(self, asked: Json) -> list[Json]:
        if self.webhook:
            use = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            raise TelegramRefusal(409, use)
        self._allow(asked)
        return await self.updates.get(asked)

    def _set_webhook(self, asked: Json) -> bool:
        if asked.get("url"):
            check_webhook(asked)
        self._allow(asked)
        self.webhook, self.secret = str(asked.get("url", "")), str(asked.get("secret_token", ""))
        return True

    def _delete_webhook(self, asked: Json) -> bool:
        self.webhook = ""
        if str(asked.get("drop_pending_updates")).lower() == "true":
            self.updates.waiting.clear()
        return True

    def _webhook_info(self) -> Json:
        return {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self.updates.waiting)}

    def _allow(self, asked: Json) -> None:
        """Left out, the list stays as it was; empty, it is the default again."""
        if "allowed_updates" in asked:
            self.allowed_updates = tuple(decoded(asked["allowed_updates"])) or DEFAULT_UPDATES

    def _answer_query(self, asked: Json) -> bool:
        id = str(asked.get("callback_query_id"))
        asked_at = self._queries.pop(id, None)
        if asked_at is None or self.now_ms() - asked_at > CALLBACK_LIFE_MS:
            raise TelegramRefusal(400, "query is too old and response timeout expired or query ID is invalid")
        self.answered.append(id)
        return True

    def _get_file(self, asked: Json) -> Json:
        id = str(asked.get("file_id"))
        number = id.partition("-")[0]
        if not number.isdigit() or not 0 < int(number) <= self._photos:
            raise TelegramRefusal(400, "invalid file_id")
        size = len(photo(int(number)))
        return {"file_id": id, "file_unique_id": f"u{id}", "file_size": size, "file_path": f"photos/file_{number}.jpg"}

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except TelegramRefusal as error:
            return answer(error.code, error.body)
        return web.Response(body=photo(int(request.match_info["number"])), content_type="image/jpeg")


def _offers(letter: Letter, payload: str) -> bool:
    return any(choice.payload == payload for choice in letter.buttons)
