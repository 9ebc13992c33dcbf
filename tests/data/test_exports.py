"""The register as a file, read back as a superior office would read it."""

import csv
import hashlib
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from bot.text import mask
from data import accounts, complaints, exports
from data.database import Database
from data.exports import COLUMNS, HIDDEN, Made, Request, file_name, guarded
from data.tables import Complaint, ComplaintState
from tests.conftest import NOON
from tests.data.people import citizen, complaint, minh

TITLES = [
    "STT", "Mã", "Ngày giờ tiếp nhận", "Kênh", "Loại", "Lĩnh vực", "Nội dung", "Địa điểm", "Vĩ độ", "Kinh độ",
    "Số tệp gửi kèm", "Người gửi", "Địa chỉ người gửi", "Liên hệ", "Người xử lý", "Trạng thái", "Hạn trả lời",
    "Ngày giờ trả lời", "Kết quả trả lời",
]  # fmt: skip
TODAY = date(2026, 11, 25)
FORMULAS = ["=1+1", "+84905123456", "-x", "@x", "=HYPERLINK(\"http://x\")", " =1+1", "\t=1+1", "＝1"]  # fmt: skip


def file(database: Database, **about: object) -> Complaint:
    return database.write_now(complaints.file, complaint(database, **about), [])


def write(database: Database, folder: Path, kind: str, *, personal: bool = False, to_on: date = TODAY) -> Made:
    request = Request(date(2026, 11, 1), to_on, kind, personal)
    channels = database.read_now(accounts.channel_names)
    return database.read_now(exports.write_register, request, folder, mask, channels)


def cells(made: Made) -> list[list[Any]]:
    if made.file.suffix == ".csv":
        with made.file.open(encoding="utf-8-sig", newline="") as opened:
            return [list(row) for row in csv.reader(opened)]
    return CalamineWorkbook.from_path(made.file).get_sheet_by_index(0).to_python()


def first_row(made: Made) -> dict[str, Any]:
    titles, row, *_ = cells(made)
    return dict(zip(titles, row, strict=True))


def lans(database: Database) -> Complaint:
    """Lan's complaint, with everything in it that must not be seen by everybody."""
    lan, clerk = citizen(database, "lan", "telegram"), minh(database)
    return file(
        database, citizen_id=lan.id, account_id=lan.account_id, kind="conduct", assignee_id=clerk.id,
        content="Gọi tôi số 0905 123 456, căn cước 064190001234 hoặc 0641 9000 1234.", place="Nhà số 5, 0269.385.2345",
        latitude=13.3952, longitude=108.4412, person_name="Nguyễn Thị Lan", person_address="Tổ 3",
        person_contact="0905123456", due_on=date(2026, 12, 9), state=ComplaintState.ANSWERED,
        answered_at=NOON + timedelta(hours=1), answer="Đã gọi lại số +84905123456.",
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_columns_are_these_for_ever(database: Database, tmp_path: Path, kind: str) -> None:
    made = write(database, tmp_path, kind)

    assert cells(made) == [TITLES]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_each_complaint_is_one_row_and_todays_are_among_them(database: Database, tmp_path: Path, kind: str) -> None:
    codes = [file(database, received_at=NOON - timedelta(days=days)).code for days in (2, 1, 0)]

    made = write(database, tmp_path, kind)

    assert made.rows == 3
    assert [row[1] for row in cells(made)[1:]] == codes
    assert [int(row[0]) for row in cells(made)[1:]] == [1, 2, 3]


def test_a_day_is_a_day_of_viet_nam(database: Database, tmp_path: Path) -> None:
    midnight = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)
    first, last = midnight, midnight + timedelta(days=25) - timedelta(seconds=1)
    codes = [file(database, received_at=at).code for at in (first, last)]
    for outside in (first - timedelta(seconds=1), last + timedelta(seconds=1)):
        file(database, received_at=outside)

    made = write(database, tmp_path, "csv")

    assert [row[1] for row in cells(made)[1:]] == codes


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_nobody_is_recognised_in_an_ordinary_register(database: Database, tmp_path: Path, kind: str) -> None:
    lans(database)

    made = write(database, tmp_path, kind)

    texts = " | ".join(str(cell) for row in cells(made) for cell in row)
    assert "Lan" not in texts
    assert "Tổ 3" not in texts
    assert "13.39" not in texts
    assert not re.search(r"(?:\d[ .-]?){9,}", re.sub(r"\d{4}-\d\d-\d\d|PA-2026-\d{5}", "", texts))
    row = first_row(made)
    assert {row[title] for title in ("Người gửi", "Địa chỉ người gửi", "Liên hệ", "Vĩ độ", "Kinh độ")} == {HIDDEN}


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_who_asks_for_personal_data_gets_them(database: Database, tmp_path: Path, kind: str) -> None:
    lans(database)

    row = first_row(write(database, tmp_path, kind, personal=True))

    assert (row["Người gửi"], row["Liên hệ"], float(row["Vĩ độ"])) == ("Nguyễn Thị Lan", "0905123456", 13.3952)
    assert "064190001234" in row["Nội dung"]


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_the_register_speaks_vietnamese(database: Database, tmp_path: Path, kind: str) -> None:
    lans(database)

    row = first_row(write(database, tmp_path, kind))

    assert row["Kênh"] == "Telegram"
    assert row["Loại"] == "Phản ánh về hành vi hành chính"
    assert row["Trạng thái"] == "Đã trả lời"
    assert row["Người xử lý"] == "Minh"


def test_dates_are_dates_in_a_workbook(database: Database, tmp_path: Path) -> None:
    lans(database)

    row = first_row(write(database, tmp_path, "xlsx"))

    assert row["Ngày giờ tiếp nhận"] == datetime(2026, 11, 25, 12, 0)  # noqa: DTZ001
    assert row["Ngày giờ trả lời"] == datetime(2026, 11, 25, 13, 0)  # noqa: DTZ001
    assert row["Hạn trả lời"] == date(2026, 12, 9)


def test_dates_can_be_sorted_in_a_csv_file(database: Database, tmp_path: Path) -> None:
    lans(database)

    row = first_row(write(database, tmp_path, "csv"))

    assert (row["Ngày giờ tiếp nhận"], row["Hạn trả lời"]) == ("2026-11-25 12:00", "2026-12-09")


@pytest.mark.parametrize("typed", FORMULAS)
def test_a_formula_stays_the_text_a_citizen_typed_in_a_workbook(database: Database, tmp_path: Path, typed: str) -> None:
    file(database, content=typed, place=typed, person_name=typed)
    made = write(database, tmp_path, "xlsx", personal=True)

    row = first_row(made)

    assert row["Nội dung"] == row["Người gửi"] == typed
    assert formulas(made) == 0


def formulas(made: Made) -> int:
    import zipfile

    with zipfile.ZipFile(made.file) as opened:
        return opened.read("xl/worksheets/sheet1.xml").count(b"<f>")


@pytest.mark.parametrize("typed", FORMULAS)
def test_no_cell_of_a_csv_file_is_taken_for_a_formula(database: Database, tmp_path: Path, typed: str) -> None:
    file(database, content=typed, place=typed, person_name=typed, answer=typed)

    row = first_row(write(database, tmp_path, "csv", personal=True))

    for title in ("Nội dung", "Địa điểm", "Người gửi", "Kết quả trả lời"):
        assert row[title].lstrip()[:1] not in ("=", "+", "-", "@")
        assert row[title].removeprefix("'") == typed


def test_masking_makes_no_formula(database: Database, tmp_path: Path) -> None:
    file(database, content="+84905123456 gọi tôi")

    row = first_row(write(database, tmp_path, "csv"))

    assert row["Nội dung"].startswith("*")


def test_ordinary_text_is_not_touched() -> None:
    assert guarded("Đường 3/2 = đường cũ") == "Đường 3/2 = đường cũ"


def test_a_csv_file_begins_with_a_byte_order_mark(database: Database, tmp_path: Path) -> None:
    made = write(database, tmp_path, "csv")

    assert made.file.read_bytes().startswith(b"\xef\xbb\xbfSTT,")


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_lines_emoji_and_odd_characters_survive(database: Database, tmp_path: Path, kind: str) -> None:
    file(database, content='Rác,\n"đầy"; đường\t😡 \x07hết')

    row = first_row(write(database, tmp_path, kind))

    assert row["Nội dung"] == 'Rác,\n"đầy"; đường\t😡 hết'


def test_a_very_long_text_still_makes_a_workbook(database: Database, tmp_path: Path) -> None:
    file(database, content="a" * 40_000)

    row = first_row(write(database, tmp_path, "xlsx"))

    assert len(row["Nội dung"]) == 32_767


def test_a_register_longer_than_a_page_is_complete(database: Database, tmp_path: Path) -> None:
    many = [complaint(database, code=f"PA-2026-{number:05d}") for number in range(complaints.PAGE * 2 + 1)]
    database.write_now(lambda session: session.add_all(many))
    heard: list[int] = []
    request = Request(TODAY, TODAY, "csv")

    made = database.read_now(exports.write_register, request, tmp_path, mask, {}, heard.append)

    assert made.rows == len(cells(made)) - 1 == complaints.PAGE * 2 + 1
    assert heard == [complaints.PAGE, complaints.PAGE, 1]


def test_a_file_appears_under_its_name_only_when_complete(database: Database, tmp_path: Path) -> None:
    file(database)

    def breaks(rows: int) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        database.read_now(exports.write_register, Request(TODAY, TODAY, "csv"), tmp_path, mask, {}, breaks)

    assert not (tmp_path / file_name(Request(TODAY, TODAY, "csv"))).exists()


def test_writing_again_replaces_the_file_and_leaves_nothing_beside_it(database: Database, tmp_path: Path) -> None:
    write(database, tmp_path, "csv")
    file(database)

    made = write(database, tmp_path, "csv")

    assert [path.name for path in tmp_path.glob("so-theo-doi*")] == [made.file.name]
    assert len(cells(made)) == 2


def test_the_fingerprint_is_the_files(database: Database, tmp_path: Path) -> None:
    made = write(database, tmp_path, "xlsx")

    assert made.sha256 == hashlib.sha256(made.file.read_bytes()).hexdigest()


def test_every_personal_column_is_known() -> None:
    hidden = [column.title for column in COLUMNS if column.personal]

    assert hidden == ["Vĩ độ", "Kinh độ", "Người gửi", "Địa chỉ người gửi", "Liên hệ"]
