"""A Telegram bot as a channel."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hmac import compare_digest
from typing import Any, TypeVar
from urllib.parse import urlencode

import orjson
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Message
from telegram.error import TelegramError

from bot.channel import Failure, Forged, Limits, SendError
from bot.channels.telegram import payloads
from bot.channels.telegram.errors import send_error
from bot.channels.telegram.limits import ALLOWED_UPDATES, CAPTION, FILE_BYTES, LIMITS, PAYLOAD_BYTES, POLL_SECONDS
from bot.channels.telegram.request import OverOutgoing, without_address
from bot.messages import Attachment, Button, Event, Ignored, Incoming, Reply
from bot.outgoing import TOTAL_SECONDS, Outgoing
from bot.text import shorten

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Telegram:
    name = "telegram"
    limits: Limits = LIMITS

    def __init__(
        self, token: str, secret: str, api_url: str, outgoing: Outgoing, picture: Callable[[str], Awaitable[bytes]]
    ) -> None:
        # At DEBUG the library logs its own address, which holds the token.
        logging.getLogger("telegram.Bot").setLevel(logging.INFO)
        self.account = token.partition(":")[0]
        self._secret = secret
        self._outgoing = outgoing
        self._picture = picture
        self._request = OverOutgoing(outgoing)
        self._bot = Bot(
            token,
            base_url=f"{api_url}/bot",
            base_file_url=f"{api_url}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def open(self) -> None:
        # Not `Bot.initialize`: refused, it writes the token into its exception.
        await _harmless(self._bot.get_me())

    async def close(self) -> None:
        """Nothing of its own is open."""

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        given = headers.get(_SECRET_HEADER, "")
        if not self._secret or not compare_digest(given.encode(errors="surrogateescape"), self._secret.encode()):
            raise Forged(_SECRET_HEADER)
        return [payloads.event(body)]

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.incoming(body)

    async def send(self, person: str, reply: Reply) -> str:
        sent = await _asked(self._send(person, reply))
        return str(sent.message_id)

    async def fetch(self, attachment: Attachment) -> bytes:
        file = await _harmless(self._bot.get_file(attachment.source))
        if not file.file_path or (file.file_size or 0) > FILE_BYTES:
            raise SendError(Failure.REJECTED, "no file to download")
        return await without_address(self._outgoing.download(file.file_path, max_bytes=FILE_BYTES))

    async def poll(self, offset: int) -> list[Event]:
        """What came since `offset`, waiting a while for it; the raw updates, as a webhook would bring them."""
        query = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": orjson.dumps(ALLOWED_UPDATES).decode()}
        address = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        updates: Any = await _harmless(self._request.post(address, read_timeout=POLL_SECONDS + TOTAL_SECONDS))
        return [payloads.event(orjson.dumps(update)) for update in updates]

    async def set_webhook(self, url: str) -> None:
        await _harmless(self._bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret))

    async def delete_webhook(self) -> None:
        await _harmless(self._bot.delete_webhook())

    async def acknowledge(self, body: bytes) -> None:
        """Stops the waiting circle on a pressed button. Nothing else depends on it."""
        query = payloads.callback_id(body)
        if query is None:
            return
        try:
            await _asked(self._bot.answer_callback_query(query))
        except SendError as error:
            log.info("press not acknowledged: %s", error)

    async def _send(self, person: str, reply: Reply) -> Message:
        keyboard = _keyboard(reply.buttons)
        if not reply.image:
            return await self._bot.send_message(
                person, reply.text, reply_markup=keyboard, link_preview_options=_NO_PREVIEW
            )
        address = reply.image.startswith("https://")
        photo = reply.image if address else await self._picture(reply.image)
        caption = reply.text[:CAPTION] or None
        return await self._bot.send_photo(person, photo, caption=caption, reply_markup=keyboard)


async def _asked(work: Awaitable[Result]) -> Result:
    try:
        return await work
    except TelegramError as error:
        raise send_error(error) from error


async def _harmless(work: Awaitable[Result]) -> Result:
    """For calls that may be repeated: not having heard is no worse than not having reached."""
    try:
        return await _asked(work)
    except SendError as error:
        if error.failure is not Failure.UNSURE:
            raise
        raise SendError(Failure.UNAVAILABLE, error.detail) from error


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
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
