"""Zalo's error codes as our few failures. Every application error comes as HTTP 200 with `error` not 0.

The codes are those of openapi.zalo.me; the same numbers mean other things on business.openapi.zalo.me.
"""

from typing import Any

from bot.channel import Failure, SendError
from bot.outgoing import Answer

FAILURES = {
    -32: Failure.TOO_FAST,
    -100: Failure.REJECTED,  # attachment_id expired, even after a new upload
    -200: Failure.UNAVAILABLE,
    -201: Failure.REJECTED,
    -204: Failure.NOT_CONNECTED,
    -205: Failure.NOT_CONNECTED,
    -209: Failure.NOT_CONNECTED,
    -210: Failure.REJECTED,
    -211: Failure.QUOTA,
    -212: Failure.NOT_CONNECTED,
    -213: Failure.OUTSIDE_WINDOW,  # neither follows nor has written
    -214: Failure.UNAVAILABLE,
    -216: Failure.NOT_CONNECTED,
    -217: Failure.BLOCKED,
    -218: Failure.OUTSIDE_WINDOW,  # this one person's quota of receiving, not ours of sending
    -219: Failure.NOT_CONNECTED,
    -220: Failure.NOT_CONNECTED,
    -221: Failure.NOT_CONNECTED,
    -223: Failure.NOT_CONNECTED,
    -224: Failure.NOT_CONNECTED,  # package too low; often mistaken for the 7 days
    -227: Failure.GONE,  # banned, or away for more than 45 days
    -230: Failure.OUTSIDE_WINDOW,
    -232: Failure.OUTSIDE_WINDOW,
    -233: Failure.REJECTED,
    -234: Failure.UNAVAILABLE,  # 22:00-06:00
    -235: Failure.NOT_CONNECTED,
    -237: Failure.GONE,
    -238: Failure.REJECTED,
    -240: Failure.REJECTED,
    -241: Failure.REJECTED,
    -242: Failure.NOT_CONNECTED,
    -244: Failure.OPTED_OUT,
    -248: Failure.RESTRICTED,
    -249: Failure.REJECTED,
    -305: Failure.OUTSIDE_WINDOW,
    -311: Failure.OUTSIDE_WINDOW,
    -320: Failure.QUOTA,
    -321: Failure.QUOTA,
    -403: Failure.GONE,
    -1340: Failure.REJECTED,
    -1341: Failure.REJECTED,
}
WAIT_SECONDS = {-200: 30.0, -214: 10.0, -234: 1800.0}

STALE_TOKEN = (-216, -220)
EXPIRED_PICTURE = -100
NO_SUCH_SHAPE = (-201, -233)  # how a message with buttons is refused where v3 does not take them


class Refused(SendError):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(_failure(code, message), f"{code} {message}", retry_after_seconds=WAIT_SECONDS.get(code))
        self.code = code


def _failure(code: int, message: str) -> Failure:
    # -201 is "a field is invalid"; when the field is the person, the message is not at fault.
    if code == -201 and "user_id" in message:
        return Failure.GONE
    return FAILURES.get(code, Failure.REJECTED)


def data(answer: Answer) -> dict[str, Any]:
    """The `data` of a success. Raises `Refused`, or `SendError` for an answer that is not Zalo's."""
    fields = answer.json()
    code = whole(fields.get("error"))
    if code is None:
        failure = Failure.UNAVAILABLE if answer.status in (429, 503) else Failure.UNSURE
        raise SendError(failure, f"HTTP {answer.status} without an error code")
    if code != 0:
        raise Refused(code, str(fields.get("message", "")))
    inner = fields.get("data")
    return inner if isinstance(inner, dict) else {}


def whole(value: object) -> int | None:
    """Zalo writes numbers as numbers in some answers and as strings in others."""
    try:
        return int(str(value))
    except ValueError:
        return None
