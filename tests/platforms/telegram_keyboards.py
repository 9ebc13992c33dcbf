"""The keyboards that lie over people's own, until a message takes them away or a press folds them."""

from tests.platforms.telegram_messages import TelegramRefusal
from tests.platforms.wire import Json, decoded


class Keyboards:
    def __init__(self) -> None:
        self.shown: dict[str, tuple[str, ...]] = {}  # chat -> the titles of the buttons
        self._asks_phone: set[str] = set()

    def check(self, chat: str, asked: Json) -> None:
        if chat.startswith("-") and _asks_phone(asked):
            raise TelegramRefusal(400, "phone number can be requested in private chats only")

    def arrive(self, chat: str, asked: Json) -> None:
        markup = decoded(asked.get("reply_markup")) or {}
        if markup.get("remove_keyboard"):
            self._fold(chat)
        if rows := markup.get("keyboard"):
            self.shown[chat] = tuple(button["text"] for row in rows for button in row)
            if _asks_phone(asked):
                self._asks_phone.add(chat)

    def use(self, person: str) -> None:
        self._asks_phone.remove(person)
        self._fold(person)

    def _fold(self, chat: str) -> None:
        self.shown.pop(chat, None)
        self._asks_phone.discard(chat)


def _asks_phone(asked: Json) -> bool:
    rows = (decoded(asked.get("reply_markup")) or {}).get("keyboard", [])
    return any(isinstance(button, dict) and button.get("request_contact") for row in rows for button in row)
