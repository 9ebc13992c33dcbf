"""Complaints: a code each without holes, moves by the table, a history that forgets nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session

from data import complaints
from data.audit import COMMAND_LINE, Actor
from data.complaints import NotAllowed
from data.database import Database
from data.tables import Attachment, Audit, Complaint, ComplaintState, Counter
from tests.conftest import NOON
from tests.data.people import citizen, complaint, keep, minh, rows, side_by_side

S = ComplaintState
ALLOWED = {
    (S.NEW, S.ACCEPTED), (S.NEW, S.REFERRED), (S.NEW, S.ANSWERED),
    (S.ACCEPTED, S.WORKING), (S.ACCEPTED, S.REFERRED), (S.ACCEPTED, S.ANSWERED),
    (S.WORKING, S.REFERRED), (S.WORKING, S.ANSWERED),
    (S.ANSWERED, S.WORKING), (S.ANSWERED, S.CLOSED),
    (S.REFERRED, S.WORKING), (S.REFERRED, S.CLOSED),
    (S.CLOSED, S.WORKING),
}  # fmt: skip


def file(database: Database, *attachments: int, **about: object) -> Complaint:
    return database.write_now(complaints.file, complaint(database, **about), list(attachments))


def move(database: Database, code: str, state: ComplaintState, actor: Actor = COMMAND_LINE) -> None:
    database.write_now(lambda session: complaints.move(session, held(session, code), state, actor, NOON))


def answer(database: Database, code: str, words: str, actor: Actor = COMMAND_LINE) -> None:
    database.write_now(lambda session: complaints.answer(session, held(session, code), words, actor, NOON))


def held(session: Session, code: str) -> Complaint:
    found = complaints.by_code(session, code)
    assert found
    return found


def test_the_codes_of_a_year_begin_at_one(database: Database) -> None:
    filed = [file(database).code for _ in range(3)]

    assert filed == ["PA-2026-00001", "PA-2026-00002", "PA-2026-00003"]


def test_a_new_year_begins_at_midnight_in_viet_nam(database: Database) -> None:
    file(database)

    filed = file(database, received_at=datetime(2026, 12, 31, 17, 0, tzinfo=UTC))

    assert filed.code == "PA-2027-00001"


def test_complaints_filed_at_once_get_codes_without_holes(database: Database) -> None:
    def file_some() -> list[str]:
        return [file(database).code for _ in range(8)]

    filed = side_by_side(file_some, file_some, file_some)

    codes = sorted(code for mine in filed if isinstance(mine, list) for code in mine)
    assert codes == [f"PA-2026-{number:05d}" for number in range(1, 25)]


def test_a_complaint_that_is_not_filed_after_all_leaves_no_hole(database: Database) -> None:
    def fails(session: Session) -> None:
        complaints.file(session, complaint(database), [])
        raise ValueError("wrong")

    file(database)
    with pytest.raises(ValueError, match="wrong"):
        database.write_now(fails)

    assert file(database).code == "PA-2026-00002"
    assert rows(database, Complaint)[-1].code == "PA-2026-00002"


def test_a_counter_goes_on_where_it_stands(database: Database) -> None:
    database.write_now(lambda session: session.add(Counter(name="complaint-2026", last=122)))

    assert file(database).code == "PA-2026-00123"


def test_the_citizens_files_belong_to_the_complaint(database: Database) -> None:
    lan = citizen(database)
    sent = [
        keep(database, Attachment(account_id=lan.account_id, citizen_id=lan.id or 0, kind="image", source=name))
        for name in ("a", "b", "c")
    ]

    filed = file(database, sent[0].id or 0, sent[2].id or 0)

    assert [row.source for row in database.read_now(complaints.attachments, filed.id or 0)] == ["a", "c"]


@pytest.mark.parametrize("start", S)
@pytest.mark.parametrize("end", S)
def test_a_complaint_moves_only_as_the_table_says(sqlite_url: str, start: S, end: S) -> None:
    database = Database(sqlite_url)
    code = file(database, state=start).code

    moved = True
    try:
        move(database, code, end)
    except NotAllowed:
        moved = False
    found = database.read_now(held, code).state
    database.close()

    assert moved is ((start, end) in ALLOWED)
    assert found == (end if moved else start)


def test_a_move_leaves_a_line_in_the_history_and_one_in_the_audit(database: Database) -> None:
    clerk = minh(database)
    filed = file(database)

    move(database, filed.code, S.ACCEPTED, Actor("minh", clerk.id))

    lines = [(event.what, event.text, name) for event, name in database.read_now(complaints.history, filed.id or 0)]
    assert lines == [("received", "", ""), ("state", "accepted", "Minh")]
    assert [(row.action, row.subject) for row in rows(database, Audit)] == [("complaint.state", filed.code)]


def test_a_closed_complaint_knows_when(database: Database) -> None:
    filed = file(database, state=S.ANSWERED)

    move(database, filed.code, S.CLOSED)

    assert database.read_now(held, filed.code).closed_at == NOON


def test_an_answer_makes_it_answered(database: Database) -> None:
    filed = file(database)

    answer(database, filed.code, "Đã dọn sạch.")

    found = database.read_now(held, filed.code)
    assert (found.state, found.answer, found.answered_at) == (S.ANSWERED, "Đã dọn sạch.", NOON)


def test_a_later_answer_replaces_the_earlier_which_history_keeps(database: Database) -> None:
    filed = file(database)

    answer(database, filed.code, "Đã dọn.")
    answer(database, filed.code, "Đã dọn sạch.")

    events = [event.text for event, _ in database.read_now(complaints.history, filed.id or 0)]
    assert database.read_now(held, filed.code).answer == "Đã dọn sạch."
    assert events == ["", "Đã dọn.", "Đã dọn sạch."]


def test_the_words_of_an_answer_are_not_in_the_audit(database: Database) -> None:
    filed = file(database)

    answer(database, filed.code, "Đã dọn sạch.")

    assert rows(database, Audit)[-1].detail == {"characters": 12}


def test_a_closed_complaint_is_opened_before_it_is_answered_again(database: Database) -> None:
    filed = file(database, state=S.CLOSED)

    with pytest.raises(NotAllowed):
        answer(database, filed.code, "Đã dọn.")

    assert database.read_now(held, filed.code).answer == ""


def test_a_citizens_own_complaints_come_newest_first(database: Database) -> None:
    lan, stranger = citizen(database), citizen(database, "stranger")
    mine = [file(database, citizen_id=lan.id).code for _ in range(6)]
    file(database, citizen_id=stranger.id)

    found = database.read_now(complaints.of_citizen, lan.id or 0)

    assert [row.code for row in found] == mine[:0:-1]


def test_an_unknown_code_is_nobodys(database: Database) -> None:
    assert database.read_now(complaints.by_code, "PA-2026-99999") is None


def test_an_export_reads_each_complaint_of_the_span_once(database: Database) -> None:
    many = [
        complaint(database, code=f"PA-2026-{number:05d}", received_at=NOON + timedelta(seconds=number))
        for number in range(complaints.PAGE + 2)
    ]
    database.write_now(lambda session: session.add_all(many))

    end = NOON + timedelta(seconds=complaints.PAGE + 1)
    read = database.read_now(lambda session: [
        [row.code for row, _, _ in page] for page in complaints.received_between(session, NOON, end)
    ])  # fmt: skip

    assert [len(page) for page in read] == [complaints.PAGE, 1]
    assert len({code for page in read for code in page}) == complaints.PAGE + 1
    assert database.read_now(complaints.count_between, NOON, end) == complaints.PAGE + 1


def test_an_export_knows_the_files_and_who_works_on_it(database: Database) -> None:
    lan, clerk = citizen(database), minh(database)
    photo = Attachment(account_id=lan.account_id, citizen_id=lan.id or 0, kind="image", source="a")
    file(database, keep(database, photo).id or 0, assignee_id=clerk.id)
    file(database)

    pages = database.read_now(lambda session: [
        (files, name)
        for page in complaints.received_between(session, NOON, NOON + timedelta(days=1))
        for _, files, name in page
    ])  # fmt: skip

    assert pages == [(1, "Minh"), (0, "")]
