"""The knowledge written into a file that `knowledge_import` takes back without a change."""

import csv
import json
import os
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlmodel import Session

from data.cells import guarded
from data.knowledge_sheets import SHEETS, Column, Sheet, entries, staff_names

FORMATS = ("xlsx", "csv", "jsonl")
_CELL = 32_767  # letters, of a spreadsheet program
_VALIDATED = 20_000  # rows to which the list of states applies

Pages = list[tuple[Sheet, list[dict[str, Any]]]]


class NotExportable(Exception):
    """What was asked for cannot be written; the text says why and what to do, in Vietnamese."""


def write_knowledge(session: Session, file: Path, kinds: Iterable[str] = tuple(SHEETS)) -> int:
    """Write these kinds of entries, drafts included; how many. The file appears under its name only when complete."""
    form = file.suffix.lower().removeprefix(".")
    chosen = [SHEETS[kind] for kind in kinds]
    if form not in FORMATS:
        raise NotExportable(f"Không ghi được loại tệp “{file.suffix}”. Dùng tệp .xlsx, .csv hoặc .jsonl.")
    if form == "csv" and len(chosen) != 1:
        raise NotExportable("Tệp CSV chỉ chứa được một loại mục. Chọn một loại, hoặc dùng tệp .xlsx.")
    pages = [(sheet, _values(session, sheet)) for sheet in chosen]
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        _WRITERS[form](partial, pages)
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return sum(len(rows) for _, rows in pages)


def _values(session: Session, sheet: Sheet) -> list[dict[str, Any]]:
    """The rows as plain values, the approver by name."""
    names = staff_names(session)
    rows = [{column.name: getattr(row, column.name) for column in sheet.columns} for row in entries(session, sheet)]
    return [row | {"approved_by": names.get(row["approved_by"], "")} if "approved_by" in row else row for row in rows]


def _xlsx(file: Path, pages: Pages) -> None:
    # strings_to_formulas off is the formula guard: "=1+1" stays the text that a citizen typed
    kept = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(file), kept) as book:
        for sheet, rows in pages:
            _fill(book, book.add_worksheet(sheet.title), sheet, rows)


def _fill(book: Any, page: Any, sheet: Sheet, rows: list[dict[str, Any]]) -> None:
    # "@": what a clerk types stays text too, so that 1.014100 keeps its zeros and 01/03/2027 its day
    look = {"text_wrap": True, "valign": "top", "font_name": "Times New Roman", "font_size": 11, "num_format": "@"}
    text, head = book.add_format(look), book.add_format({**look, "bold": True, "bg_color": "#E8EEF2", "border": 1})
    page.freeze_panes(1, 2)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width, text)
        page.write_string(0, index, column.title, head)
        _offer(page, index, column)
        for number, row in enumerate(rows, start=1):
            _write(page, number, index, _fitting(column.shown(row[column.name]), column, row[sheet.key]), text)


def _offer(page: Any, index: int, column: Column) -> None:
    if column.words:
        page.data_validation(1, index, _VALIDATED, index, {"validate": "list", "source": list(column.words.values())})


def _write(page: Any, number: int, index: int, words: str, look: Any) -> None:
    if words:
        page.write_string(number, index, words, look)


def _fitting(words: str, column: Column, key: str) -> str:
    if len(words) > _CELL:
        raise NotExportable(f"Cột “{column.title}” của mục {key} dài quá một ô bảng tính. Dùng tệp .jsonl.")
    return words


def _csv(file: Path, pages: Pages) -> None:
    [(sheet, rows)] = pages
    # utf-8-sig: spreadsheet programs read Vietnamese only after a byte order mark
    with file.open("w", encoding="utf-8-sig", newline="") as opened:
        writer = csv.writer(opened)
        writer.writerow([column.title for column in sheet.columns])
        writer.writerows([guarded(column.shown(row[column.name])) for column in sheet.columns] for row in rows)


def _jsonl(file: Path, pages: Pages) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as opened:
        for row in (row for _, rows in pages for row in rows):
            opened.write(json.dumps(_jsonable(row), ensure_ascii=False) + "\n")


def _jsonable(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


_WRITERS: dict[str, Callable[[Path, Pages], None]] = {"xlsx": _xlsx, "csv": _csv, "jsonl": _jsonl}
