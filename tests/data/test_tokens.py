"""Tokens at rest: sealed, the pair before kept too, and refreshed by one process at a time."""

from datetime import timedelta
from typing import Any

import pytest

from data import tokens
from data.database import Database
from data.home import derived
from data.tables import TokenPair
from tests.conftest import NOON
from tests.data.people import account, side_by_side

KEY = derived("the key of the house", "tokens")


def pair(number: int = 1) -> dict[str, Any]:
    return {
        "access": f"access-{number}",
        "refresh": f"refresh-{number}",
        "expires_at": NOON + timedelta(hours=25),
        "refresh_issued_at": NOON,
        "granted_at": NOON - timedelta(days=3),
    }


@pytest.fixture
def zalo(database: Database) -> int:
    """An account with a pair of tokens."""
    number = account(database)
    database.write_now(tokens.keep, KEY, number, pair())
    return number


def row(database: Database, number: int) -> TokenPair:
    return database.read_now(lambda session: session.get_one(TokenPair, number))


def test_an_account_has_no_tokens_at_first(database: Database) -> None:
    assert database.read_now(tokens.read, KEY, account(database)) is None


def test_what_was_kept_is_read_back(database: Database, zalo: int) -> None:
    assert database.read_now(tokens.read, KEY, zalo) == pair()


def test_tokens_are_not_readable_in_the_database(database: Database, zalo: int) -> None:
    sealed = row(database, zalo).sealed

    assert b"access-1" not in sealed
    assert b"refresh-1" not in sealed


def test_another_key_opens_nothing(database: Database, zalo: int) -> None:
    assert database.read_now(tokens.read, derived("another key", "tokens"), zalo) is None


def test_a_new_pair_keeps_the_one_before(database: Database, zalo: int) -> None:
    first = row(database, zalo).sealed

    database.write_now(tokens.keep, KEY, zalo, pair(2))

    after = row(database, zalo)
    assert database.read_now(tokens.read, KEY, zalo) == pair(2)
    assert (after.previous, after.generation) == (first, 1)


def test_one_process_at_a_time_refreshes(database: Database, zalo: int) -> None:
    first, second = (database.write_now(tokens.claim, zalo, NOON, 30) for _ in range(2))

    assert (first, second) == (True, False)


def test_of_many_who_claim_at_once_one_does(database: Database, zalo: int) -> None:
    claims = side_by_side(*(lambda: database.write_now(tokens.claim, zalo, NOON, 30) for _ in range(6)))

    assert sorted(claims, key=str) == [*[False] * 5, True]


def test_a_claim_ends_by_itself(database: Database, zalo: int) -> None:
    database.write_now(tokens.claim, zalo, NOON, 30)

    at, after = (database.write_now(tokens.claim, zalo, NOON + timedelta(seconds=s), 30) for s in (30, 31))

    assert (at, after) == (False, True)


def test_a_claim_ends_with_the_new_pair(database: Database, zalo: int) -> None:
    database.write_now(tokens.claim, zalo, NOON, 30)

    database.write_now(tokens.keep, KEY, zalo, pair(2))

    assert database.write_now(tokens.claim, zalo, NOON, 30)


def test_a_claim_can_be_given_back(database: Database, zalo: int) -> None:
    database.write_now(tokens.claim, zalo, NOON, 30)

    database.write_now(tokens.release, zalo)

    assert database.write_now(tokens.claim, zalo, NOON, 30)


def test_without_a_pair_there_is_nothing_to_claim(database: Database) -> None:
    assert not database.write_now(tokens.claim, account(database), NOON, 30)


def test_a_pair_remembers_the_seed_it_descends_from(database: Database, zalo: int) -> None:
    unseeded = database.read_now(tokens.seed_of, zalo)

    database.write_now(tokens.plant, KEY, zalo, pair(2), "seed-2")
    database.write_now(tokens.keep, KEY, zalo, pair(3))

    assert (unseeded, database.read_now(tokens.seed_of, zalo)) == ("", "seed-2")
    assert database.read_now(tokens.read, KEY, zalo) == pair(3)


def test_a_seed_is_planted_where_nothing_grew_before(database: Database) -> None:
    number = account(database)

    database.write_now(tokens.plant, KEY, number, pair(), "seed-1")

    assert database.read_now(tokens.read, KEY, number) == pair()
    assert database.read_now(tokens.seed_of, number) == "seed-1"
