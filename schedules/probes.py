"""Asks each platform what our account there is and may do, so that staff see it before they rely on it."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.abilities import Probes
from bot.channel import Channel, SendError
from data import accounts
from data.database import Database

EVERY = timedelta(days=1)

log = logging.getLogger(__name__)


async def probe(database: Database, channels: Mapping[int, Channel], now: datetime) -> int:
    """How many accounts were asked about: those not asked about for a day."""
    asked = 0
    for account_id, channel in channels.items():
        if isinstance(channel, Probes) and await database.read(accounts.is_unprobed, account_id, now - EVERY):
            asked += await _probe(database, account_id, channel, now)
    return asked


async def _probe(database: Database, account_id: int, channel: Probes, now: datetime) -> bool:
    try:
        found = await channel.probe()
    except SendError as error:
        log.warning("account %d cannot be asked what it may do: %s", account_id, error)
        return False
    await database.write(accounts.keep_abilities, account_id, found, now)
    return True
