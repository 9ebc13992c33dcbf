"""Forgets what need not be kept: raw webhook bodies after a month."""

from datetime import datetime, timedelta

from data import inbox
from data.clock import to_ms
from data.database import Database

BODIES_LIVE = timedelta(days=30)
PIECE = 2_000


async def forget(database: Database, now: datetime) -> int:
    """In small pieces, so that no citizen waits for the housekeeping; how many bodies were dropped."""
    dropped = 0
    while count := await database.write(inbox.forget_bodies, to_ms(now - BODIES_LIVE), PIECE):
        dropped += count
    return dropped
