"""Deliveries of which nothing was heard: where the platform shows what was said, it tells which of them arrived."""

import logging
from collections.abc import Mapping
from datetime import datetime

from bot.abilities import Recalls
from bot.channel import Channel, SendError
from data import echoes
from data.database import Database

AT_ONCE = 5  # people asked about in one go: each costs a call

log = logging.getLogger(__name__)


async def resolve(database: Database, channels: Mapping[int, Channel], words: echoes.Words, now: datetime) -> int:
    """How many deliveries turned out to have arrived. One that is not seen stays unsure: a person decides."""
    found = 0
    for account_id, channel in channels.items():
        if isinstance(channel, Recalls):
            for citizen_id, person in await database.read(echoes.unsure_people, account_id, now, AT_ONCE):
                found += await _of_person(database, channel, citizen_id, person, words, now)
    return found


async def _of_person(
    database: Database, channel: Recalls, citizen_id: int, person: str, words: echoes.Words, now: datetime
) -> int:
    await database.write(echoes.asked, citizen_id, now)
    try:
        said = await channel.said_to(person)
    except SendError as error:
        log.warning("the platform cannot be asked what was said: %s", error)
        return 0
    return sum([await database.write(echoes.by_words, citizen_id, one.text, one.id, words, now) for one in said])
