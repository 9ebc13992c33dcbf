"""Keeping an arrival: in the database, or while that cannot be written in a folder, read back later in order."""

import asyncio
import itertools
import json
import logging
import os
import time
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.messages import Event
from bot.webhooks import NotSafe
from data.clock import to_ms
from data.database import Database
from data.writer import NewArrival, Unwritable

log = logging.getLogger(__name__)


class Spool:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = itertools.count()
        self.holds_some = True  # while it does, later arrivals go in behind the earlier ones
        self._under_way = 0  # writes that have no file to show yet

    def prepare(self) -> None:
        """Raises `OSError` when the folder cannot be written: then the server must not start."""
        self._folder.mkdir(parents=True, exist_ok=True)
        probe = self._folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()

    async def keep(self, arrival: NewArrival) -> None:
        """Return when the arrival is on the disk. Raises `OSError`."""
        self.holds_some = True
        self._under_way += 1
        try:
            await asyncio.to_thread(self._write, arrival)
        finally:
            self._under_way -= 1

    def _write(self, arrival: NewArrival) -> None:
        *fields, body = arrival
        line = json.dumps([*fields, b64encode(body).decode()]).encode()
        name = f"{time.time_ns():020d}-{os.getpid()}-{next(self._number):06d}"
        partial = self._folder / f".{name}"
        with partial.open("wb") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, self._folder / name)

    def files(self) -> list[Path]:
        return sorted(path for path in self._folder.iterdir() if not path.name.startswith("."))

    async def read_back(self, database: Database) -> int:
        """Put what waits into the database, oldest first; how many. Stops at the first that still cannot be written."""
        done = 0
        for path in self.files():
            event_at_ms, event_id, account_id, person, received_at_ms, body = json.loads(path.read_bytes())
            try:
                await database.store((event_at_ms, event_id, account_id, person, received_at_ms, b64decode(body)))
            except Unwritable as error:
                log.error("%d arrivals wait in the spool: %s", len(self.files()), error)
                return done
            path.unlink()
            done += 1
        self.holds_some = self._under_way > 0 or bool(self.files())
        return done


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
            await self.database.store(arrival)
        except Unwritable as error:
            log.error("an arrival goes to the spool: %s", error)
            await self.spool.keep(arrival)

    async def read_back(self) -> None:
        if await self.spool.read_back(self.database):
            self.kept()
