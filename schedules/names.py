"""Asks a platform for the names of those who wrote and whose name it did not tell."""

import logging
from collections.abc import Mapping
from datetime import datetime

from bot.abilities import KnowsPeople
from bot.channel import Channel, SendError
from data import citizens
from data.database import Database

AT_ONCE = 3  # names at a tick: the calls are counted, and answers go before names

log = logging.getLogger(__name__)


async def ask(database: Database, channels: Mapping[int, Channel], now: datetime) -> int:
    """How many were asked for; whoever was asked for is not asked for again soon."""
    asked = 0
    for account_id, channel in channels.items():
        if not isinstance(channel, KnowsPeople):
            continue
        for citizen_id, person in await database.read(citizens.nameless, account_id, now, AT_ONCE):
            await database.write(citizens.named, citizen_id, await _name(channel, person), now)
            asked += 1
    return asked


async def _name(channel: KnowsPeople, person: str) -> str:
    try:
        return await channel.name_of(person)
    except SendError as error:
        log.info("no name to be had: %s", error)
        return ""
