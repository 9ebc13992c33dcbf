"""The Graph API's answers: what is a success, and which failure each code is."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.channel import Failure, SendError
from bot.channels.messenger.errors import Refused, fields
from bot.channels.messenger.usage import Usage, told
from bot.outgoing import Answer

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "meta"
FILES = sorted(SAMPLES.glob("err_*.json"))


def refused(body: bytes, status: int = 400, headers: dict[str, str] | None = None) -> SendError:
    with pytest.raises(SendError) as caught:
        fields(Answer(status, headers or {}, body))
    return caught.value


def error(code: object, subcode: object = None, **more: Any) -> bytes:
    return json.dumps({"error": {"code": code, "error_subcode": subcode, "message": "…", **more}}).encode()


OWN = {
    "restricted Page": (error(10, 1893063), Failure.RESTRICTED),
    "permission missing": (error(10), Failure.NOT_CONNECTED),
    "codes as strings": (error("100", "2018001"), Failure.GONE),
    "held by another app": (error(2018300), Failure.UNAVAILABLE),
    "held by another app, as subcode": (error(100, 2018300), Failure.UNAVAILABLE),
    "abusive rate": (error(613, 2018338), Failure.RESTRICTED),
    "a comment answered already": (error(10900), Failure.REJECTED),
    "a comment that takes no answer": (error(10903), Failure.REJECTED),
    "the same post again": (error(506), Failure.REJECTED),
    "unknown but passing": (error(99999, is_transient=True), Failure.UNAVAILABLE),
    "unknown": (error(99999), Failure.REJECTED),
    "no code": (b'{"error":{}}', Failure.REJECTED),
}
SAMPLE_FAILURES = {
    "err_100_1893061_dead_tag.json": Failure.REJECTED,
    "err_100_2018001_no_user.json": Failure.GONE,
    "err_100_2018008_fetch_failed.json": Failure.UNAVAILABLE,
    "err_100_2018109_too_large.json": Failure.REJECTED,
    "err_10_1893015_stopped_topic.json": Failure.OPTED_OUT,
    "err_10_2018065_outside_window_news.json": Failure.OUTSIDE_WINDOW,
    "err_10_2018108_cannot_receive.json": Failure.BLOCKED,
    "err_10_2018278_outside_window.json": Failure.OUTSIDE_WINDOW,
    "err_190_token.json": Failure.NOT_CONNECTED,
    "err_1_2018382_invalid_form.json": Failure.REJECTED,
    "err_1_unknown.json": Failure.UNAVAILABLE,
    "err_200_1545041_unavailable.json": Failure.BLOCKED,
    "err_200_dev_mode.json": Failure.NOT_CONNECTED,
    "err_2018218_profile_unavailable.json": Failure.REJECTED,
    "err_2_temporary.json": Failure.UNAVAILABLE,
    "err_32_page_limit.json": Failure.TOO_FAST,
    "err_4_app_limit.json": Failure.TOO_FAST,
    "err_551_1545041_unavailable.json": Failure.BLOCKED,
    "err_613_rate.json": Failure.TOO_FAST,
}
ROWS = [*OWN.values(), *((path.read_bytes(), SAMPLE_FAILURES.get(path.name)) for path in FILES)]


@pytest.mark.parametrize(("body", "failure"), ROWS, ids=[*OWN, *(path.stem for path in FILES)])
def test_code_is_a_failure(body: bytes, failure: Failure) -> None:
    refusal = refused(body)
    assert isinstance(refusal, Refused)
    assert refusal.failure is failure


def test_error_object_is_a_refusal_even_with_http_200() -> None:
    assert refused(error(190), status=200).failure is Failure.NOT_CONNECTED


def test_throttled_page_waits_as_long_as_the_header_says() -> None:
    usage = {"600": [{"type": "messenger", "estimated_time_to_regain_access": 19}, {"type": "pages"}]}
    headers = {"X-Business-Use-Case-Usage": json.dumps(usage)}
    assert refused(error(80006), headers=headers).retry_after_seconds == 19 * 60


@pytest.mark.parametrize("usage", ["", "{", "[]", '{"600":1}', '{"600":[{"estimated_time_to_regain_access":"x"}]}'])
def test_unreadable_usage_header_leaves_the_usual_pause(usage: str) -> None:
    assert refused(error(613), headers={"X-Business-Use-Case-Usage": usage}).retry_after_seconds == 60


@pytest.mark.parametrize(("status", "failure"), [(503, Failure.UNAVAILABLE), (500, Failure.UNSURE)])
def test_answer_without_an_error_object_is_judged_by_its_status(status: int, failure: Failure) -> None:
    assert refused(b"{}", status).failure is failure


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ((190, 463), "hết hạn"),
        ((190, 467), "MESSENGER_PAGE_TOKEN"),
        ((200, 2018028), "App Review"),
        ((10, None), "App Review"),
        ((10, 1893063), "Chất lượng Trang"),
    ],
)
def test_staff_are_told_what_to_do(codes: tuple[int, int | None], words: str) -> None:
    assert words in refused(error(*codes)).advice


@pytest.mark.parametrize("codes", [(10, 2018278), (200, 1545041), (100, 2018001), (551, None)])
def test_what_is_the_citizens_own_asks_nothing_of_staff(codes: tuple[int, int | None]) -> None:
    assert refused(error(*codes)).advice == ""


def test_the_documented_headers_are_read() -> None:
    app = {"call_count": 28, "total_time": 25, "total_cputime": 25}
    page = {"112": [{"type": "messenger", "call_count": 97, "total_time": 23, "estimated_time_to_regain_access": 19}]}
    only_app, both = {"X-App-Usage": json.dumps(app)}, {"X-App-Usage": json.dumps(app)}
    both["X-Business-Use-Case-Usage"] = json.dumps(page)

    assert told(only_app) == Usage(28)
    assert told(both) == Usage(97, 19 * 60)
    assert told({}) is None


def test_trace_id_is_kept_for_the_support() -> None:
    assert "trace T1" in refused(error(2, fbtrace_id="T1")).detail
