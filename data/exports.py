"""The complaint register as a file: one column table for the console, the command line and the schedule."""

import csv
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import xlsxwriter
from sqlmodel import Session

from data import complaints
from data.clock import VIET_NAM, day_bounds
from data.tables import Complaint

KINDS = {
    "conduct": "Phản ánh về hành vi hành chính",
    "rule": "Phản ánh, kiến nghị về quy định hành chính",
    "general": "Phản ánh, kiến nghị chung",
    "suggestion": "Góp ý (không nêu tên)",
}
STATES = {
    "new": "Mới",
    "accepted": "Đã tiếp nhận",
    "working": "Đang xử lý",
    "answered": "Đã trả lời",
    "closed": "Đã đóng",
    "referred": "Đã chuyển cơ quan khác",
}
CHANNELS = {"zalo": "Zalo", "messenger": "Facebook", "telegram": "Telegram", "webchat": "Trang web", "terminal": "Thử"}

Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    complaint: Complaint
    channel: str
    files: int
    assignee: str


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    width: int
    value: Callable[[Row], Any]
    personal: bool = False  # hidden unless the personal data were asked for
    free_text: bool = False  # numbers of persons in it are masked unless they were asked for


def _local(at: datetime | None) -> datetime | None:
    return at.astimezone(VIET_NAM).replace(tzinfo=None) if at else None


# The order is for ever: a superior office's macros count columns. New ones are added at the end.
COLUMNS = (
    Column("STT", 6, lambda row: row.number),
    Column("Mã", 16, lambda row: row.complaint.code),
    Column("Ngày giờ tiếp nhận", 18, lambda row: _local(row.complaint.received_at)),
    Column("Kênh", 12, lambda row: CHANNELS.get(row.channel, row.channel)),
    Column("Loại", 24, lambda row: KINDS.get(row.complaint.kind, row.complaint.kind)),
    Column("Lĩnh vực", 22, lambda row: row.complaint.category),
    Column("Nội dung", 60, lambda row: row.complaint.content, free_text=True),
    Column("Địa điểm", 28, lambda row: row.complaint.place, free_text=True),
    Column("Vĩ độ", 10, lambda row: row.complaint.latitude, personal=True),
    Column("Kinh độ", 10, lambda row: row.complaint.longitude, personal=True),
    Column("Số tệp gửi kèm", 9, lambda row: row.files),
    Column("Người gửi", 24, lambda row: row.complaint.person_name, personal=True),
    Column("Địa chỉ người gửi", 28, lambda row: row.complaint.person_address, personal=True),
    Column("Liên hệ", 16, lambda row: row.complaint.person_contact, personal=True),
    Column("Người xử lý", 20, lambda row: row.assignee),
    Column("Trạng thái", 20, lambda row: STATES.get(row.complaint.state, row.complaint.state)),
    Column("Hạn trả lời", 12, lambda row: row.complaint.due_on),
    Column("Ngày giờ trả lời", 18, lambda row: _local(row.complaint.answered_at)),
    Column("Kết quả trả lời", 60, lambda row: row.complaint.answer, free_text=True),
)

HIDDEN = "(đã ẩn)"


@dataclass(frozen=True, slots=True)
class Request:
    from_on: date
    to_on: date  # the last day, included
    format: str  # xlsx | csv
    personal: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    file: Path
    rows: int
    sha256: str


class Sheet(Protocol):
    def write(self, values: list[Any]) -> None: ...


def write_register(
    session: Session,
    request: Request,
    folder: Path,
    mask: Mask,
    channel_of: dict[int | None, str],
    advance: Callable[[int], None] = lambda rows: None,
) -> Made:
    """Write the register of a span of days into `folder`; `advance` hears how many rows more are done.

    Constant memory: the rows pass through a page at a time. The file appears under its name only when complete.
    """
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / file_name(request)
    partial = target.with_suffix(f".{os.getpid()}.part")
    start, end = day_bounds(request.from_on, request.to_on)
    number = 0
    with _SHEETS[request.format](partial) as sheet:
        for page in complaints.received_between(session, start, end):
            for complaint, files, assignee in page:
                number += 1
                row = Row(number, complaint, channel_of.get(complaint.account_id, ""), files, assignee)
                sheet.write([_cell(column, row, mask, personal=request.personal) for column in COLUMNS])
            advance(len(page))
    os.replace(partial, target)
    with target.open("rb") as file:
        return Made(target, number, hashlib.file_digest(file, "sha256").hexdigest())


def file_name(request: Request) -> str:
    return f"so-theo-doi-phan-anh_{request.from_on}_{request.to_on}.{request.format}"


def _cell(column: Column, row: Row, mask: Mask, *, personal: bool) -> Any:
    value = column.value(row)
    if personal or not value:
        return value
    if column.personal:
        return HIDDEN
    return mask(value) if column.free_text else value


@contextmanager
def _xlsx(path: Path) -> Iterator[Sheet]:
    # strings_to_formulas off is the formula guard: "=1+1" stays the text a citizen typed
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(path), options) as book:
        yield _Xlsx(book)


class _Xlsx:
    def __init__(self, book: Any) -> None:
        self._sheet = book.add_worksheet("Sổ theo dõi")
        text = {"text_wrap": True, "valign": "top", "font_name": "Times New Roman", "font_size": 11}
        self._text = book.add_format(text)
        self._time = book.add_format({**text, "num_format": "dd/mm/yyyy hh:mm"})
        self._day = book.add_format({**text, "num_format": "dd/mm/yyyy"})
        head = book.add_format({**text, "bold": True, "bg_color": "#E8EEF2", "border": 1})
        self._sheet.set_landscape()
        self._sheet.set_paper(9)
        self._sheet.fit_to_pages(1, 0)
        self._sheet.freeze_panes(1, 2)
        self._sheet.repeat_rows(0)
        for index, column in enumerate(COLUMNS):
            self._sheet.set_column(index, index, column.width)
            self._sheet.write_string(0, index, column.title, head)
        self._next = 1

    def write(self, values: list[Any]) -> None:
        for index, value in enumerate(values):
            self._write(index, value)
        self._next += 1

    def _write(self, index: int, value: Any) -> None:
        if isinstance(value, datetime):
            self._sheet.write_datetime(self._next, index, value, self._time)
        elif isinstance(value, date):
            self._sheet.write_datetime(self._next, index, datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
        elif isinstance(value, int | float):
            self._sheet.write_number(self._next, index, value, self._text)
        elif value:
            self._sheet.write_string(self._next, index, _printable(value)[:32_767], self._text)


@contextmanager
def _csv(path: Path) -> Iterator[Sheet]:
    # utf-8-sig: Excel reads Vietnamese only after a byte order mark
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([column.title for column in COLUMNS])
        yield _Csv(writer)


class _Csv:
    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def write(self, values: list[Any]) -> None:
        self._writer.writerow([_plain(value) for value in values])


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return guarded(_printable(value))
    return "" if value is None else value


def guarded(value: str) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    return "'" + value if value.lstrip()[:1] in ("=", "+", "-", "@") or value[:1] in ("\t", "\r") else value


def _printable(value: str) -> str:
    return "".join(letter for letter in value if letter >= " " or letter in "\n\t")


_SHEETS: dict[str, Callable[[Path], Any]] = {"xlsx": _xlsx, "csv": _csv}
