"""An arrival is kept: in the database, or while that cannot be written in the spool, and read back in order."""

import asyncio
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.messages import Event
from bot.webhooks import NotSafe
from data import accounts
from data.clock import to_ms
from data.database import Database
from data.tables import Arrival
from schedules.arrivals import Arrivals, Spool
from tests.conftest import NOON


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    database = Database(sqlite_url)
    database.open()
    yield database
    database.close()


@pytest.fixture
def account(database: Database) -> int:
    return database.write_now(accounts.account_id, "zalo", "1")


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    spool = Spool(tmp_path / "spool")
    spool.prepare()
    return spool


class Kept:
    """Counts how often somebody was told that there is something to handle."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def arrivals(database: Database, spool: Spool, kept: Kept) -> Arrivals:
    arrivals = Arrivals(database, spool, lambda: NOON, kept)
    await arrivals.read_back()
    return arrivals


def event(number: int, body: bytes = b'{"text": "xin chao"}') -> Event:
    return Event(f"event-{number}", to_ms(NOON) + number, "lan", body)


def stored(database: Database) -> list[str]:
    return database.read_now(lambda session: list(session.exec(select(Arrival.event_id).order_by(Arrival.id))))  # type: ignore[arg-type]


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Somebody else is writing, and does not end."""
    with Database(str(database.engine.url)).engine.begin() as connection:
        connection.execute(text("DELETE FROM unit WHERE id = 99"))
        yield


async def test_an_arrival_is_in_the_database(arrivals: Arrivals, account: int, kept: Kept) -> None:
    await arrivals.keep(account, event(1))

    assert stored(arrivals.database) == ["event-1"]
    assert arrivals.spool.files() == []
    assert kept.times == 1


async def test_while_the_database_is_locked_an_arrival_goes_to_the_spool(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))

        assert len(arrivals.spool.files()) == 1
    assert stored(arrivals.database) == []


async def test_what_was_spooled_is_read_back_as_it_came(arrivals: Arrivals, account: int) -> None:
    body = bytes(range(256))
    with locked(arrivals.database):
        await arrivals.keep(account, event(1, body))

    await arrivals.read_back()

    [row] = arrivals.database.read_now(lambda session: list(session.exec(select(Arrival))))
    assert (row.body, row.event_id, row.person, row.account_id) == (body, "event-1", "lan", account)
    assert (row.event_at_ms, row.received_at_ms) == (to_ms(NOON) + 1, to_ms(NOON))
    assert arrivals.spool.files() == []


async def test_the_order_is_kept(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        for number in range(1, 5):
            await arrivals.keep(account, event(number))
    await arrivals.keep(account, event(5))  # the database could be written again: it goes behind the others

    waiting = len(arrivals.spool.files())
    await arrivals.read_back()
    await arrivals.keep(account, event(6))

    assert waiting == 5
    assert stored(arrivals.database) == [f"event-{number}" for number in range(1, 7)]


async def test_reading_back_tells_that_there_is_something_to_handle(
    arrivals: Arrivals, account: int, kept: Kept
) -> None:
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))
    told = kept.times

    await arrivals.read_back()
    await arrivals.read_back()

    assert kept.times == told + 1


async def test_reading_back_waits_while_the_database_is_still_locked(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        for number in (1, 2):
            await arrivals.keep(account, event(number))
        done = await arrivals.spool.read_back(arrivals.database)

        assert done == 0
        assert len(arrivals.spool.files()) == 2


async def test_a_repeat_out_of_the_spool_changes_nothing(arrivals: Arrivals, account: int) -> None:
    await arrivals.keep(account, event(1))
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))

    await arrivals.read_back()

    assert stored(arrivals.database) == ["event-1"]


async def test_what_an_earlier_run_left_is_read_back_first(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))
    later = Arrivals(arrivals.database, Spool(arrivals.spool._folder), lambda: NOON, lambda: None)

    await later.keep(account, event(2))
    await later.read_back()

    assert stored(arrivals.database) == ["event-1", "event-2"]


async def test_a_write_that_is_under_way_is_not_overtaken(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))
    large = asyncio.create_task(arrivals.keep(account, event(2, bytes(20_000_000))))
    await asyncio.sleep(0)

    await arrivals.read_back()
    await large

    assert arrivals.spool.holds_some == bool(arrivals.spool.files())


async def test_an_event_that_can_be_kept_nowhere_is_not_called_safe(arrivals: Arrivals, account: int) -> None:
    folder = arrivals.spool._folder
    folder.rmdir()
    folder.write_bytes(b"")  # no folder any more

    with locked(arrivals.database), pytest.raises(NotSafe):
        await arrivals.keep(account, event(1))


def test_a_spool_that_cannot_be_written_refuses_the_start(tmp_path: Path) -> None:
    (tmp_path / "spool").write_bytes(b"")

    with pytest.raises(OSError, match="spool"):
        Spool(tmp_path / "spool").prepare()


def test_preparing_leaves_nothing_behind(spool: Spool) -> None:
    assert spool.files() == []
    assert stat.S_ISDIR(spool._folder.stat().st_mode)


async def test_a_damaged_or_foreign_file_in_the_spool_holds_up_nothing(arrivals: Arrivals, account: int) -> None:
    with locked(arrivals.database):
        await arrivals.keep(account, event(1))
    folder = arrivals.spool._folder
    (folder / "Thumbs.db").write_bytes(b"not ours")
    (folder / f"{0:020d}-1-000000").write_bytes(b"")

    await arrivals.read_back()

    assert stored(arrivals.database) == ["event-1"]
    assert not arrivals.spool.holds_some
    assert [path.name[:6] for path in folder.glob("aside-*")] == ["aside-"]
