"""Telegram, played for one bot: its people, groups and channels, and the way of their updates to us."""

from collections.abc import Mapping

import aiohttp
import orjson
from aiohttp import web

from tests.platforms.server import NOBODY_ANSWERED, Clock, Letter, Platform, utc_now
from tests.platforms.telegram_api import BotApi
from tests.platforms.telegram_chats import Chat, Chats
from tests.platforms.telegram_floods import Floods
from tests.platforms.telegram_hook import Hook
from tests.platforms.telegram_keyboards import Keyboards
from tests.platforms.telegram_messages import entities, is_command, offers
from tests.platforms.telegram_updates import LIVES, PRESS_LIVES, Pending, Updates
from tests.platforms.telegram_webhook import DEFAULT_UPDATES
from tests.platforms.wire import Json


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
        self.bot: Json = {
            "id": int(bot_token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Phường",
            "username": "phuong_bot",
        }
        self.secret = secret
        self.wrong_secret = False  # sends another one than was set
        self.allowed_updates: tuple[str, ...] = DEFAULT_UPDATES
        self.reads_groups = False  # the privacy mode is off
        self.answered: list[str] = []  # the callback queries that were answered
        self.updates = Updates(clock)
        self.hook = Hook(self._offer, retry_delays, clock)
        self.floods = Floods(clock)
        self.chats = Chats()
        self.keyboards = Keyboards()
        self.api = BotApi(self)
        self._update_id = int(utc_now().timestamp() * 1000) % 10**9  # higher than in an earlier run
        self._last: Pending | None = None
        self._said: dict[str, Json] = {}  # the last message of each person

    async def stop(self) -> None:
        self.updates.close()
        await super().stop()

    @property
    def photos(self) -> int:
        return self._photos

    def routes(self) -> list[web.RouteDef]:
        return self.api.routes()

    # people

    async def says(self, person: str, text: str) -> list[int]:
        return await self._message(person, {"text": text, **entities(text)})

    async def presses(self, person: str, payload: str) -> list[int]:
        return await self._send_out(self._press(person, payload, self._private(person)))

    async def says_and_presses(self, person: str, text: str, payload: str) -> None:
        """The press overtakes the words: they stand in different queues."""
        words = self._update("message", person, self._words(person, {"text": text}, self._private(person)))
        press = self._press(person, payload, self._private(person))
        await self._send_out(press)
        await self._send_out(words)

    async def edits(self, person: str, text: str) -> list[int]:
        """The last thing that this person said."""
        changed = {**self._said[person], "text": text, "edit_date": self._date()}
        return await self._send_out(self._update("edited_message", person, changed))

    async def sends_photo(self, person: str, caption: str = "") -> list[int]:
        return await self._message(person, self._photo(caption))

    async def sends_album(self, person: str, count: int, caption: str = "") -> list[int]:
        """One update a photo; the caption is the first one's. The status of each."""
        group, statuses = {"media_group_id": f"{self._run}{self.next_number()}"}, []
        for number in range(count):
            statuses += await self._message(person, self._photo("" if number else caption) | group)
        return statuses

    async def sends_place(self, person: str, latitude: float, longitude: float) -> list[int]:
        return await self._message(person, {"location": {"latitude": latitude, "longitude": longitude}})

    async def shares_phone(self, person: str, phone: str) -> list[int]:
        """By the keyboard that asks for it; raises KeyError when none is on their screen."""
        self.keyboards.use(person)
        return await self.sends_card(person, phone, owner=person)

    async def sends_card(self, person: str, phone: str, owner: str = "") -> list[int]:
        """Anybody's card; `owner` is the person it belongs to, where Telegram knows."""
        known = {"user_id": int(owner)} if owner else {}
        return await self._message(person, {"contact": {"phone_number": phone, "first_name": "Thẻ", **known}})

    async def follows(self, person: str) -> list[int]:
        """A citizen who blocked the bot unblocks it by pressing Start."""
        returned = await self._membership(person, blocked=False) if self.person(person).blocked else []
        return returned + await self.says(person, "/start")

    async def blocks(self, person: str) -> list[int]:
        return await self._membership(person, blocked=True)

    async def repeats(self) -> list[int]:
        """The last update once more, as after a lost answer."""
        return await self._send_out(self._last and Pending(self._last.update, self._last.queue, self._last.expires_at))

    # groups

    async def says_in(self, chat: Chat, person: str, text: str) -> list[int]:
        """In a group the bot hears only commands, unless it is an administrator or its privacy mode is off."""
        hears = self.reads_groups or chat.status == "administrator" or is_command(text, self.bot["username"])
        if chat.status in ("left", "kicked") or not hears:
            return []
        content = self._words(person, {"text": text, **entities(text)}, chat.short())
        return await self._send_out(self._update("message", chat.id, content))

    async def presses_in(self, chat: Chat, person: str, payload: str) -> list[int]:
        return await self._send_out(self._press(person, payload, chat.short()))

    async def puts_bot(self, chat: Chat, status: str) -> list[int]:
        """Makes it a member, an administrator, or has it `left` or `kicked`."""
        old = chat.bot_as_member(self.bot)
        chat.status = status
        minh = self.user("100000900")
        change = {"chat": chat.short(), "from": minh, "date": self._date()}
        new = {"old_chat_member": old, "new_chat_member": chat.bot_as_member(self.bot)}
        return await self._send_out(self._update("my_chat_member", chat.id, change | new))

    # what updates are made of

    async def _message(self, person: str, content: Json) -> list[int]:
        self.heard_from(person)
        message = self._said[person] = self._words(person, content, self._private(person))
        return await self._send_out(self._update("message", person, message))

    def _words(self, person: str, content: Json, chat: Json) -> Json:
        head = {"message_id": self.next_number(), "from": self.user(person), "chat": chat}
        return {**head, "date": self._date(), **content}

    def _press(self, person: str, payload: str, chat: Json) -> Pending | None:
        where = str(chat["id"])
        letter = next((one for one in reversed(self.letters_to(where)) if offers(one, payload)), None)
        under = self.letter_message(letter) if letter else {"chat": chat, "message_id": 0, "date": 0}
        if where == person:
            self.heard_from(person)
        id = f"{self._run}{self.next_number()}"
        self.api.asks(id)
        query = {"id": id, "from": self.user(person), "message": under, "chat_instance": "-1", "data": payload}
        return self._update("callback_query", person, query)

    def _photo(self, caption: str) -> Json:
        self.new_photo()
        sizes = [("small", 90, 67), ("big", 1280, 960)]
        photos = [
            {"file_id": f"{self._photos}-{size}", "file_unique_id": f"u{self._photos}{size}", "width": w, "height": h}
            for size, w, h in sizes
        ]
        return {"photo": photos} | ({"caption": caption} if caption else {})

    async def _membership(self, person: str, *, blocked: bool) -> list[int]:
        self.person(person).blocked = blocked
        kicked, member = {"user": self.bot, "status": "kicked", "until_date": 0}, {"user": self.bot, "status": "member"}
        change = {"chat": self._private(person), "from": self.user(person), "date": self._date()}
        old, new = (member, kicked) if blocked else (kicked, member)
        content = change | {"old_chat_member": old, "new_chat_member": new}
        return await self._send_out(self._update("my_chat_member", person, content))

    def _date(self) -> int:
        return int(self.clock().timestamp())

    def user(self, person: str) -> Json:
        found = self.person(person)
        return {"id": int(person), "is_bot": False, "first_name": found.name, "language_code": "vi"}

    def _private(self, person: str) -> Json:
        return {"id": int(person), "first_name": self.person(person).name, "type": "private"}

    def short_chat(self, id: str) -> Json:
        chat = self.chats.find(id)
        return chat.short() if chat else self._private(id)

    def letter_message(self, letter: Letter) -> Json:
        head = {"message_id": int(letter.id), "from": self.bot, "chat": self.short_chat(letter.person)}
        return head | {"date": int(letter.at.timestamp()), "text": letter.text}

    # their way

    def _update(self, kind: str, queue: str, content: Json) -> Pending | None:
        if kind not in self.allowed_updates:
            return None
        self._update_id += 1
        lives = PRESS_LIVES if kind == "callback_query" else LIVES
        name = {"callback_query": "presses", "my_chat_member": "memberships"}.get(kind, "chats")
        return Pending({"update_id": self._update_id, kind: content}, f"{name} {queue}", self.clock() + lives)

    async def _send_out(self, pending: Pending | None) -> list[int]:
        """The statuses of its tries; none when the update is not wanted, or waits to be fetched."""
        if pending is None:
            return []
        self._last = pending
        if self.webhook:
            return await self.hook.push(pending)
        self.updates.add(pending)
        return []

    def hook_up(self, webhook: str) -> None:
        """What waited to be fetched is delivered from now on, or the other way round."""
        self.webhook = webhook
        if webhook:
            for pending in self.updates.take_all():
                self.in_background(self.hook.push(pending))
        else:
            for pending in self.hook.take_all():
                self.updates.add(pending)

    async def _offer(self, pending: Pending) -> tuple[int, float | None]:
        assert self._session, "start() comes first"
        body, headers = orjson.dumps(pending.update), self._proof()
        self.last_event = (body, headers)
        sent, timeout = {"Content-Type": "application/json", **headers}, aiohttp.ClientTimeout(self.patience_seconds)
        try:
            async with self._session.post(
                self.webhook, data=body, headers=sent, allow_redirects=False, timeout=timeout
            ) as response:
                await response.read()
                answered = response.status, _seconds(response.headers)
        except (aiohttp.ClientError, TimeoutError, OSError):
            answered = NOBODY_ANSWERED, None
        if self.hook.is_given_up:
            self.hook_up("")
        return answered

    def _proof(self) -> dict[str, str]:
        if self.wrong_secret:
            return {"X-Telegram-Bot-Api-Secret-Token": "of-another"}
        return {"X-Telegram-Bot-Api-Secret-Token": self.secret} if self.secret else {}


def _seconds(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
