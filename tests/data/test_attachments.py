"""Files of citizens: what waits, what came, what must go."""

from typing import Any

import pytest

from data import attachments
from data.database import Database
from data.tables import Account, Attachment
from tests.data.people import NOON_MS, citizen, keep, rows


@pytest.fixture
def photo(database: Database) -> Attachment:
    return sent(database)


def sent(database: Database, **about: Any) -> Attachment:
    lan = citizen(database, f"lan-{len(rows(database, Attachment))}")
    given: dict[str, Any] = {
        "account_id": lan.account_id,
        "citizen_id": lan.id,
        "kind": "image",
        "source": "https://x/1",
        "name": "1",
    }
    return keep(database, Attachment(**given | about))


def waiting(database: Database, now_ms: int = NOON_MS) -> list[int | None]:
    accounts = [row.id or 0 for row in rows(database, Account)]
    return [row.id for row in database.read_now(attachments.waiting, accounts, now_ms, 10)]


def fail(database: Database, photo: Attachment, *, final: bool = False, reason: str = "unavailable") -> None:
    database.write_now(attachments.failed, photo.id or 0, reason, NOON_MS + 5_000, final=final)


def test_the_oldest_that_are_due_wait_first(database: Database) -> None:
    first, second = sent(database), sent(database)
    sent(database, retry_at_ms=NOON_MS + 1)

    assert waiting(database) == [first.id, second.id]


def test_what_has_come_waits_no_more(database: Database, photo: Attachment) -> None:
    database.write_now(attachments.stored, photo.id or 0, "abc.jpg", 123)

    [row] = rows(database, Attachment)
    assert (row.state, row.stored, row.size) == ("stored", "abc.jpg", 123)
    assert waiting(database) == []


def test_what_failed_is_tried_again_later(database: Database, photo: Attachment) -> None:
    fail(database, photo)

    assert waiting(database) == []
    assert waiting(database, NOON_MS + 5_000) == [photo.id]
    assert rows(database, Attachment)[0].attempts == 1


def test_what_failed_for_good_is_not_tried_again(database: Database, photo: Attachment) -> None:
    fail(database, photo, final=True, reason="x" * 1000)

    [row] = rows(database, Attachment)
    assert (row.state, len(row.reason)) == ("failed", 300)
    assert waiting(database, NOON_MS + 5_000) == []


def test_bytes_that_come_after_the_file_was_forgotten_still_go(database: Database) -> None:
    photo = sent(database, state="erase")

    database.write_now(attachments.stored, photo.id or 0, "abc.jpg", 123)

    [row] = database.read_now(attachments.to_erase)
    assert (row.state, row.stored) == ("erase", "abc.jpg")


def test_a_failure_does_not_undo_the_forgetting(database: Database) -> None:
    photo = sent(database, state="erase")

    fail(database, photo, final=True)

    assert [row.id for row in database.read_now(attachments.to_erase)] == [photo.id]


def test_an_erased_file_leaves_no_name_and_no_address(database: Database) -> None:
    photo = sent(database, state="erase", stored="abc.jpg")

    database.write_now(attachments.erased, photo.id or 0)

    [row] = rows(database, Attachment)
    assert (row.state, row.source, row.stored, row.name) == ("erased", "", "", "")
    assert database.read_now(attachments.to_erase) == []
