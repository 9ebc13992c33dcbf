"""A file of knowledge entries as tables of cells: XLSX, ODS, CSV or JSON lines, whoever saved it."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from data.cells import text, unguarded
from data.knowledge_sheets import PROCEDURES, SHEETS, Column, Sheet, recognised

LARGEST_BYTES = 64 * 1024 * 1024
HEADED_WITHIN = 10  # rows: a title may stand above the headings


class Unreadable(Exception):
    """The file as a whole cannot be read; the text says why and what to do, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # as the spreadsheet program shows it; the line, in JSON lines
    cells: Mapping[str, Any]  # by the name of the column
    fault: str = ""  # why the row as a whole cannot be read


@dataclass(frozen=True, slots=True)
class Table:
    place: str  # the name of the sheet, "" where there is only one
    sheet: Sheet
    rows: list[Row] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # headings that nothing is known of


def read_tables(path: Path) -> list[Table]:
    """The tables of a file, by the ending of its name. Raises `Unreadable`."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"Không đọc được loại tệp “{path.suffix}”. Dùng tệp .xlsx, .csv hoặc .jsonl.")
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise Unreadable(f"Tệp {path.name} lớn quá {LARGEST_BYTES // 2**20} MB. Chia nhỏ rồi nhập từng tệp.")
        tables = reader(path)
    except OSError as error:
        raise Unreadable(f"Không mở được tệp {path}: {error.strerror or error}") from error
    if not tables:
        titles = "; ".join(f"“{sheet.titled(sheet.key)}” ({sheet.title.lower()})" for sheet in SHEETS.values())
        raise Unreadable(
            f"Tệp {path.name} không có cột nào để nhận ra. Dòng tiêu đề cần có một trong các cột: {titles}."
        )
    return tables


def _workbook(path: Path) -> list[Table]:
    try:
        book = CalamineWorkbook.from_path(path)
        pages = [(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]
    except (CalamineError, ValueError) as error:
        raise Unreadable(
            f"Tệp {path.name} không phải bảng tính, đã hỏng hoặc có mật khẩu. Mở ra và lưu lại."
        ) from error
    found = {name: list(_table(name, rows)) for name, rows in pages}
    used = [table for tables in found.values() for table in tables]
    idle = [f"cả trang “{name}”" for name, rows in pages if rows and not found[name]]
    if used:
        used[0].unknown.extend(idle)
    return used


def _csv(path: Path) -> list[Table]:
    written = _decoded(path)
    try:
        rows = list(csv.reader(io.StringIO(written, newline=""), delimiter=_delimiter(written)))
    except csv.Error as error:
        raise Unreadable(
            f"Tệp {path.name} không đúng dạng CSV ({error}). Mở ra và lưu lại dạng “CSV UTF-8”."
        ) from error
    return list(_table("", [[unguarded(cell) for cell in row] for row in rows]))


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"Chữ trong tệp {path.name} không phải UTF-8. Lưu lại dạng “CSV UTF-8” rồi nhập.") from error


def _delimiter(written: str) -> str:
    """The one under which most headings are known."""
    head = written.splitlines()[:HEADED_WITHIN]

    def known(delimiter: str) -> int:
        headings = [heading for row in csv.reader(head, delimiter=delimiter) for heading in row if heading]
        return sum(any(sheet.column(heading) for sheet in SHEETS.values()) for heading in headings)

    return max(",;\t", key=known)


def _table(place: str, rows: list[list[Any]]) -> Iterator[Table]:
    """The table on one page, if there is one: the headings are in the first row that can be recognised."""
    for number, row in enumerate(rows[:HEADED_WITHIN], start=1):
        headings = tuple(text(cell) for cell in row)
        if sheet := recognised(headings):
            columns = _columns(place, sheet, headings)
            body = enumerate(rows[number:], start=number + 1)
            found = [_row(at, cells, columns) for at, cells in body if any(text(cell) for cell in cells)]
            yield Table(place, sheet, found, [each for each in headings if each and not sheet.column(each)])
            return


def _columns(place: str, sheet: Sheet, headings: tuple[str, ...]) -> list[Column | None]:
    columns = [sheet.column(heading) for heading in headings]
    for column in filter(None, columns):
        if columns.count(column) > 1:
            on_page = f" ở trang “{place}”" if place else ""
            raise Unreadable(f"Có hai cột cùng là “{column.title}”{on_page}. Bỏ bớt một cột rồi nhập lại.")
    return columns


def _row(number: int, cells: list[Any], columns: list[Column | None]) -> Row:
    if len(cells) < len(columns) or any(text(cell) for cell in cells[len(columns) :]):
        return Row(
            number, {}, f"dòng có {len(cells)} ô mà tiêu đề có {len(columns)}; xem lại dấu phân cách, dấu ngoặc kép"
        )
    return Row(number, {column.name: cell for column, cell in zip(columns, cells, strict=False) if column})


def _lines(path: Path) -> list[Table]:
    tables: dict[str, Table] = {}
    for number, line in enumerate(_decoded(path).split("\n"), start=1):
        if line.strip():
            sheet, row, unknown = _line(number, line)
            table = tables.setdefault(sheet.title, Table("", sheet))
            table.rows.append(row)
            table.unknown.extend(name for name in unknown if name not in table.unknown)
    return list(tables.values())


def _line(number: int, line: str) -> tuple[Sheet, Row, list[str]]:
    """One JSON object; each line says by its keys what it is."""
    try:
        given = json.loads(line)
    except ValueError:
        return PROCEDURES, Row(number, {}, "dòng không phải JSON"), []
    sheet = recognised(tuple(given)) if isinstance(given, dict) else None
    if sheet is None:
        return PROCEDURES, Row(number, {}, "không có khoá code, key hay text để biết là mục gì"), []
    cells = {column.name: given[name] for name in given if (column := sheet.column(name))}
    return sheet, Row(number, cells), [name for name in given if not sheet.column(name)]


_READERS: dict[str, Callable[[Path], list[Table]]] = {
    ".xlsx": _workbook, ".xls": _workbook, ".ods": _workbook,
    ".csv": _csv, ".tsv": _csv, ".jsonl": _lines,
}  # fmt: skip
