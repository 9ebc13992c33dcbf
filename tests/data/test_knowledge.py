"""Knowledge entries: shipped once, then the staff's own."""

from datetime import timedelta

from sqlmodel import Session

from data import knowledge
from data.database import Database
from data.tables import Procedure, Question
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


def question(database: Database, text: str) -> Question:
    lan = citizen(database, text)
    asked = Question(
        account_id=lan.account_id, citizen_id=lan.id or 0, asked_at=NOON, text=text, outcome="unknown"
    )  # fmt: skip
    return keep(database, asked)


def test_the_shipped_entries_are_put_in_once(database: Database) -> None:
    first, again = (database.write_now(knowledge.load_starter, NOON) for _ in range(2))

    assert first == len(entries(database)) == 167
    assert again == 0


def test_what_the_staff_made_of_an_entry_is_left_alone(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", fee="Mức mới", state="approved")

    database.write_now(knowledge.load_starter, NOON + timedelta(days=1))

    kept = database.read_now(lambda session: session.get_one(Procedure, "1.001193"))
    assert (kept.fee, kept.state, kept.updated_at) == ("Mức mới", "approved", NOON)


def test_an_entry_of_which_only_the_name_is_known_has_no_figures(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)

    listed = [entry for entry in entries(database) if entry.state == "listed"]

    assert len(listed) == 121
    assert {(entry.fee, entry.time_limit, tuple(entry.documents)) for entry in listed} == {(None, None, ())}


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


def test_the_version_is_the_time_of_the_last_change(database: Database) -> None:
    empty = database.read_now(knowledge.version)
    database.write_now(knowledge.load_starter, NOON)
    change(database, "1.001193", updated_at=NOON + timedelta(hours=1))

    assert (empty, database.read_now(knowledge.version)) == (None, NOON + timedelta(hours=1))


def test_open_questions_come_newest_first(database: Database) -> None:
    for text in ("một", "hai", "ba"):
        question(database, text)

    pages = [database.read_now(knowledge.open_questions, 2, offset) for offset in (0, 2)]

    assert [[row.text for row in page] for page in pages] == [["ba", "hai"], ["một"]]


def test_a_question_that_was_seen_to_is_closed(database: Database) -> None:
    clerk, asked = minh(database), question(database, "một")

    database.write_now(knowledge.close_question, asked.id or 0, clerk.id or 0, NOON)

    [row] = rows(database, Question)
    assert (row.closed_at, row.closed_by) == (NOON, clerk.id)
    assert database.read_now(knowledge.open_questions, 10) == []
