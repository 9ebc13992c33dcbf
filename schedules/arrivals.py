"""Keeping an arrival: in the database, or while that cannot be written in a folder, read back later in order."""

import asyncio
import itertools
import json
import logging
import os
import re
import sqlite3
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError

from bot.messages import Event
from bot.webhooks import NotSafe
from data.clock import to_ms
from data.database import Database
from data.writer import NewArrival, Unwritable

PATIENCE_SECONDS = 1.5
_NAME = re.compile(r"\d{20}-\d+-\d+")

log = logging.getLogger(__name__)


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = itertools.count()
        self.holds_some = True  # until one has looked; while it does, later arrivals go in behind the earlier ones
        self._under_way = 0  # writes that have no file to show yet

    def prepare(self) -> None:
        """Raises `OSError` when the folder cannot be written: then the server must not start."""
        self._folder.mkdir(parents=True, exist_ok=True)
        probe = self._folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
        self.holds_some = bool(self.files())

    async def keep(self, arrival: NewArrival) -> None:
        """Return when the arrival is on the disk. Raises `OSError`."""
        self.holds_some = True
        self._under_way += 1
        try:
            name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._number):06d}"  # here: in order of arrival
            await asyncio.to_thread(self._write, name, arrival)
        finally:
            self._under_way -= 1

    def _write(self, name: str, arrival: NewArrival) -> None:
        *fields, body = arrival
        line = json.dumps([*fields, b64encode(body).decode()]).encode()
        partial = self._folder / f".{name}"
        with partial.open("wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._folder / name)
        _sync_folder(self._folder)

    def files(self) -> list[Path]:
        return sorted(path for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    async def read_back(self, database: Database) -> int:
        """Put what waits into the database, oldest first; how many. Stops at the first that still cannot be written."""
        done = 0
        for path in self.files():
            try:
                await database.store(_read(path))
            except Unwritable as error:
                log.error("%d arrivals wait in the spool: %s", len(self.files()), error)
                return done
            except (ValueError, TypeError, DBAPIError, sqlite3.Error, psycopg.Error) as error:
                log.error("%s cannot be read back and is set aside: %s", path.name, type(error).__name__)
                path.rename(path.with_name(f"aside-{path.name}"))
                continue
            path.unlink()
            done += 1
        self.holds_some = self._under_way > 0 or bool(self.files())
        return done


def _read(path: Path) -> NewArrival:
    event_at_ms, event_id, account_id, person, received_at_ms, body = json.loads(path.read_bytes())
    return event_at_ms, event_id, account_id, person, received_at_ms, b64decode(body)


def _sync_folder(folder: Path) -> None:
    """A file's name is on the disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(frozen=True)
class Arrivals:
    database: Database
    spool: Spool
    clock: Callable[[], datetime]
    kept: Callable[[], None]

    async def keep(self, account_id: int, event: Event) -> None:
        """Return when the event is on a disk. Raises `NotSafe` when there is none that takes it."""
        arrival = (event.at_ms, event.id, account_id, event.person, to_ms(self.clock()), event.body)
        try:
            if self.spool.holds_some:
                await self.spool.keep(arrival)
            else:
                await self._store(arrival)
        except OSError as error:
            raise NotSafe(str(error)) from error
        self.kept()

    async def _store(self, arrival: NewArrival) -> None:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):  # the platforms wait two seconds, or five
                await self.database.store(arrival)
        except (Unwritable, TimeoutError) as error:
            log.error("an arrival goes to the spool: %s", error)
            await self.spool.keep(arrival)

    async def read_back(self) -> None:
        if await self.spool.read_back(self.database):
            self.kept()
