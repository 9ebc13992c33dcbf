"""The inbox: taken once, in each citizen's order, tried again, and set aside rather than lost."""

from typing import Any

import pytest
from sqlmodel import Session

from data import inbox
from data.database import Database
from data.tables import Account, Arrival, ArrivalState
from tests.data.people import NOON_MS, account, keep, rows, side_by_side


def arrive(database: Database, number: int, person: str = "lan", **about: Any) -> int:
    given: dict[str, Any] = {
        "event_at_ms": NOON_MS + number, "event_id": f"event-{number}", "account_id": account(database),
        "person": person, "received_at_ms": NOON_MS, "body": b'{"text": "xin chao"}',
    }  # fmt: skip
    return keep(database, Arrival(**given | about)).id or 0


def finish(session: Session, arrival_id: int) -> bool:
    arrival = inbox.take(session, arrival_id, NOON_MS)
    if arrival:
        inbox.finish(session, arrival, ArrivalState.HANDLED, "hello")
    return arrival is not None


def waiting(database: Database, now_ms: int = NOON_MS, limit: int = 10) -> list[int]:
    accounts = [row.id or 0 for row in rows(database, Account)]
    return [row[0] for row in database.read_now(inbox.waiting, accounts, now_ms, limit)]


def test_the_oldest_wait_first(database: Database) -> None:
    first, second, third = arrive(database, 3), arrive(database, 1, "hung"), arrive(database, 2, "stranger")

    assert waiting(database, limit=2) == [first, second]
    assert third > second


def test_of_one_citizen_only_the_first_is_seen(database: Database) -> None:
    first = arrive(database, 1)
    arrive(database, 2)

    assert waiting(database) == [first]


def test_an_arrival_of_a_channel_that_is_off_waits(database: Database) -> None:
    arrive(database, 1)

    assert database.read_now(inbox.waiting, [], NOON_MS, 10) == []


def test_an_arrival_is_handled_once(database: Database) -> None:
    number = arrive(database, 1)

    taken = [database.write_now(finish, number) for _ in range(2)]

    assert taken == [True, False]
    assert rows(database, Arrival)[0].note == "hello"
    assert waiting(database) == []


def test_two_who_take_the_same_arrival_at_once_do_not_both_get_it(database: Database) -> None:
    numbers = [arrive(database, number, f"citizen-{number}") for number in range(30)]

    def take_all() -> list[int]:
        return [number for number in numbers if database.write_now(finish, number)]

    taken = side_by_side(take_all, take_all)

    assert sorted(number for mine in taken if isinstance(mine, list) for number in mine) == numbers


@pytest.mark.postgres
def test_between_processes_a_citizens_later_arrival_waits_for_the_earlier(postgres_url: str) -> None:
    database = Database(postgres_url)
    first, second, other = arrive(database, 1), arrive(database, 2), arrive(database, 3, "hung")

    early = database.write_now(finish, second)
    in_order = [database.write_now(finish, number) for number in (other, first, second)]

    assert early is False
    assert in_order == [True, True, True]
    database.close()


@pytest.mark.postgres
def test_while_one_process_has_a_citizen_no_other_does(postgres_url: str) -> None:
    database = Database(postgres_url)
    first, other = arrive(database, 1), arrive(database, 2, "hung")

    with Session(database.engine) as holder:
        held = inbox.take(holder, first, NOON_MS)
        meanwhile = [database.write_now(finish, number) for number in (first, other)]
    afterwards = database.write_now(finish, first)

    assert held is not None
    assert meanwhile == [False, True]
    assert afterwards is True
    database.close()


def test_a_failure_is_tried_again_later_and_later(database: Database) -> None:
    number = arrive(database, 1)

    pauses = []
    for _ in range(3):
        database.write_now(inbox.failed, number, "KeyError", NOON_MS)
        pauses.append(rows(database, Arrival)[0].retry_at_ms - NOON_MS)

    assert pauses == [2_000, 4_000, 8_000]
    assert waiting(database) == []
    assert waiting(database, now_ms=NOON_MS + 8_000) == [number]


def test_what_fails_again_and_again_is_set_aside_for_a_person(database: Database) -> None:
    number = arrive(database, 1)

    states = [database.write_now(inbox.failed, number, "KeyError", NOON_MS) for _ in range(inbox.TRIES)]

    assert states == [*[ArrivalState.WAITING] * (inbox.TRIES - 1), ArrivalState.ASIDE]
    assert database.write_now(finish, number) is False


def test_a_very_long_reason_is_cut(database: Database) -> None:
    number = arrive(database, 1)

    database.write_now(inbox.failed, number, "x" * 10_000, NOON_MS)

    assert len(rows(database, Arrival)[0].note) == 500


def test_the_backlog_counts_what_waits_and_what_was_set_aside(database: Database) -> None:
    arrive(database, 1)
    arrive(database, 2, state=ArrivalState.ASIDE)
    arrive(database, 3, state=ArrivalState.HANDLED)

    assert database.read_now(inbox.backlog) == {"waiting": 1, "aside": 1}


def test_an_empty_inbox_has_a_backlog_of_nothing(database: Database) -> None:
    assert database.read_now(inbox.backlog) == {"waiting": 0, "aside": 0}


def test_what_is_forgotten_stays_known_as_a_repeat(database: Database) -> None:
    number = arrive(database, 1)

    database.write_now(inbox.redact, number)

    [row] = rows(database, Arrival)
    assert (row.body, row.event_id) == (None, "event-1")


def test_old_bodies_are_dropped_and_nothing_that_still_waits(database: Database) -> None:
    arrive(database, 1, state=ArrivalState.HANDLED)
    arrive(database, 2)
    arrive(database, 3, state=ArrivalState.HANDLED, received_at_ms=NOON_MS + 10)

    dropped = database.write_now(inbox.forget_bodies, NOON_MS + 1, 100)

    assert dropped == 1
    assert [row.body is None for row in rows(database, Arrival)] == [True, False, False]


def test_old_bodies_are_dropped_in_pieces(database: Database) -> None:
    for number in range(5):
        arrive(database, number, state=ArrivalState.IGNORED)

    dropped = [database.write_now(inbox.forget_bodies, NOON_MS + 1, 2) for _ in range(4)]

    assert dropped == [2, 2, 1, 0]
