"""Asks a platform what was said while we could not hear it. What is known already is a repeat, and harmless."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta

from bot.abilities import CatchesUp
from bot.channel import Channel, SendError
from bot.messages import Event
from bot.webhooks import NotSafe
from data import inbox
from data.clock import from_ms
from data.database import Database
from data.writer import Unwritable

OVERLAP = timedelta(minutes=10)
FARTHEST = timedelta(days=7)  # older words are answered by nobody's wish

log = logging.getLogger(__name__)

Keep = Callable[[int, Event], Awaitable[None]]


async def catch_up(database: Database, channels: Mapping[int, Channel], keep: Keep, now: datetime) -> int:
    """How many events had been missed. An account that never heard anything has missed nothing."""
    missed = 0
    for account_id, channel in channels.items():
        if isinstance(channel, CatchesUp):
            try:
                missed += await _from(database, account_id, channel, keep, now)
            except (SendError, Unwritable, NotSafe) as error:  # it is asked again, and nothing is forgotten meanwhile
                log.warning("account %d: what was missed is not fetched yet: %s", account_id, error)
    return missed


async def _from(database: Database, account_id: int, channel: CatchesUp, keep: Keep, now: datetime) -> int:
    latest_ms = await database.read(inbox.latest_ms, account_id)
    if latest_ms is None:
        return 0
    events = await channel.missed(max(from_ms(latest_ms) - OVERLAP, now - FARTHEST))
    missed = [event for event in events if not await database.read(inbox.is_known, account_id, event.id, event.at_ms)]
    for event in missed:
        await keep(account_id, event)
    if missed:
        log.info("account %d: %d events had been missed", account_id, len(missed))
    return len(missed)
