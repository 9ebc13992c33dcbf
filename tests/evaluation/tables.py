"""Tables and figures as Markdown."""

from collections import Counter
from collections.abc import Iterable, Sequence

Row = Sequence[object]


def table(heads: Row, rows: Iterable[Row]) -> list[str]:
    return ["", _line(heads), "|" + "---|" * len(heads), *(_line(row) for row in rows)]


def _line(row: Row) -> str:
    return "| " + " | ".join(str(cell) for cell in row) + " |"


def percent(part: float) -> str:
    return f"{part * 100:.1f} %"


def of_share(number: int, total: int) -> str:
    return f"{number} ({percent(number / (total or 1))})"


def of_all(number: int, total: int) -> str:
    return f"{number} of {total} ({percent(number / (total or 1))})"


def listed(counts: Counter[str]) -> str:
    """Most often first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{word} {count}" for word, count in ordered) or "–"
