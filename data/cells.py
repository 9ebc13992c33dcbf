"""What stands in a cell of a sheet that people fill in, and what is meant by it."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z.\-]{2,39}")
_MANGLED = re.compile(r"\d[.,]\d{1,6}")  # what a spreadsheet program makes of 1.014100
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
_FORMULA = re.compile(r"'*(?:\s*[=+\-@]|[\t\r])")

Read = Callable[[Any], Any]


class Unfit(Exception):
    """What stands in the cell cannot be used; the text says why and what to do, in Vietnamese."""


def plain(text: str) -> str:
    """A heading or a word of a list without case, marks, spaces and signs."""
    bare = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in bare if letter.isalnum())


def tidy(value: str) -> str:
    """The one form in which a text is kept and compared."""
    whole = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in whole if letter >= " " or letter in "\n\t").strip()


def text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, list | dict):
        raise Unfit("cần một đoạn chữ, không phải danh sách")
    return "" if cell is None else tidy(str(cell))


def maybe(cell: Any) -> str | None:
    return text(cell) or None


def items(cell: Any) -> list[str]:
    """A list, or a cell with one item a line; each item once."""
    parts = cell if isinstance(cell, list) else text(cell).split("\n")
    tidied = (" ".join(text(part).split()) for part in parts)
    return list(dict.fromkeys(item for item in tidied if item))


def code(cell: Any) -> str:
    """A procedure's code, also when a spreadsheet program took it for a number and dropped its zeros."""
    given = text(cell)
    if _MANGLED.fullmatch(given):
        return given.replace(",", ".").ljust(8, "0")
    if given and not _CODE.fullmatch(given):
        raise Unfit(
            f"“{given[:40]}” không phải là mã. Ví dụ đúng: 1.001193 (chữ, số, dấu chấm, gạch nối; không dấu cách)"
        )
    return given


def codes(cell: Any) -> list[str]:
    return [code(item) for item in (items(cell) if not isinstance(cell, float) else [cell])]


def day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    given = text(cell)
    try:
        found = _DAY.fullmatch(given)
        written = date(int(found[3]), int(found[2]), int(found[1])) if found else None
        return written or (date.fromisoformat(given) if given else None)
    except ValueError as error:
        raise Unfit(f"“{given[:40]}” không phải là ngày. Ví dụ đúng: 28/02/2027") from error


def one_of(words: Mapping[str, str]) -> Read:
    """Reads one of a few words, by its key or by its Vietnamese name, of which the part before a bracket is enough."""
    known = {plain(key): key for key in words}
    known |= {plain(name): key for key, whole in words.items() for name in (whole, whole.split("(", maxsplit=1)[0])}

    def read(cell: Any) -> str:
        given = text(cell)
        if given and plain(given) not in known:
            raise Unfit(f"“{given[:40]}” không có trong danh sách. Chọn một trong: {'; '.join(words.values())}")
        return known.get(plain(given), "")

    return read


def shown(value: Any) -> str:
    """The value as the text of a cell."""
    if isinstance(value, list):
        return "\n".join(items(value))
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else tidy(str("" if value is None else value))


def guarded(value: str) -> str:
    """A cell of a CSV file that no spreadsheet program takes for a formula; `unguarded` takes the guard away."""
    return "'" + value if _FORMULA.match(value) else value


def unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and _FORMULA.match(value[1:]) else value
