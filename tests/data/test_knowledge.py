"""Knowledge entries: shipped once, then the staff's own."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import Session

from data import knowledge
from data.database import Database
from data.tables import Neighbour, Procedure, Question
from tests.conftest import NOON
from tests.data.people import citizen, keep, minh, rows


def entries(database: Database) -> list[Procedure]:
    return database.read_now(knowledge.answering)


def change(database: Database, code: str, **values: object) -> None:
    def act(session: Session) -> None:
        row = session.get_one(Procedure, code)
        for name, value in values.items():
            setattr(row, name, value)

    database.write_now(act)


def rename(database: Database, key: str, name: str) -> None:
    def act(session: Session) -> None:
        session.get_one(Neighbour, key).name = name

    database.write_now(act)


def question(database: Database, text: str) -> Question:
    lan = citizen(database, text)
    asked = Question(
        account_id=lan.account_id, citizen_id=lan.id or 0, asked_at=NOON, text=text, outcome="unknown"
    )  # fmt: skip
    return keep(database, asked)


def test_the_shipped_entries_are_put_in_once(database: Database) -> None:
    first, again = (database.write_now(knowledge.load_starter, NOON) for _ in range(2))

    told = database.read_now(knowledge.neighbours)
    assert len(entries(database)) == 169
    assert len(told) == len(knowledge.starter("neighbours")) > 100
    assert (first, again) == (169 + len(told), 0)


def test_what_the_staff_made_of_an_entry_is_left_alone(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", fee="Mức mới", state="approved", version=2)

    again = database.write_now(knowledge.load_starter, NOON + timedelta(days=1))

    kept = database.read_now(lambda session: session.get_one(Procedure, "1.001193"))
    assert (again, kept.fee, kept.state, kept.updated_at) == (0, "Mức mới", "approved", NOON)


@pytest.mark.parametrize("touched", [{"version": 2}, {"state": "draft"}, {"state": "approved"}])
def test_a_new_release_leaves_a_touched_entry_alone(database: Database, touched: dict[str, object]) -> None:
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", fee="Của phường", **touched)

    assert database.write_now(knowledge.load_starter, NOON + timedelta(days=1)) == 0


def test_a_new_release_refreshes_what_nobody_touched(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", fee="Như bản trước", phrasings=[])
    rename(database, "ho-chieu", "Tên của bản trước")

    again = database.write_now(knowledge.load_starter, NOON + timedelta(days=1))

    shipped = next(row for row in knowledge.starter("procedures") if row["code"] == "1.001193")
    row = database.read_now(lambda session: session.get_one(Procedure, "1.001193"))
    neighbour = database.read_now(lambda session: session.get_one(Neighbour, "ho-chieu"))
    assert again == 2
    assert (row.fee, row.phrasings, row.updated_at) == (shipped["fee"], shipped["phrasings"], NOON + timedelta(days=1))
    assert neighbour.name != "Tên của bản trước"


def test_a_bare_name_of_the_catalogue_gives_way_to_the_shipped_entry(database: Database) -> None:
    keep(
        database,
        Procedure(
            code="1.001193", name="Đăng ký khai sinh", short="Khai sinh", field="", summary="", where="", result="",
            source_name="Danh mục", checked_on=NOON.date(), state="listed", updated_at=NOON,
        ),
    )  # fmt: skip

    database.write_now(knowledge.load_starter, NOON)

    assert database.read_now(lambda session: session.get_one(Procedure, "1.001193")).state == "sample"


def test_entries_waiting_for_a_clerk_are_listed(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)

    states = Counter(entry.state for entry in entries(database))

    assert set(states) == {"listed", "sample"}
    assert states["listed"] > states["sample"] > 0


def test_every_shipped_entry_says_where_it_is_from_and_when_it_was_checked(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)

    assert [entry.code for entry in entries(database) if not entry.source_name or entry.checked_on > NOON.date()] == []


def test_a_draft_answers_nobody(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)

    change(database, "1.001193", state="draft")

    assert "1.001193" not in [entry.code for entry in entries(database)]


def test_entries_come_in_a_steady_order(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)

    codes = [entry.code for entry in entries(database)]

    assert codes == sorted(codes)


def test_the_version_is_the_time_of_the_last_change_and_how_much_there_is(database: Database) -> None:
    empty = database.read_now(knowledge.version)
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", updated_at=NOON + timedelta(hours=1))

    changed, told, count = database.read_now(knowledge.version)
    assert (empty, changed, told) == ((None, None, 0), NOON + timedelta(hours=1), NOON)
    assert count == 169 + len(knowledge.starter("neighbours"))


def test_open_questions_come_newest_first(database: Database) -> None:
    for text in ("một", "hai", "ba"):
        question(database, text)

    pages = [database.read_now(knowledge.open_questions, 2, offset) for offset in (0, 2)]

    assert [[row.text for row in page] for page in pages] == [["ba", "hai"], ["một"]]


def test_a_question_that_was_seen_to_is_closed(database: Database) -> None:
    clerk, asked = minh(database), question(database, "một")

    database.write_now(knowledge.close_question, asked.id or 0, clerk.id or 0, NOON, "phrasing")

    [row] = rows(database, Question)
    assert (row.closed_at, row.closed_by, row.closed_as) == (NOON, clerk.id, "phrasing")
    assert database.read_now(knowledge.open_questions, 10) == []


def test_questions_are_forgotten_after_their_time_a_piece_at_a_time(database: Database) -> None:
    for text in ("một", "hai", "ba"):
        question(database, text)
    change_day = NOON + timedelta(days=1)

    forgotten = [database.write_now(knowledge.forget_questions, change_day, 2) for _ in range(3)]
    kept = database.write_now(knowledge.forget_questions, NOON - timedelta(days=1), 2)

    assert forgotten == [2, 1, 0]
    assert (kept, rows(database, Question)) == (0, [])
