"""The knowledge as files: what goes out comes back the same, and a wrong file changes nothing."""

import csv
import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlmodel import Session

from data import knowledge
from data.cells import day, guarded, items, tidy, unguarded
from data.database import Database
from data.knowledge_export import NotExportable, write_knowledge
from data.knowledge_files import Unreadable, read_tables
from data.knowledge_import import import_tables
from data.knowledge_plan import Plan, plan_tables
from data.knowledge_sheets import CATALOGUE_NAME, SHEETS
from data.tables import GoldenQuestion, Neighbour, Procedure
from tests.conftest import NOON
from tests.data.people import keep, minh, rows, thu

LATER = NOON + timedelta(days=1)
BIRTH = "1.001193"
Kept = Procedure | Neighbour


def take_in(database: Database, file: Path, approver: int | None = None) -> Plan:
    return database.write_now(import_tables, read_tables(file), LATER, approver)


def plan_of(database: Database, file: Path) -> Plan:
    return database.read_now(plan_tables, read_tables(file), LATER)


def birth(database: Database) -> Procedure:
    return database.read_now(lambda session: session.get_one(Procedure, BIRTH))


def entry(database: Database, **about: Any) -> Procedure:
    given: dict[str, Any] = {
        "code": BIRTH, "name": "Đăng ký khai sinh", "short": "Khai sinh", "field": "Hộ tịch", "summary": "Cấp giấy.",
        "documents": ["Tờ khai", "Giấy chứng sinh"], "where": "Trung tâm", "fee": "Miễn lệ phí.", "result": "Giấy",
        "source_name": "Cổng", "checked_on": date(2026, 6, 23), "valid_to": date(2027, 2, 28),
        "phrasings": ["làm giấy khai sinh", "khai sinh cho con"], "updated_at": NOON,
    }  # fmt: skip
    return keep(database, Procedure(**given | about))


def starter(database: Database) -> None:
    database.write_now(knowledge.load_starter, NOON)
    keep(database, GoldenQuestion(text="làm khai sinh", codes=[BIRTH], added_at=NOON))


def sheet(file: Path, *lines: Sequence[object]) -> Path:
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        csv.writer(opened).writerows(lines)
    return file


def lines(file: Path, *entries: object) -> Path:
    file.write_text("\n".join(json.dumps(each, ensure_ascii=False) for each in entries), "utf-8")
    return file


def told(plan: Plan) -> list[tuple[int, str]]:
    return [(problem.row, problem.column) for problem in plan.problems]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("k.xlsx", [*SHEETS]),
        ("k.jsonl", [*SHEETS]),
        ("k.csv", ["procedures"]),
        ("k.csv", ["neighbours"]),
        ("k.csv", ["golden"]),
    ],
)
def test_what_was_written_comes_back_without_a_change(
    database: Database, tmp_path: Path, name: str, kinds: list[str]
) -> None:
    starter(database)
    written = database.read_now(write_knowledge, tmp_path / name, kinds)

    plan = take_in(database, tmp_path / name)

    assert (plan.new, plan.changed, plan.problems, plan.unknown) == ([], [], [], [])
    assert plan.same == written > 0


def test_an_entry_that_was_lost_comes_back_from_the_file(database: Database, tmp_path: Path) -> None:
    starter(database)
    database.read_now(write_knowledge, tmp_path / "k.jsonl")
    database.write_now(lambda session: session.delete(session.get_one(Procedure, BIRTH)))

    plan = take_in(database, tmp_path / "k.jsonl")

    shipped = next(row for row in knowledge.starter("procedures") if row["code"] == BIRTH)
    assert [change.key for change in plan.new] == [BIRTH]
    assert {name: getattr(birth(database), name) for name in ("documents", "phrasings", "state")} == {
        name: shipped[name] for name in ("documents", "phrasings", "state")
    }


NASTY = [
    "=1+1",
    "'=1+1",
    "''=x",
    "-5%",
    "@x",
    "+84",
    " dẫn đầu",
    "a\x0bb",
    "_x0041_",
    'ngoặc "kép"',
    "a,b;c\td",
    "",
    "\r",
]


@pytest.mark.parametrize("name", ["k.xlsx", "k.csv", "k.jsonl"])
def test_no_text_is_changed_by_a_spreadsheet(database: Database, tmp_path: Path, name: str) -> None:
    entry(database, documents=NASTY, phrasings=NASTY[::-1], note="=HYPERLINK(1)\nhai", fee="-5", summary="'=x")

    database.read_now(write_knowledge, tmp_path / name, ["procedures"])

    assert plan_of(database, tmp_path / name).same == 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_text_passes_the_guard_unchanged(text: str) -> None:
    assert unguarded(guarded(tidy(text))) == tidy(text)
    assert tidy(tidy(text)) == tidy(text)
    assert items("\n".join(items([text]))) == items([text])


def test_no_cell_of_a_csv_file_is_a_formula(database: Database, tmp_path: Path) -> None:
    entry(database, fee="=1+1", note="\t@x", documents=["-2", "b"])

    database.read_now(write_knowledge, tmp_path / "k.csv", ["procedures"])

    with (tmp_path / "k.csv").open(encoding="utf-8-sig", newline="") as opened:
        [titles, cells] = csv.reader(opened)
    row = dict(zip(titles, cells, strict=True))
    assert [row[title][0] for title in ("Phí, lệ phí", "Ghi chú", "Giấy tờ cần có")] == ["'", "'", "'"]


def test_the_workbook_has_a_page_a_kind_and_names_the_approver(database: Database, tmp_path: Path) -> None:
    leader = thu(database)
    entry(database, state="approved", approved_by=leader.id, version=4)

    database.read_now(write_knowledge, tmp_path / "k.xlsx")

    book = CalamineWorkbook.from_path(tmp_path / "k.xlsx")
    titles, row = book.get_sheet_by_index(0).to_python()
    cells = dict(zip(titles, row, strict=True))
    assert book.sheet_names == ["Thủ tục", "Việc của nơi khác", "Câu hỏi kiểm tra"]
    assert (cells["Trạng thái"], cells["Người duyệt"], cells["Phiên bản"]) == ("Đã duyệt", "Chị Thu", "4")
    assert (cells["Áp dụng đến hết ngày"], cells["Giấy tờ cần có"]) == ("28/02/2027", "Tờ khai\nGiấy chứng sinh")


def test_a_cell_that_is_too_long_for_a_workbook_is_not_cut(database: Database, tmp_path: Path) -> None:
    entry(database, phrasings=[f"câu hỏi số {number}" for number in range(3000)])

    with pytest.raises(NotExportable, match="jsonl"):
        database.read_now(write_knowledge, tmp_path / "k.xlsx")

    assert list(tmp_path.glob("k.*")) == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_csv_file_may_come_from_any_program(
    database: Database, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    entry(database)
    text = f'PHI LE PHI{delimiter}mã thủ tục\r\n"1,5; nghìn\tđồng"{delimiter}{BIRTH}\r\n'
    (tmp_path / "k.csv").write_bytes(text.encode(encoding))

    plan = take_in(database, tmp_path / "k.csv")

    assert [change.titles for change in plan.changed] == [("Phí, lệ phí",)]
    assert birth(database).fee == "1,5; nghìn\tđồng"


def test_a_column_that_is_missing_is_left_and_a_cell_that_is_empty_empties(database: Database, tmp_path: Path) -> None:
    entry(database, note="Nhớ hỏi lại.")

    take_in(database, sheet(tmp_path / "k.csv", ["Mã thủ tục", "Lưu ý", "Trạng thái"], [BIRTH, "", ""]))

    row = birth(database)
    assert (row.note, row.fee, row.state) == (None, "Miễn lệ phí.", "sample")
    assert (row.version, row.updated_at) == (2, LATER)


def test_one_wrong_row_and_nothing_is_written(database: Database, tmp_path: Path) -> None:
    entry(database)
    file = sheet(
        tmp_path / "k.csv",
        ["Mã thủ tục", "Tên", "Phí, lệ phí", "Ngày kiểm tra", "Trạng thái"],
        [BIRTH, "Khai sinh", "5.000 đồng", "23/06/2026", "Nháp"],
        ["2.000635", "", "", "31/02/2026", "xong"],
        ["2.000 635", "Trích lục", "", "", ""],
        [BIRTH, "Khai sinh", "", "23/06/2026", ""],
        ["1.000001", "Mới", "5.000 đồng", "", ""],
    )

    plan = take_in(database, file)

    assert told(plan) == [
        (3, "Tên"), (3, "Ngày kiểm tra"), (3, "Trạng thái"), (4, "Mã thủ tục"), (5, "Mã thủ tục"), (6, "Ngày kiểm tra"),
    ]  # fmt: skip
    assert (birth(database).fee, birth(database).version, len(database.read_now(knowledge.procedures))) == (
        "Miễn lệ phí.", 1, 1,
    )  # fmt: skip


def test_a_row_with_a_comma_too_many_is_told_and_not_guessed(database: Database, tmp_path: Path) -> None:
    (tmp_path / "k.csv").write_text(f"Mã thủ tục,Phí,Lưu ý\n{BIRTH},5,000 đồng,a\n{BIRTH},b\n", "utf-8")

    assert told(plan_of(database, tmp_path / "k.csv")) == [(2, ""), (3, "")]


def test_columns_nobody_knows_are_reported(database: Database, tmp_path: Path) -> None:
    file = sheet(
        tmp_path / "k.csv", ["Mã thủ tục", "Tên", "Phòng ban", "Phiên bản"], ["1.000001", "Việc mới", "x", "9"]
    )

    plan = take_in(database, file)

    assert (plan.unknown, plan.problems, len(plan.new)) == (["Phòng ban"], [], 1)


def test_the_same_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="hai cột"):
        read_tables(sheet(tmp_path / "k.csv", ["Mã thủ tục", "Lệ phí", "Phí, lệ phí"], ["a", "b", "c"]))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("k.xlsx", b"not a workbook", "không phải bảng tính"),
        ("k.csv", "Mã thủ tục".encode("utf-16-be"), "UTF-8"),
        ("k.csv", b"a,b\n1,2\n", "không có cột nào"),
        ("k.csv", b"", "không có cột nào"),
        ("k.docx", b"", "loại tệp"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_to_do(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(content)

    with pytest.raises(Unreadable, match=words):
        read_tables(tmp_path / name)


def test_a_line_that_is_no_json_is_told_with_its_number(database: Database, tmp_path: Path) -> None:
    (tmp_path / "k.jsonl").write_text(
        f'{{"code": "{BIRTH}", "name": "Khai sinh"}}\n\n{{"code": \n["a"]\n{{"x": 1}}', "utf-8"
    )

    assert told(plan_of(database, tmp_path / "k.jsonl")) == [(3, ""), (4, ""), (5, "")]


def test_a_workbook_that_took_codes_and_days_for_numbers_is_understood(database: Database, tmp_path: Path) -> None:
    entry(database, code="1.014100")
    with xlsxwriter.Workbook(str(tmp_path / "k.xlsx")) as book:
        page = book.add_worksheet("bất kỳ")
        page.write_row(0, 0, ["DANH SÁCH CỦA PHƯỜNG"])
        page.write_row(2, 0, ["Mã thủ tục", "Áp dụng đến hết ngày", "Phí", "Thủ tục liên quan"])
        page.write_row(3, 0, [1.0141])
        page.write_datetime(3, 1, date(2027, 3, 1), book.add_format({"num_format": "dd/mm/yyyy"}))
        page.write_row(3, 2, [20000, 1.001193])

    take_in(database, tmp_path / "k.xlsx")

    row = database.read_now(lambda session: session.get_one(Procedure, "1.014100"))
    assert (row.valid_to, row.fee, row.related) == (date(2027, 3, 1), "20000", [BIRTH])


def test_a_page_without_known_headings_is_reported(database: Database, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "k.xlsx")) as book:
        book.add_worksheet("Hướng dẫn").write_row(0, 0, ["Cách điền"])
        book.add_worksheet("Trống")
        book.add_worksheet("a").write_row(0, 0, ["Mã thủ tục", "Tên"])

    assert plan_of(database, tmp_path / "k.xlsx").unknown == ["cả trang “Hướng dẫn”"]


@pytest.mark.parametrize("written", ["01/03/2027", "1-3-2027", "1.3.2027", "2027-03-01"])
def test_a_day_is_read_as_people_write_it(written: str) -> None:
    assert day(written) == date(2027, 3, 1)


def test_a_new_entry_with_facts_is_a_draft_and_a_bare_name_is_listed(database: Database, tmp_path: Path) -> None:
    file = lines(
        tmp_path / "k.jsonl",
        {"code": "1.000001", "name": "Thủ tục cấp giấy"},
        {"code": "1.000002", "name": "Cấp thẻ", "fee": "5.000 đồng", "checked_on": "2026-11-01"},
        {"key": "cap-nuoc", "name": "Cấp nước", "advice": "Hỏi công ty cấp nước."},
    )

    take_in(database, file)

    bare, full = database.read_now(knowledge.procedures)
    [neighbour] = database.read_now(knowledge.all_neighbours)
    assert (bare.state, bare.short, bare.checked_on, full.state, neighbour.state) == (
        "listed", "Cấp giấy", LATER.date(), "draft", "draft",
    )  # fmt: skip


def approved_row(file: Path, fee: str) -> Path:
    return sheet(file, ["Mã thủ tục", "Phí, lệ phí", "Trạng thái"], [BIRTH, fee, "Đã duyệt"])


def test_nothing_is_approved_without_somebody_who_answers_for_it(database: Database, tmp_path: Path) -> None:
    entry(database)

    plan = take_in(database, approved_row(tmp_path / "k.csv", "5.000 đồng"))

    assert (birth(database).state, birth(database).approved_by, plan.unapproved) == ("draft", None, [BIRTH])


def test_an_entry_that_did_not_change_does_not_fall_silent(database: Database, tmp_path: Path) -> None:
    entry(database)

    plan = take_in(database, approved_row(tmp_path / "k.csv", "Miễn lệ phí."))

    assert (birth(database).state, plan.same, plan.unapproved) == ("sample", 1, [BIRTH])


def test_an_approver_approves_what_the_file_calls_approved(database: Database, tmp_path: Path) -> None:
    entry(database)
    leader = thu(database)

    take_in(database, approved_row(tmp_path / "k.csv", "5.000 đồng"), leader.id)

    row = birth(database)
    assert (row.state, row.approved_by, row.fee, row.version) == ("approved", leader.id, "5.000 đồng", 2)


@pytest.mark.parametrize(
    ("title", "cell", "state"), [("Phí, lệ phí", "5.000 đồng", "draft"), ("Cách người dân hỏi", "câu mới", "approved")]
)
def test_an_approval_ends_with_the_facts_and_not_with_the_way_to_ask(
    database: Database, tmp_path: Path, title: str, cell: str, state: str
) -> None:
    entry(database, state="approved", approved_by=thu(database).id)

    take_in(database, sheet(tmp_path / "k.csv", ["Mã thủ tục", title], [BIRTH, cell]))

    assert birth(database).state == state
    assert (birth(database).approved_by is None) == (state == "draft")


def test_a_golden_question_is_known_by_its_words(database: Database, tmp_path: Path) -> None:
    keep(database, GoldenQuestion(text="Làm khai sinh?", codes=["1.000001"], added_at=NOON))
    file = sheet(
        tmp_path / "k.csv", ["Câu hỏi", "Phải hiểu là", "Mã được chấp nhận"],
        ["Làm khai sinh?", "", BIRTH], ["Ly hôn ở đâu?", "việc của nơi khác", "ly-hon"],
    )  # fmt: skip

    take_in(database, file)

    assert [(row.text, row.outcome, row.codes) for row in rows(database, GoldenQuestion)] == [
        ("Làm khai sinh?", "answer", [BIRTH]), ("Ly hôn ở đâu?", "not_ours", ["ly-hon"]),
    ]  # fmt: skip


def national(number: int) -> dict[str, str]:
    return {
        "code": f"9.{number:06}", "name": f"Thủ tục cấp phép số {number}", "field": "Nông nghiệp",
        "issuer": "Bộ", "agency": "Ủy ban nhân dân cấp xã", "url": f"https://dichvucong.gov.vn/{number}",
    }  # fmt: skip


def test_the_national_catalogue_fills_the_gaps_and_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    entry(database)
    file = lines(tmp_path / "names.jsonl", *map(national, range(3)), national(1), {**national(0), "code": BIRTH})

    plan = take_in(database, file)

    first = database.read_now(lambda session: session.get_one(Procedure, "9.000000"))
    assert (len(plan.new), plan.changed, plan.kept, birth(database).version) == (3, [], 2, 1)
    assert (first.state, first.where, first.source_name) == ("listed", "Ủy ban nhân dân cấp xã", CATALOGUE_NAME)
    assert (first.source_url, first.short) == ("https://dichvucong.gov.vn/0", "Cấp phép số 0")


def test_a_dry_run_writes_nothing(database: Database, tmp_path: Path) -> None:
    plan = plan_of(database, lines(tmp_path / "names.jsonl", national(1)))

    assert len(plan.new) == 1
    assert database.read_now(knowledge.procedures) == []


def test_whoever_keeps_an_index_sees_that_something_changed(database: Database, tmp_path: Path) -> None:
    entry(database)
    before = database.read_now(knowledge.version)

    take_in(database, sheet(tmp_path / "k.csv", ["Mã thủ tục", "Tên khác"], [BIRTH, "giấy khai sanh"]))

    assert database.read_now(knowledge.version) != before
    assert birth(database).aliases == ["giấy khai sanh"]


def test_a_trial_leaves_the_rows_of_the_session_alone(database: Database, tmp_path: Path) -> None:
    entry(database)
    clerk = minh(database)
    tables = read_tables(approved_row(tmp_path / "k.csv", "5.000 đồng"))

    def try_only(session: Session) -> Plan:
        return plan_tables(session, tables, LATER, clerk.id)

    assert len(database.write_now(try_only).changed) == 1
    assert birth(database).version == 1
