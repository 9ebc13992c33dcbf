"""A copy of everything that cannot be made again: database, citizens' files, keys. One zip file a night."""

import asyncio
import logging
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from contextlib import closing
from datetime import datetime
from pathlib import Path

from data.clock import VIET_NAM
from data.database import is_sqlite

log = logging.getLogger(__name__)

KEEP = 14
DATABASE, DUMP = "loa.db", "loa.dump"
_FOLDERS = ("attachments",)
_FILES = ("secret.key",)


class NotABackup(Exception):
    """The file is no backup of Loa, or a damaged one."""


def backup(home: Path, url: str, now: datetime) -> Path:
    """Write a backup beside the data and drop the oldest; safe while the server works."""
    folder = home / "backups"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"loa-{now.astimezone(VIET_NAM):%Y-%m-%d-%H%M%S}.zip"
    partial = target.with_suffix(".part")
    with (
        tempfile.TemporaryDirectory(dir=folder) as scratch,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        copy = _copy_database(url, Path(scratch))
        archive.write(copy, copy.name)
        for path in _kept_files(home):
            archive.write(path, path.relative_to(home))
    os.replace(partial, target)
    for old in sorted(folder.glob("loa-*.zip"))[:-KEEP]:
        old.unlink()
    return target


def _kept_files(home: Path) -> list[Path]:
    files = [home / name for name in _FILES if (home / name).is_file()]
    return files + [path for name in _FOLDERS for path in sorted((home / name).rglob("*")) if path.is_file()]


def _copy_database(url: str, scratch: Path) -> Path:
    if is_sqlite(url):
        copy = scratch / DATABASE
        with closing(sqlite3.connect(database_file(url))) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        return copy
    copy = scratch / DUMP
    subprocess.run(["pg_dump", "--format=custom", f"--file={copy}", url], check=True)  # noqa: S603, S607
    return copy


def database_file(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def restore(archive: Path, home: Path, url: str) -> None:
    """Put a backup in place of what is there, which is moved aside. Raises `NotABackup`; the server must be stopped."""
    with tempfile.TemporaryDirectory() as scratch:
        unpacked = Path(scratch)
        _unpack(archive, unpacked)
        if is_sqlite(url):
            _put_sqlite(unpacked / DATABASE, database_file(url))
        else:
            _put_postgres(unpacked / DUMP, url)
        for name in (*_FOLDERS, *_FILES):
            _replace(unpacked / name, home / name)


def _unpack(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            if opened.testzip() or not {DATABASE, DUMP} & set(opened.namelist()):
                raise NotABackup(str(archive))
            opened.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise NotABackup(f"{archive}: {error}") from error


def _put_postgres(dump: Path, url: str) -> None:
    if not dump.is_file():
        raise NotABackup("the backup is of a SQLite database")
    listed = subprocess.run(["pg_restore", "--list", str(dump)], check=False, stdout=subprocess.DEVNULL)  # noqa: S603, S607
    if listed.returncode:
        raise NotABackup("the database in it is damaged")
    command = ["pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={url}", str(dump)]
    subprocess.run(command, check=True)  # noqa: S603


def _is_whole(copy: Path) -> bool:
    try:
        with closing(sqlite3.connect(copy)) as opened:
            return bool(opened.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.DatabaseError:
        return False


def _put_sqlite(copy: Path, target: Path) -> None:
    if not copy.is_file():
        raise NotABackup("the backup is of a PostgreSQL database")
    if not _is_whole(copy):
        raise NotABackup("the database in it is damaged")
    for suffix in ("-wal", "-shm"):  # they belong to the old database, and go aside with it
        beside = target.with_name(target.name + suffix)
        if beside.exists():
            os.replace(beside, target.with_name(f"{target.name}.before-restore{suffix}"))
    _replace(copy, target)


def _replace(source: Path, target: Path) -> None:
    if not source.exists():
        return
    aside = target.with_name(target.name + ".before-restore")
    if aside.is_dir():
        shutil.rmtree(aside)
    if target.exists():
        os.replace(target, aside)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(source, target)


async def nightly(home: Path, url: str, now: datetime) -> None:
    if is_due(home, now):
        made = await asyncio.to_thread(backup, home, url, now)
        log.info("backup written: %s", made.name)


def is_due(home: Path, now: datetime) -> bool:
    """After two in the morning, once a day; at once when the night was slept through."""
    local = now.astimezone(VIET_NAM)
    return local.hour >= 2 and not any((home / "backups").glob(f"loa-{local:%Y-%m-%d}-*.zip"))
