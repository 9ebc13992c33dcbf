"""Zalo's answers: what is a success, and which failure each code is."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Failure, SendError
from bot.channels.zalo.errors import FAILURES, Refused, data
from bot.outgoing import Answer

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "zalo"
TABLE = SAMPLES / "api_errors_oa.json"


def answer(fields: Any, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(fields).encode())


def failed(fields: Any, status: int = 200) -> SendError:
    with pytest.raises(SendError) as caught:
        data(answer(fields, status))
    return caught.value


@pytest.mark.parametrize("error", [0, "0"])
def test_success_is_told_by_the_code_alone(error: object) -> None:
    assert data(answer({"error": error, "data": {"message_id": "m"}})) == {"message_id": "m"}
    assert data(answer({"error": error, "message": "Success"})) == {}


@pytest.mark.parametrize("error", [-230, "-230"])
def test_refusal_comes_as_http_200(error: object) -> None:
    refusal = failed({"error": error, "message": "User has not interacted"})
    assert isinstance(refusal, Refused)
    assert (refusal.failure, refusal.code) == (Failure.OUTSIDE_WINDOW, -230)


@pytest.mark.parametrize(
    ("code", "message", "failure"),
    [
        (-32, "Your OA reached limit call api", Failure.TOO_FAST),
        (-201, "user_id is invalid!", Failure.GONE),
        (-201, "message is invalid!", Failure.REJECTED),
        (-211, "Out of quota", Failure.QUOTA),
        (-216, "Access token is invalid", Failure.NOT_CONNECTED),
        (-217, "User has blocked invitation from OA", Failure.BLOCKED),
        (-227, "User is banned", Failure.GONE),
        (-244, "User restricted", Failure.OPTED_OUT),
        (-248, "violates", Failure.RESTRICTED),
        (-321, "no money", Failure.QUOTA),
        (-99999, "news of tomorrow", Failure.REJECTED),
    ],
)
def test_code_is_a_failure(code: int, message: str, failure: Failure) -> None:
    assert failed({"error": code, "message": message}).failure is failure


@pytest.mark.parametrize(("status", "failure"), [(429, Failure.UNAVAILABLE), (502, Failure.UNSURE)])
def test_answer_without_a_code_is_judged_by_its_status(status: int, failure: Failure) -> None:
    assert failed({"fault": "gateway"}, status).failure is failure


def test_every_documented_code_has_a_line() -> None:
    documented = json.loads(TABLE.read_text()) if TABLE.exists() else [{"error": -32}]
    assert {row["error"] for row in documented} - {0} <= set(FAILURES)
