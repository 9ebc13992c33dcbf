"""Zalo's answers. Every application error comes as HTTP 200 with `error` not 0; what it means depends on the host."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channel import Failure, SendError
from bot.channels.zalo import codes
from bot.channels.zalo.advice import ARTICLE_QUOTA, BUSINESS_ADVICE, OA_ADVICE
from bot.outgoing import Answer


@dataclass(frozen=True, slots=True, eq=False)
class Host:
    failures: Mapping[int, Failure]
    advice: Mapping[int, str]
    waits: Mapping[int, float]  # seconds before it is worth trying again
    stale: frozenset[int]  # the access token, and no other fault


OA = Host(codes.OA_FAILURES, OA_ADVICE, codes.OA_WAITS, codes.OA_STALE)
BUSINESS = Host(codes.BUSINESS_FAILURES, BUSINESS_ADVICE, codes.BUSINESS_WAITS, codes.BUSINESS_STALE)


class Refused(SendError):
    def __init__(self, code: int, message: str, host: Host = OA, *, rest_seconds: float | None = None) -> None:
        failure, advice = _meaning(code, message, host)
        wait = host.waits.get(code) or rest_seconds
        super().__init__(failure, f"{code} {message}", retry_after_seconds=wait, advice=advice)
        self.code = code
        self.message = message


def _meaning(code: int, message: str, host: Host) -> tuple[Failure, str]:
    if host is OA:
        # -201 is "a field is invalid"; when the field is the person, the message is not at fault.
        if code == codes.NO_SUCH_FIELD and "user_id" in message:
            return Failure.GONE, ""
        if code == codes.NOT_AUTHORISED and "quota" in message.lower():
            return Failure.QUOTA, ARTICLE_QUOTA
    return host.failures.get(code, Failure.REJECTED), host.advice.get(code, "")


def said(answer: Answer, host: Host = OA) -> Any:
    """What a success carries. Raises `Refused`, or `SendError` for an answer that is not Zalo's."""
    fields = answer.json()
    code = whole(fields.get("error"))
    if code is None:
        failure = Failure.UNAVAILABLE if answer.status in (429, 503) else Failure.UNSURE
        raise SendError(failure, f"HTTP {answer.status} without an error code")
    if code != 0:
        raise Refused(code, str(fields.get("message", "")), host)
    return fields.get("data")


def whole(value: object) -> int | None:
    """Zalo writes numbers as numbers in some answers and as strings in others."""
    try:
        return int(str(value))
    except ValueError:
        return None
