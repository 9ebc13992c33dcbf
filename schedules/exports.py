"""The register of the month that has just ended, written by itself on the first working day of the next."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session

from bot.text import mask
from data import accounts, audit, calendar, exports
from data.clock import local_day
from data.database import Database


async def write_last_month(database: Database, home: Path, now: datetime) -> Path | None:
    """Write last month's register, masked, when it is due and not there yet."""
    today = local_day(now)
    last = today.replace(day=1) - timedelta(days=1)
    request = exports.Request(last.replace(day=1), last, "xlsx")
    folder = home / "exports" / "monthly"
    if (folder / exports.file_name(request)).exists() or not await database.read(_first_working_day_passed, today):
        return None
    made = await asyncio.to_thread(database.read_now, _write, request, folder)
    await database.write(audit.note, now, audit.CLOCK, "export", made.file.name, rows=made.rows, sha256=made.sha256)
    return made.file


def _first_working_day_passed(session: Session, today: date) -> bool:
    days = calendar.load(session)
    return any(days.works(today.replace(day=number)) for number in range(1, today.day + 1))


def _write(session: Session, request: exports.Request, folder: Path) -> exports.Made:
    return exports.write_register(session, request, folder, mask, accounts.channel_names(session))
