"""A backup while the server writes, and a restore that refuses what is no backup."""

import asyncio
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, func, select

from data import accounts
from data.database import Database
from data.tables import Arrival, Unit
from schedules.backups import KEEP, NotABackup, backup, database_file, is_due, nightly, restore
from tests.conftest import NOON
from tests.data.people import NOON_MS

ROOT = Path(__file__).parents[2]
SECOND = """
import sys
from pathlib import Path
from data.clock import utc_now
from schedules.backups import backup
print(backup(Path(sys.argv[1]), sys.argv[2], utc_now()))
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with everything that cannot be made again."""
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "a.jpg").write_bytes(b"a photo")
    (tmp_path / "secret.key").write_text("the key")
    (tmp_path / "spool").mkdir()
    return tmp_path


def rename(database: Database, name: str) -> None:
    database.write_now(accounts.change_unit, {"name": name})


def names(url: str) -> list[str]:
    database = Database(url)
    found = database.read_now(lambda session: list(session.exec(select(Unit.name))))
    database.close()
    return found


def contents(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as opened:
        return sorted(opened.namelist())


def test_a_backup_holds_all_that_cannot_be_made_again(home: Path, sqlite_url: str) -> None:
    made = backup(home, sqlite_url, NOON)

    assert made == home / "backups" / "loa-2026-11-25-120000.zip"
    assert contents(made) == ["attachments/a.jpg", "loa.db", "secret.key"]


def test_nothing_half_written_stays_beside_it(home: Path, sqlite_url: str) -> None:
    made = backup(home, sqlite_url, NOON)

    assert list((home / "backups").iterdir()) == [made]


def test_a_restore_brings_everything_back(home: Path, database: Database, database_url: str) -> None:
    rename(database, "UBND phường Ayun Pa")
    made = backup(home, database_url, NOON)
    rename(database, "UBND xã Ia Sao")
    (home / "attachments" / "a.jpg").unlink()
    (home / "secret.key").write_text("another key")
    database.close()

    restore(made, home, database_url)

    assert names(database_url) == ["UBND phường Ayun Pa"]
    assert (home / "attachments" / "a.jpg").read_bytes() == b"a photo"
    assert (home / "secret.key").read_text() == "the key"


def test_what_was_there_before_a_restore_is_put_aside(home: Path, sqlite_url: str) -> None:
    made = backup(home, sqlite_url, NOON)
    (home / "attachments" / "b.jpg").write_bytes(b"a later photo")

    restore(made, home, sqlite_url)

    assert (home / "attachments.before-restore" / "b.jpg").read_bytes() == b"a later photo"
    assert (home / "loa.db.before-restore").is_file()


def test_a_restore_can_be_done_twice(home: Path, sqlite_url: str) -> None:
    made = backup(home, sqlite_url, NOON)

    for _ in range(2):
        restore(made, home, sqlite_url)

    assert (home / "attachments" / "a.jpg").read_bytes() == b"a photo"


async def test_a_backup_while_the_server_writes_is_whole(home: Path, sqlite_url: str) -> None:
    database = Database(sqlite_url)
    database.open()
    account = await database.write(accounts.account_id, "zalo", "1")
    going = True

    async def write() -> int:
        number = 0
        while going:
            number += 1
            await database.store((NOON_MS + number, f"event-{number}", account, "lan", NOON_MS, b"{}" * 500))
        return number

    writing = asyncio.create_task(write())
    while database.read_now(count) < 50:
        await asyncio.sleep(0.01)
    made = await asyncio.to_thread(backup, home, sqlite_url, NOON)
    going = False
    written = await writing
    database.close()

    found = arrivals_in(made, home / "unpacked")
    assert 50 <= found <= written


def count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Arrival)).one()


def arrivals_in(archive: Path, folder: Path) -> int:
    with zipfile.ZipFile(archive) as opened:
        path = opened.extract("loa.db", folder)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM arrival").fetchone()[0])


def test_another_process_makes_a_backup_beside_a_running_server(home: Path, sqlite_url: str) -> None:
    server = Database(sqlite_url)
    server.open()
    rename(server, "UBND phường Ayun Pa")

    command = [sys.executable, "-c", SECOND, str(home), sqlite_url]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    rename(server, "UBND xã Ia Sao")
    server.close()
    restore(Path(made), home, sqlite_url)

    assert names(sqlite_url) == ["UBND phường Ayun Pa"]


def test_the_oldest_backups_go(home: Path, sqlite_url: str) -> None:
    made = [backup(home, sqlite_url, NOON + timedelta(days=day)) for day in range(KEEP + 2)]

    assert sorted((home / "backups").iterdir()) == made[2:]


# --- what is no backup ---


@pytest.fixture
def archive(home: Path, sqlite_url: str) -> Path:
    """A backup of UBND phường Ayun Pa; meanwhile it is called otherwise."""
    database = Database(sqlite_url)
    rename(database, "UBND phường Ayun Pa")
    made = backup(home, sqlite_url, NOON)
    rename(database, "UBND xã Ia Sao")
    database.close()
    return made


def refused(archive: Path, home: Path, url: str) -> None:
    with pytest.raises(NotABackup):
        restore(archive, home, url)
    assert names(url) == ["UBND xã Ia Sao"]
    assert (home / "secret.key").read_text() == "the key"


@pytest.mark.parametrize("part", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_damaged_backup_is_refused_and_nothing_is_changed(
    home: Path, sqlite_url: str, archive: Path, part: float
) -> None:
    data = bytearray(archive.read_bytes())
    start = int(len(data) * part)
    data[start : start + 64] = bytes(255 - byte for byte in data[start : start + 64])
    archive.write_bytes(data)

    refused(archive, home, sqlite_url)


def test_half_a_backup_is_refused(home: Path, sqlite_url: str, archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    refused(archive, home, sqlite_url)


def test_what_is_no_zip_file_is_refused(home: Path, sqlite_url: str, archive: Path) -> None:
    archive.write_bytes(b"no zip file")

    refused(archive, home, sqlite_url)


def test_a_file_that_is_not_there_is_refused(home: Path, sqlite_url: str, archive: Path) -> None:
    archive.unlink()

    refused(archive, home, sqlite_url)


def test_another_zip_file_is_refused(home: Path, sqlite_url: str, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("holiday.jpg", b"a photo")

    refused(archive, home, sqlite_url)


@pytest.mark.parametrize("content", [b"no database at all", b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_database_that_is_damaged_is_refused(home: Path, sqlite_url: str, archive: Path, content: bytes) -> None:
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("loa.db", content)

    refused(archive, home, sqlite_url)


def test_a_backup_of_postgresql_is_not_put_into_sqlite(home: Path, sqlite_url: str, archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("loa.dump", b"PGDMP")

    refused(archive, home, sqlite_url)


@pytest.mark.postgres
@pytest.mark.parametrize("name", ["loa.db", "loa.dump"])
def test_a_backup_that_postgresql_cannot_read_is_refused(home: Path, postgres_url: str, name: str) -> None:
    database = Database(postgres_url)
    rename(database, "UBND xã Ia Sao")
    database.close()
    archive = home / "wrong.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr(name, b"nothing that pg_restore knows")

    refused(archive, home, postgres_url)


def test_no_file_of_a_backup_lands_outside_the_home(home: Path, sqlite_url: str, archive: Path) -> None:
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr("../../outside.txt", b"x")

    restore(archive, home, sqlite_url)

    assert list(home.parent.glob("outside.txt")) == []


# --- when ---


@pytest.mark.parametrize(("hours", "due"), [(-11, False), (-10, True), (0, True)])
def test_a_backup_is_due_after_two_in_the_morning(home: Path, hours: int, due: bool) -> None:
    assert is_due(home, NOON + timedelta(hours=hours)) is due


async def test_one_backup_a_day_is_enough(home: Path, sqlite_url: str) -> None:
    for hours in (0, 1, 2):
        await nightly(home, sqlite_url, NOON + timedelta(hours=hours))

    assert len(list((home / "backups").iterdir())) == 1
    assert is_due(home, NOON + timedelta(days=1))


def test_the_file_of_a_database_is_in_its_address(tmp_path: Path) -> None:
    assert database_file(f"sqlite:///{tmp_path / 'loa.db'}") == tmp_path / "loa.db"
