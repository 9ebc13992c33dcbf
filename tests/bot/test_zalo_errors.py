"""Zalo's answers: what is a success, and which failure each code is."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Failure, SendError
from bot.channels.zalo.codes import BUSINESS_FAILURES, OA_FAILURES
from bot.channels.zalo.errors import BUSINESS, OA, Host, Refused, said
from bot.outgoing import Answer

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "zalo"
TABLE = SAMPLES / "api_errors_oa.json"


def answer(fields: Any, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(fields).encode())


def failed(fields: Any, status: int = 200, host: Host = OA) -> SendError:
    with pytest.raises(SendError) as caught:
        said(answer(fields, status), host)
    return caught.value


@pytest.mark.parametrize("error", [0, "0"])
def test_success_is_told_by_the_code_alone(error: object) -> None:
    assert said(answer({"error": error, "data": {"message_id": "m"}})) == {"message_id": "m"}
    assert said(answer({"error": error, "data": ["thon-3"]})) == ["thon-3"]
    assert said(answer({"error": error, "message": "Success"})) is None


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
        (-223, "Official Account has not authorized this API", Failure.NOT_CONNECTED),
        (-223, "Your OA has reach the limit quota create article", Failure.QUOTA),
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


def test_the_same_number_means_another_thing_on_the_business_host() -> None:
    expired, unknown = failed({"error": -100, "message": "x"}), failed({"error": -100, "message": "x"}, host=BUSINESS)
    assert (expired.failure, unknown.failure) == (Failure.REJECTED, Failure.UNSURE)
    assert failed({"error": -124, "message": "x"}).failure is Failure.REJECTED
    assert failed({"error": "-124", "message": "x"}, host=BUSINESS).failure is Failure.NOT_CONNECTED


def test_a_number_without_zalo_is_no_citizen_who_left_us() -> None:
    gone = {Failure.GONE, Failure.BLOCKED}
    assert not gone & set(BUSINESS_FAILURES.values())


@pytest.mark.parametrize("host", [OA, BUSINESS])
def test_whatever_wakes_staff_tells_them_what_to_do(host: Host) -> None:
    codes = {code for code, failure in host.failures.items() if failure.wake}
    assert codes <= set(host.advice)


@pytest.mark.parametrize(("code", "seconds"), [(-200, 30), (-234, 1800), (-216, None)])
def test_some_refusals_say_when_to_try_again(code: int, seconds: float | None) -> None:
    assert failed({"error": code, "message": "x"}).retry_after_seconds == seconds


def test_every_documented_code_has_a_line() -> None:
    documented = json.loads(TABLE.read_text()) if TABLE.exists() else [{"error": -32}]
    assert {row["error"] for row in documented} - {0} <= set(OA_FAILURES)
