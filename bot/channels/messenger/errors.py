"""The Graph API's error codes as our few failures: by code and subcode, never by HTTP status or wording."""

from collections.abc import Iterator
from typing import Any

import orjson

from bot.channel import Failure, SendError
from bot.outgoing import Answer

# (code, subcode); None stands for every subcode that has no line of its own.
FAILURES: dict[tuple[int, int | None], Failure] = {
    (1, None): Failure.UNAVAILABLE,
    (1, 2018382): Failure.REJECTED,
    (2, None): Failure.UNAVAILABLE,  # also given when the person has blocked the Page
    (4, None): Failure.TOO_FAST,
    (4, 2018354): Failure.QUOTA,
    (9, 2018352): Failure.QUOTA,
    (10, None): Failure.NOT_CONNECTED,
    (10, 1404170): Failure.REJECTED,
    (10, 1893015): Failure.OPTED_OUT,
    (10, 1893063): Failure.RESTRICTED,
    (10, 2018065): Failure.OUTSIDE_WINDOW,
    (10, 2018108): Failure.BLOCKED,
    (10, 2018278): Failure.OUTSIDE_WINDOW,
    (10, 2018336): Failure.REJECTED,
    (10, 2534022): Failure.OUTSIDE_WINDOW,
    (17, None): Failure.TOO_FAST,
    (32, None): Failure.TOO_FAST,
    (100, None): Failure.REJECTED,
    (100, 2018001): Failure.GONE,
    (100, 2018008): Failure.UNAVAILABLE,  # could not fetch our picture
    (100, 2018294): Failure.UNAVAILABLE,
    (190, None): Failure.NOT_CONNECTED,
    (200, None): Failure.NOT_CONNECTED,  # app not live, or a permission missing
    (200, 1545041): Failure.BLOCKED,
    (341, None): Failure.TOO_FAST,
    (368, None): Failure.RESTRICTED,
    (551, None): Failure.BLOCKED,
    (613, None): Failure.TOO_FAST,
    (613, 1893016): Failure.QUOTA,
    (613, 2018338): Failure.RESTRICTED,
    (80001, None): Failure.TOO_FAST,
    (80006, None): Failure.TOO_FAST,
}
# Another app, such as the Page inbox, holds the conversation: seen as code and as subcode.
THREAD_HELD = (2018300, 2018321, 2534037)
WAIT_SECONDS = {Failure.RESTRICTED: 1800.0, Failure.TOO_FAST: 60.0}
DEAD_ATTACHMENT = (100, 2018074)


class Refused(SendError):
    def __init__(self, answer: Answer, error: dict[str, Any]) -> None:
        self.codes = (_whole(error.get("code")), _whole(error.get("error_subcode")))
        failure = _failure(*self.codes, transient=error.get("is_transient") is True)
        wait = WAIT_SECONDS.get(failure)
        if failure is Failure.TOO_FAST:
            wait = regain_seconds(answer) or wait
        super().__init__(failure, _detail(self.codes, error), retry_after_seconds=wait)


def fields(answer: Answer) -> dict[str, Any]:
    """A success. Raises `Refused`, or `SendError` for an answer that is not the Graph API's."""
    value = answer.json()
    error = value.get("error")
    if isinstance(error, dict):
        raise Refused(answer, error)
    if answer.status >= 400 or error is not None:
        failure = Failure.UNAVAILABLE if answer.status in (429, 503) else Failure.UNSURE
        raise SendError(failure, f"HTTP {answer.status} without an error object")
    return value


def regain_seconds(answer: Answer) -> float:
    """How long the usage header says the Page stays throttled; it speaks in minutes."""
    try:
        usage = orjson.loads(answer.headers.get("X-Business-Use-Case-Usage", "{}"))
    except orjson.JSONDecodeError:
        return 0.0
    return 60.0 * max(_minutes(usage), default=0)


def _minutes(usage: Any) -> Iterator[int]:
    for rows in usage.values() if isinstance(usage, dict) else ():
        for row in rows if isinstance(rows, list) else ():
            if isinstance(row, dict):
                yield _whole(row.get("estimated_time_to_regain_access"))


def _failure(code: int, subcode: int, *, transient: bool) -> Failure:
    if code in THREAD_HELD or subcode in THREAD_HELD:
        return Failure.UNAVAILABLE
    known = FAILURES.get((code, subcode)) or FAILURES.get((code, None))
    return known or (Failure.UNAVAILABLE if transient else Failure.REJECTED)


def _detail(codes: tuple[int, int], error: dict[str, Any]) -> str:
    # The trace id is what Meta's support asks for.
    return f"{codes[0]}/{codes[1]} {error.get('message', '')} (trace {error.get('fbtrace_id', '')})"


def _whole(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
