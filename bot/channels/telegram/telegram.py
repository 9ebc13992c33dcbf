"""A Telegram bot as a channel."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from hmac import compare_digest
from time import monotonic
from typing import Any
from urllib.parse import urlencode

import orjson
from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import Conflict

from bot.abilities import Finding, Post, Step
from bot.channel import PLAIN, Failure, Forged, Limits, SendError, Sending, Way
from bot.channels.telegram import inspection, payloads
from bot.channels.telegram.commands import keep_listed
from bot.channels.telegram.errors import TOO_LONG, asked, harmless
from bot.channels.telegram.inspection import Inspection
from bot.channels.telegram.keyboards import Keyboards, Markup, inline
from bot.channels.telegram.lately import Lately
from bot.channels.telegram.limits import (
    ALLOWED_UPDATES,
    CAPTION_UNITS,
    FILE_BYTES,
    LIMITS,
    POLL_SECONDS,
    TEXT_UNITS,
    WAYS,
    units,
)
from bot.channels.telegram.publishing import Outlet
from bot.channels.telegram.request import OverOutgoing, without_address
from bot.messages import Attachment, Event, Ignored, Incoming, Reply
from bot.outgoing import TOTAL_SECONDS, Outgoing

log = logging.getLogger(__name__)

RIVAL_SECONDS = 300.0
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Telegram:
    name = "telegram"
    limits: Limits = LIMITS
    ways: tuple[Way, ...] = WAYS

    def __init__(
        self,
        token: str,
        secret: str,
        api_url: str,
        outgoing: Outgoing,
        picture: Callable[[str], Awaitable[bytes]],
        *,
        channel_id: str = "",
        staff_chat_id: str = "",
    ) -> None:
        # At DEBUG the library logs its own address, which holds the token.
        logging.getLogger("telegram.Bot").setLevel(logging.INFO)
        self.account = token.partition(":")[0]
        self.outlet = "telegram_channel" if channel_id else ""
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
        self._keyboards, self._lately = Keyboards(), Lately()
        self._outlet = Outlet(self._bot, channel_id, picture)
        self._inspection = Inspection(self._bot, staff_chat_id, channel_id)
        self._username = ""  # known once we are open
        self._polled = False
        self._rival_at: float | None = None  # when another's poll last put ours out

    async def open(self) -> None:
        # Not `Bot.initialize`: refused, it writes the token into its exception.
        me = await harmless(self._bot.get_me())
        self._username = me.username or ""
        try:
            await keep_listed(self._bot)
        except SendError as error:  # citizens can type what they cannot pick
            log.warning("Telegram's list of commands is not in step: %s", error)

    async def close(self) -> None:
        """Nothing of its own is open."""

    def start_link(self, payload: str) -> str:
        """Opens the bot and has it hear `payload` (at most 64 of A-Z a-z 0-9 _ -) as a start; "" before we are open."""
        return f"https://t.me/{self._username}?start={payload}" if self._username else ""

    # what comes in

    def events(self, headers: Mapping[str, str], body: bytes) -> list[Event]:
        given = headers.get(_SECRET_HEADER, "")
        if not self._secret or not compare_digest(given.encode(errors="surrogateescape"), self._secret.encode()):
            raise Forged(_SECRET_HEADER)
        return [payloads.event(body)]

    def parse(self, body: bytes) -> Incoming | Ignored:
        return payloads.incoming(body, self._username)

    async def poll(self, offset: int) -> list[Event]:
        """What came since `offset`, waiting a while for it; the raw updates, as a webhook would bring them."""
        query = {"offset": offset, "timeout": POLL_SECONDS, "allowed_updates": orjson.dumps(ALLOWED_UPDATES).decode()}
        address = f"{self._bot.base_url}/getUpdates?{urlencode(query)}"
        self._polled = True
        try:
            updates: Any = await harmless(self._request.post(address, read_timeout=POLL_SECONDS + TOTAL_SECONDS))
        except SendError as error:
            if isinstance(error.__cause__, Conflict) and "other getUpdates" in error.detail:
                self._rival_at = monotonic()
            raise
        return [payloads.event(orjson.dumps(update)) for update in updates]

    async def set_webhook(self, url: str) -> None:
        await harmless(self._bot.set_webhook(url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret))

    async def delete_webhook(self) -> None:
        await harmless(self._bot.delete_webhook())

    async def webhook_is_ours(self, url: str) -> bool:
        """False when it had been lost, and is set again now. `url` is "" while we poll and want none.

        Raises `SendError`.
        """
        info = await harmless(self._bot.get_webhook_info())
        if info.url == url and (not url or set(info.allowed_updates) == set(ALLOWED_UPDATES)):
            return True
        await (self.set_webhook(url) if url else self.delete_webhook())
        return False

    async def acknowledge(self, body: bytes) -> None:
        """Stops the waiting circle on a pressed button. Nothing else depends on it."""
        query = payloads.callback_id(body)
        if query is None:
            return
        try:
            await asked(self._bot.answer_callback_query(query))
        except SendError as error:
            log.info("press not acknowledged: %s", error)

    async def fetch(self, attachment: Attachment) -> bytes:
        file = await harmless(self._bot.get_file(attachment.source))
        if not file.file_path or (file.file_size or 0) > FILE_BYTES:
            raise SendError(Failure.REJECTED, "no file to download")
        return await without_address(self._outgoing.download(file.file_path, max_bytes=FILE_BYTES))

    # what goes out

    async def send(self, person: str, reply: Reply, sending: Sending = PLAIN) -> str:
        _check_length(reply)
        crowded = person.startswith("-") or self._lately.holds(person)  # a group's id is below zero
        markup = self._keyboards.under(person, reply)
        try:
            sent = await asked(self._send(person, reply, markup))
        except SendError as error:
            error.only_person = error.failure is Failure.TOO_FAST and crowded
            raise
        finally:
            self._lately.add(person)
        self._keyboards.sent(person, markup)
        return str(sent.message_id)

    async def _send(self, person: str, reply: Reply, markup: Markup | None) -> Message:
        if not reply.image:
            return await self._bot.send_message(
                person, reply.text, reply_markup=markup, link_preview_options=_NO_PREVIEW
            )
        address = reply.image.startswith("https://")
        photo = reply.image if address else await self._picture(reply.image)
        return await self._bot.send_photo(person, photo, caption=reply.text or None, reply_markup=markup)

    async def edit(self, person: str, message_id: str, reply: Reply) -> None:
        """Change the text and the buttons of a message of ours; that it reads so already is no error.

        Raises `SendError`.
        """
        _check_length(reply)
        work = self._bot.edit_message_text(
            reply.text, person, int(message_id), reply_markup=inline(reply.buttons), link_preview_options=_NO_PREVIEW
        )
        try:
            await harmless(work)
        except SendError as error:
            if "not modified" not in error.detail:
                raise

    # what else it can do

    async def publish(self, post: Post, kept: Mapping[str, str]) -> Step:
        return await self._outlet.publish(post, kept)

    async def probe(self) -> dict[str, str]:
        return await self._inspection.probe()

    async def inspect(self, webhook: str, now: datetime) -> list[Finding]:
        bot = await inspection.reached(self._bot)
        theirs = self._request.their_time
        found = [bot, *([inspection.clock(theirs, now)] if theirs else [])]
        if bot.ok:
            found += await self._inspection.findings(webhook, now)
        if self._polled and not webhook:
            found.append(inspection.rival(self._met_a_rival()))
        return found

    def _met_a_rival(self) -> bool:
        return self._rival_at is not None and monotonic() - self._rival_at < RIVAL_SECONDS


def _check_length(reply: Reply) -> None:
    most = CAPTION_UNITS if reply.image else TEXT_UNITS
    if units(reply.text) > most:
        raise SendError(Failure.REJECTED, f"more than {most} UTF-16 units", advice=TOO_LONG)
