"""Telegram without a public address: ask, store, then ask for the next, which tells Telegram to forget these."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.channel import SendError
from bot.channels.telegram.telegram import Telegram
from bot.messages import Event
from bot.webhooks import NotSafe

PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 1.0, 60.0

log = logging.getLogger(__name__)


async def listen(telegram: Telegram, store: Callable[[Event], Awaitable[None]]) -> None:
    """Until cancelled. What was received but not stored comes again after a restart, and a repeat is harmless."""
    offset, pause = 0, PAUSE_SECONDS
    while True:
        try:
            for event in await telegram.poll(offset):
                await store(event)
                offset = int(event.id) + 1
            pause = PAUSE_SECONDS
        except (SendError, NotSafe) as error:
            log.warning("Telegram cannot be asked for news, next try in %.0f s: %s", pause, error)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
