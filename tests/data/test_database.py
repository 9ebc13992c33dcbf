"""The three doors: what was stored or written is there, and a mistake of one is not another's."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel import Session, SQLModel, func, select

from data.accounts import account_id, the_unit
from data.database import Database
from data.migrate import is_current, migrate
from data.tables import Arrival, Unit
from data.writer import NewArrival, Unwritable


def _arrival(account: int, number: int, person: str = "lan") -> NewArrival:
    return (1_790_000_000_000 + number, f"event-{number}", account, person, 1_790_000_000_000, b"{}")


def _count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Arrival)).one()


async def test_a_stored_arrival_is_there_when_store_returns(database: Database) -> None:
    account = await database.write(account_id, "zalo", "1")

    await database.store(_arrival(account, 1))

    assert await database.read(_count) == 1


async def test_a_repeat_changes_nothing(database: Database) -> None:
    account = await database.write(account_id, "zalo", "1")

    await asyncio.gather(*(database.store(_arrival(account, 1)) for _ in range(50)))

    assert await database.read(_count) == 1


async def test_arrivals_that_wait_together_are_all_stored(database: Database) -> None:
    account = await database.write(account_id, "zalo", "1")

    await asyncio.gather(*(database.store(_arrival(account, number)) for number in range(1000)))

    assert await database.read(_count) == 1000


async def test_a_change_that_fails_leaves_nothing_and_hurts_no_other(database: Database) -> None:
    def fails(session: Session) -> None:
        the_unit(session)
        session.flush()
        raise ValueError("wrong")

    def works(session: Session) -> str:
        session.add(Unit(name="UBND xã Ia Sao", province="tỉnh Gia Lai", centre="Trung tâm"))
        return "done"

    results = await asyncio.gather(database.write(fails), database.write(works), return_exceptions=True)

    assert isinstance(results[0], ValueError)
    assert results[1] == "done"
    names = await database.read(lambda session: list(session.exec(select(Unit.name))))
    assert names == ["UBND xã Ia Sao"]


async def test_a_read_cannot_change_anything_on_sqlite(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    with pytest.raises(Unwritable):
        await database.read(lambda session: session.execute(text("DELETE FROM unit")))
    database.close()


async def test_a_locked_file_is_said_and_not_waited_for_without_end(sqlite_url: str) -> None:
    holder, database = Database(sqlite_url), Database(sqlite_url)
    database.open()
    account = await database.write(account_id, "zalo", "1")

    with holder.engine.begin() as connection:
        connection.execute(text("DELETE FROM unit WHERE id = 99"))
        with pytest.raises(Unwritable):
            await database.store(_arrival(account, 1))
    await database.store(_arrival(account, 1))

    assert await database.read(_count) == 1
    holder.close()
    database.close()


def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    assert is_current(database.engine)


def test_migrating_again_is_harmless(database: Database) -> None:
    migrate(database.engine)

    assert is_current(database.engine)


def test_sqlite_is_set_as_the_design_says(sqlite_url: str, tmp_path: Path) -> None:
    database = Database(sqlite_url)
    with database.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    database.close()

    assert found == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "secure_delete": 1}
