"""Fetches what citizens sent, while the platform still has it, and keeps it under LOA_HOME."""

import asyncio
import io
import logging
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PIL import Image, ImageOps

from bot.channel import Channel, SendError
from bot.messages import Attachment as Sent
from data import attachments
from data.clock import to_ms
from data.database import Database
from data.tables import Attachment

AT_ONCE = 8
TRIES = 100  # a day, at the longest pause
LONGEST_PAUSE_MS = 900_000
LONGEST_SIDE = 2_000
MAX_PIXELS = 25_000_000
SUFFIXES = {"audio": ".audio", "video": ".video", "file": ".file"}

log = logging.getLogger(__name__)


class NotAnImage(ValueError):
    """The bytes are no picture that can be shown safely."""


_one_at_a_time = threading.Semaphore(1)  # a picture takes a hundred times its size while it is open


def clean_image(data: bytes) -> bytes:
    """A JPEG of the picture in `data`, upright, of moderate size, with no EXIF left (it holds place and device)."""
    with _one_at_a_time:
        try:
            return _cleaned(data)
        except Exception as error:
            raise NotAnImage("no picture") from error


def _cleaned(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as opened:
        if opened.width * opened.height > MAX_PIXELS:
            raise NotAnImage("too many pixels")
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        opened.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        image = ImageOps.exif_transpose(opened).convert("RGB")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()


@dataclass(frozen=True)
class Store:
    """The folder of citizens' files: names are random and say nothing."""

    folder: Path

    def keep(self, data: bytes, kind: str) -> str:
        name = secrets.token_hex(16) + (".jpg" if kind == "image" else SUFFIXES.get(kind, ".file"))
        self.put(name, data)
        return name

    def put(self, name: str, data: bytes) -> None:
        """Under a name of the caller's."""
        self.folder.mkdir(parents=True, exist_ok=True)
        partial = self.folder / f"{name}.part"
        partial.write_bytes(data)
        partial.replace(self.folder / name)

    def has(self, name: str) -> bool:
        return Path(name).name == name and (self.folder / name).is_file()

    def read(self, name: str) -> bytes:
        return (self.folder / Path(name).name).read_bytes()

    def erase(self, name: str) -> None:
        if name:
            (self.folder / Path(name).name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Photos:
    """Uploads to the web chat, kept where all citizens' files are."""

    store: Store

    async def keep(self, data: bytes) -> str:
        try:
            image = await asyncio.to_thread(clean_image, data)
        except NotAnImage as error:
            raise ValueError("Dạ, tệp này không phải là ảnh mà chúng tôi đọc được.") from error
        return await asyncio.to_thread(self.store.keep, image, "image")

    async def read(self, name: str) -> bytes:
        return await asyncio.to_thread(self.store.read, name)


async def fetch_waiting(database: Database, channels: Mapping[int, Channel], store: Store, now: datetime) -> int:
    """Fetch what is due; how many were looked at."""
    await _erase(database, store)
    rows = await database.read(attachments.waiting, list(channels), to_ms(now), AT_ONCE)
    await asyncio.gather(*(_fetch(database, channels[row.account_id], store, row, now) for row in rows))
    return len(rows)


async def _erase(database: Database, store: Store) -> None:
    for row in await database.read(attachments.to_erase):
        for name in (row.stored, row.source if "/" not in row.source else ""):
            await asyncio.to_thread(store.erase, name)
        await database.write(attachments.erased, row.id or 0)


async def _fetch(database: Database, channel: Channel, store: Store, row: Attachment, now: datetime) -> None:
    assert row.id
    if store.has(row.source):  # the web chat's upload put it here
        await database.write(attachments.stored, row.id, row.source, 0)
        return
    try:
        data = await channel.fetch(Sent(row.kind, row.source, row.name))
        if row.kind == "image":
            data = await asyncio.to_thread(clean_image, data)
        stored = await asyncio.to_thread(store.keep, data, row.kind)
    except SendError as error:
        final = not error.failure.retry or row.attempts + 1 >= TRIES
        await database.write(attachments.failed, row.id, str(error), _retry_at(row, now), final=final)
    except OSError as error:  # no room for it: later, perhaps
        await database.write(attachments.failed, row.id, type(error).__name__, _retry_at(row, now), final=False)
    except NotAnImage as error:
        await database.write(attachments.failed, row.id, str(error), 0, final=True)
    else:
        await database.write(attachments.stored, row.id, stored, len(data))


def _retry_at(row: Attachment, now: datetime) -> int:
    return to_ms(now) + min(5_000 << min(row.attempts, 12), LONGEST_PAUSE_MS)
