"""Forgets what need not be kept: raw webhook bodies after a month, questions after a year, downloads after a day."""

import asyncio
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from data import attachments, inbox, knowledge
from data.clock import to_ms
from data.database import Database

BODIES_LIVE = timedelta(days=30)
QUESTIONS_LIVE = timedelta(days=365)  # a year of them shows what each season asks
DOWNLOADS_LIVE = timedelta(days=1)
PIECE = 2_000


async def forget(database: Database, home: Path, now: datetime) -> int:
    """In small pieces, so that no citizen waits for the housekeeping; how many bodies were dropped."""
    dropped = 0
    while count := await database.write(inbox.forget_bodies, to_ms(now - BODIES_LIVE), PIECE):
        dropped += count
    while await database.write(knowledge.forget_questions, now - QUESTIONS_LIVE, PIECE):
        pass
    await asyncio.to_thread(forget_downloads, home / "exports", now)
    await asyncio.to_thread(forget_strays, home / "attachments", await database.read(attachments.named), now)
    return dropped


def forget_strays(folder: Path, named: set[str], now: datetime) -> int:
    """Remove uploads that were never sent: files older than a day that belong to no row. How many."""
    if not folder.is_dir():
        return 0
    oldest = (now - DOWNLOADS_LIVE).timestamp()
    strays = [path for path in folder.iterdir() if path.name not in named and path.stat().st_mtime < oldest]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def forget_downloads(folder: Path, now: datetime) -> int:
    """Remove the registers that the console handed out: each in a folder named by its number. How many."""
    if not folder.is_dir():
        return 0
    oldest = (now - DOWNLOADS_LIVE).timestamp()
    old = [path for path in folder.iterdir() if path.name.isdecimal() and path.stat().st_mtime < oldest]
    for path in old:
        shutil.rmtree(path)
    return len(old)
