"""How much of Meta's allowance is used, as the headers of every answer tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

RESTS_FROM_PERCENT = 80.0
SECONDS_A_PERCENT = 3.0  # at 80 % a breath, at 100 % a minute
_SHARES = ("call_count", "total_time", "total_cputime")


@dataclass(frozen=True, slots=True)
class Usage:
    percent: float = 0.0
    regain_seconds: float = 0.0  # how long the Page stays throttled; the header speaks in minutes

    @property
    def rest_seconds(self) -> float:
        above = self.percent - RESTS_FROM_PERCENT
        return self.regain_seconds or (SECONDS_A_PERCENT * (above + 1) if above >= 0 else 0.0)


def told(headers: Mapping[str, str]) -> Usage | None:
    """None when the headers say nothing about it."""
    rows = [*_rows(headers.get("X-App-Usage")), *_rows(headers.get("X-Business-Use-Case-Usage"))]
    if not rows:
        return None
    percent = max(_number(row.get(share)) for row in rows for share in _SHARES)
    return Usage(percent, 60.0 * max(_number(row.get("estimated_time_to_regain_access")) for row in rows))


def _rows(header: str | None) -> Iterator[dict[str, Any]]:
    try:
        value = orjson.loads(header or "{}")
    except orjson.JSONDecodeError:
        return
    yield from _objects(value)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """The rows of figures, which lie flat in one header, and in lists by Page in the other."""
    if isinstance(value, dict) and any(share in value for share in (*_SHARES, "estimated_time_to_regain_access")):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _objects(inner)


def _number(value: object) -> float:
    try:
        return max(0.0, float(str(value)))
    except ValueError:
        return 0.0
