"""Lan, Minh and the others in a database, and what a test lays down around them."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any, TypeVar

from sqlmodel import Session, SQLModel, col, select

from data import accounts
from data.database import Database
from data.tables import Citizen, Complaint, Delivery, DeliveryKind, Staff, Unit
from tests.conftest import NOON

Row = TypeVar("Row", bound=SQLModel)
T = TypeVar("T")
NOON_MS = 1_795_582_800_000


def keep(database: Database, row: Row) -> Row:
    def change(session: Session) -> Row:
        session.add(row)
        session.flush()
        return row

    return database.write_now(change)


def rows(database: Database, table: type[Row]) -> list[Row]:
    """All rows of a table, by id."""
    return database.read_now(lambda session: list(session.exec(select(table).order_by(col(table.id)))))  # type: ignore[attr-defined]


def account(database: Database, channel: str = "zalo") -> int:
    return database.write_now(accounts.account_id, channel, "1")


def citizen(database: Database, person: str = "lan", channel: str = "zalo", **about: Any) -> Citizen:
    account_id = account(database, channel)
    return keep(database, Citizen(account_id=account_id, person=person, first_seen_at=NOON, **about))


def reader(database: Database, person: str, channel: str = "zalo") -> Citizen:
    """A citizen who said yes to the monthly news."""
    return citizen(database, person, channel, wants_news=True, last_incoming_at=NOON)


def unit(database: Database) -> Unit:
    return database.write_now(accounts.the_unit)


def minh(database: Database) -> Staff:
    """The clerk."""
    row = Staff(unit_id=unit(database).id or 0, username="minh", name="Minh", created_at=NOON)
    return keep(database, row)


def thu(database: Database) -> Staff:
    """The leader, who approves."""
    row = Staff(unit_id=unit(database).id or 0, username="thu", name="Chị Thu", role="leader", created_at=NOON)
    return keep(database, row)


def complaint(database: Database, **about: Any) -> Complaint:
    """A complaint that is not filed yet."""
    given: dict[str, Any] = {
        "code": "", "unit_id": unit(database).id, "kind": "general", "category": "môi trường, rác",
        "content": "Rác chất đống ở chợ", "content_folded": "rac chat dong o cho", "received_at": NOON,
        "updated_at": NOON,
    }  # fmt: skip
    return Complaint(**given | about)


def letter(whose: Citizen, kind: DeliveryKind = DeliveryKind.REPLY, **about: Any) -> Delivery:
    """A delivery that nobody has enqueued yet."""
    given: dict[str, Any] = {"created_at_ms": NOON_MS, "body": {"text": "Dạ"}}
    whom = {"account_id": whose.account_id, "citizen_id": whose.id, "person": whose.person}
    return Delivery(kind=kind, **whom | given | about)


def side_by_side(*works: Callable[[], T]) -> list[T | Exception]:
    """What each of these returned or raised, all begun at the same moment in threads of their own."""
    barrier, results = Barrier(len(works)), dict[int, T | Exception]()

    def run(number: int, work: Callable[[], T]) -> None:
        barrier.wait()
        try:
            results[number] = work()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            results[number] = error

    threads = [Thread(target=run, args=(number, work)) for number, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(works))]
