"""The Bot API's methods. Unlike with the others, its HTTP status is its error code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.platforms.photo import photo
from tests.platforms.telegram_chats import full
from tests.platforms.telegram_messages import (
    TelegramRefusal,
    buttons_of,
    caption_of,
    image_of,
    text_of,
)
from tests.platforms.telegram_webhook import WebhookMethods
from tests.platforms.wire import Json, answer, decoded, fields, reset

if TYPE_CHECKING:
    from tests.platforms.server import Letter
    from tests.platforms.telegram import TelegramPlatform

CALLBACK_LIFE_MS = 150_000
SENDS = ("sendmessage", "sendphoto")
_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


class BotApi:
    def __init__(self, platform: TelegramPlatform) -> None:
        self.calls: list[str] = []  # the methods called, oldest first
        self.refusals: dict[str, tuple[int, Any]] = {}  # by method, until taken out: the answer instead of the work
        self.resets: set[str] = set()  # the methods whose callers are hung up on
        self.commands: list[Json] = []
        self._platform = platform
        self._queries: dict[str, int] = {}
        self._webhook = WebhookMethods(platform)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get(r"/file/bot{token}/photos/file_{number:\d+}.jpg", self._file),
            web.route("*", "/bot{token}/{method}", self._call),
        ]

    def asks(self, query: str) -> None:
        """A pressed button waits for `answerCallbackQuery`."""
        self._queries[query] = self._platform.now_ms()

    async def _call(self, request: web.Request) -> web.Response:
        method = request.match_info["method"].lower()
        self.calls.append(method)
        try:
            self._check_token(request)
            asked = await fields(request)
            if method in self.resets:
                reset(request)
            if method in self.refusals:
                return answer(*self.refusals[method])
            if method in SENDS:
                return await self._platform.take(request, lambda: self._ok(lambda: self._send(method, asked)))
            if method == "getupdates":
                return answer(200, {"ok": True, "result": await self._webhook.fetched(asked)})
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
        if token != self._platform.bot_token:
            raise TelegramRefusal(401, "")

    def _other(self, method: str, asked: Json) -> Any:
        acts: dict[str, Callable[[Json], Any]] = {
            "getme": lambda _: self._me(),
            "getchat": self._get_chat,
            "getchatmember": self._get_member,
            "getfile": self._get_file,
            "getmycommands": lambda _: self.commands,
            "setmycommands": self._set_commands,
            "setwebhook": self._webhook.set,
            "deletewebhook": self._webhook.delete,
            "getwebhookinfo": self._webhook.info,
            "answercallbackquery": self._answer_query,
            "editmessagetext": self._edit,
            "sendchataction": lambda _: True,
        }
        if method not in acts:
            raise TelegramRefusal(404, "method not found")
        return acts[method](asked)

    # messages

    def _send(self, method: str, asked: Json) -> Json:
        platform = self._platform
        if platform.too_fast():
            raise TelegramRefusal(429, "retry after 1", retry_after=1)
        chat = self._writable(str(asked.get("chat_id", "")))
        platform.floods.check(chat)
        pictured = method == "sendphoto"
        text = caption_of(asked) if pictured else text_of(asked)
        buttons, image = buttons_of(asked), image_of(asked) if pictured else ""
        platform.keyboards.check(chat, asked)
        letter = platform.write(chat, str(platform.next_number()), text, buttons, image)
        platform.keyboards.arrive(chat, asked)
        platform.floods.sent(chat)
        return platform.letter_message(letter)

    def _writable(self, id: str) -> str:
        """The chat's own id, where `id` may be a channel's @name."""
        if chat := self._platform.chats.find(id):
            chat.check_open()
            return chat.id
        person = self._platform.people.get(id)
        if person is None:
            raise TelegramRefusal(400, "chat not found")
        if person.gone:
            raise TelegramRefusal(403, "user is deactivated")
        if person.blocked:
            raise TelegramRefusal(403, "bot was blocked by the user")
        if person.last_at is None:
            raise TelegramRefusal(403, "bot can't initiate conversation with a user")
        return id

    def _edit(self, asked: Json) -> Json:
        chat, text = self._writable(str(asked.get("chat_id", ""))), text_of(asked)
        at, letter = self._letter(chat, str(asked.get("message_id")))
        changed = replace(letter, text=text, buttons=buttons_of(asked))
        if changed == letter:
            raise TelegramRefusal(400, _SAME)
        self._platform.letters[at] = changed
        return self._platform.letter_message(changed)

    def _letter(self, chat: str, id: str) -> tuple[int, Letter]:
        for at, letter in enumerate(self._platform.letters):
            if (letter.person, letter.id) == (chat, id):
                return at, letter
        raise TelegramRefusal(400, "message to edit not found")

    def _answer_query(self, asked: Json) -> bool:
        id = str(asked.get("callback_query_id"))
        asked_at = self._queries.pop(id, None)
        if asked_at is None or self._platform.now_ms() - asked_at > CALLBACK_LIFE_MS:
            raise TelegramRefusal(400, "query is too old and response timeout expired or query ID is invalid")
        self._platform.answered.append(id)
        return True

    # the bot and its chats

    def _me(self) -> Json:
        may = {"can_join_groups": True, "can_read_all_group_messages": self._platform.reads_groups}
        return {**self._platform.bot, **may, "supports_inline_queries": False}

    def _set_commands(self, asked: Json) -> bool:
        self.commands = decoded(asked.get("commands")) or []
        if any(
            not 0 < len(one["description"]) <= 256 or one["command"].lower() != one["command"] for one in self.commands
        ):
            raise TelegramRefusal(400, "BOT_COMMAND_INVALID")
        return True

    def _get_chat(self, asked: Json) -> Json:
        id = str(asked.get("chat_id", ""))
        chat = self._platform.chats.find(id)
        if chat and chat.status == "kicked":
            raise TelegramRefusal(403, f"bot was kicked from the {chat.type} chat")
        if chat is None and id not in self._platform.people:
            raise TelegramRefusal(400, "chat not found")
        return full(self._platform.short_chat(id))

    def _get_member(self, asked: Json) -> Json:
        chat = self._platform.chats.find(str(asked.get("chat_id", "")))
        if chat is None:
            raise TelegramRefusal(400, "chat not found")
        user = str(asked.get("user_id"))
        if user == str(self._platform.bot["id"]):
            return chat.bot_as_member(self._platform.bot)
        return {"user": self._platform.user(user), "status": "member" if user in chat.members else "left"}

    # files

    def _get_file(self, asked: Json) -> Json:
        id = str(asked.get("file_id"))
        number = id.partition("-")[0]
        if not number.isdigit() or not 0 < int(number) <= self._platform.photos:
            raise TelegramRefusal(400, "invalid file_id")
        size = len(photo(int(number)))
        return {"file_id": id, "file_unique_id": f"u{id}", "file_size": size, "file_path": f"photos/file_{number}.jpg"}

    async def _file(self, request: web.Request) -> web.Response:
        try:
            self._check_token(request)
        except TelegramRefusal as error:
            return answer(error.code, error.body)
        if "file" in self.resets:
            reset(request)
        if "file" in self.refusals:
            return answer(*self.refusals["file"])
        return web.Response(body=photo(int(request.match_info["number"])), content_type="image/jpeg")
