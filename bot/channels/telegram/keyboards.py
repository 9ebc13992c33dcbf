"""What stands under a message: its buttons, or the one that shares the citizen's phone."""

from dataclasses import replace

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.telegram.limits import LIMITS, PAYLOAD_BYTES
from bot.messages import Button, Reply
from bot.text import shorten

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove

SHARE_PHONE = "Gửi số điện thoại của tôi"
_CONTACT = ReplyKeyboardMarkup(
    [[KeyboardButton(SHARE_PHONE, request_contact=True)]], resize_keyboard=True, one_time_keyboard=True
)
_REMOVE = ReplyKeyboardRemove()


class Keyboards:
    """A keyboard stays on a citizen's phone until a message takes it away, and a message carries one markup only.

    After a restart one may stay; being of the one-time kind it folds itself away once it was used.
    """

    def __init__(self) -> None:
        self._shown: set[str] = set()

    def under(self, person: str, reply: Reply) -> Markup | None:
        """The numbered menu in the text stands for the buttons that a contact keyboard leaves no room for."""
        if reply.asks_contact and not person.startswith("-"):  # Telegram asks nobody for a phone in a group
            return _CONTACT
        buttons = inline(reply.buttons)
        return _REMOVE if buttons is None and person in self._shown else buttons

    def sent(self, person: str, markup: Markup | None) -> None:
        if isinstance(markup, ReplyKeyboardMarkup):
            self._shown.add(person)
        elif isinstance(markup, ReplyKeyboardRemove):
            self._shown.discard(person)


def inline(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """One button a row. A payload too long for Telegram stays a line of the numbered menu only."""
    title, most = int(LIMITS.button_title.value or 0), int(LIMITS.buttons.value or 0)
    shown = [replace(button, title=shorten(button.title, title)) for button in buttons if _fits(button)]
    rows = [[_button(button)] for button in shown[:most]]
    return InlineKeyboardMarkup(rows) if rows else None


def _fits(button: Button) -> bool:
    return bool(button.url) or 0 < len(button.payload.encode()) <= PAYLOAD_BYTES


def _button(button: Button) -> InlineKeyboardButton:
    if button.url:
        return InlineKeyboardButton(button.title, url=button.url)
    return InlineKeyboardButton(button.title, callback_data=button.payload)
