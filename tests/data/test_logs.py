"""Log lines: no secret and nobody's number, whatever a library puts into them."""

import logging
import sys

import pytest

from data.logs import Scrubber

GIVEN = "zalo-app-secret-0001"
BOT = "123456789:AAE-abcdefghijklmnopqrstuvwxyz_012345"


def line(message: str, *args: object, error: bool = False) -> str:
    record = logging.LogRecord(
        "loa", logging.ERROR, __file__, 1, message, args, sys.exc_info() if error else None
    )  # fmt: skip
    return Scrubber([GIVEN, "short"]).format(record)


@pytest.mark.parametrize(
    "message",
    [
        f"token is {BOT}",
        f"POST https://api.telegram.org/bot{BOT}/sendMessage failed",
        f"{{'token': '{BOT}'}}",
    ],
)
def test_a_bot_token_is_never_written(message: str) -> None:
    assert "AAE-" not in line(message)
    assert "<bot token>" in line(message)


@pytest.mark.parametrize(
    "message",
    [
        "GET /v26.0/me?access_token=EAAB123&fields=id",
        "access_token: EAAB123",
        "{'access_token': 'EAAB123'}",
        '{"access_token":"EAAB123","expires_in":"90000"}',
        '{"refresh_token": "EAAB123"}',
        "secret_key=EAAB123",
        "password=EAAB123",
        "appsecret_proof=EAAB123",
        "access_token%3DEAAB123",
        "Authorization: Bearer EAAB123",
        "{'Authorization': 'Bearer EAAB123'}",
        "bearer EAAB123",
    ],
)
def test_what_is_called_a_secret_is_never_written(message: str) -> None:
    assert "EAAB123" not in line(message)


def test_what_follows_a_secret_is_still_readable() -> None:
    assert "fields=id" in line("GET /me?access_token=EAAB123&fields=id")


@pytest.mark.parametrize("number", ["0905123456", "+84905123456", "84905123456", "02693852345"])
def test_a_phone_number_is_never_written(number: str) -> None:
    assert number[-6:] not in line(f"to {number}: blocked")


def test_an_identity_number_is_never_written() -> None:
    assert "064190001234" not in line("căn cước 064190001234.")


@pytest.mark.parametrize("text", ["arrival 12 failed", "took 0.123456789 s", "PA-2026-00123", "11:59:59,123"])
def test_ordinary_numbers_are_left(text: str) -> None:
    assert text in line(text)


def test_a_given_secret_is_never_written_wherever_it_stands() -> None:
    assert GIVEN not in line("signed with %s", GIVEN)
    assert "signed with <secret>" in line("signed with %s", GIVEN)


def test_a_very_short_value_is_no_secret() -> None:
    assert "short of memory" in line("short of memory")


def test_a_traceback_is_scrubbed_too() -> None:
    try:
        raise ValueError(f"secret {GIVEN}, token {BOT}, phone 0905123456, card 064190001234")
    except ValueError:
        written = line("it failed", error=True)

    assert "Traceback" in written
    assert "ValueError: secret <secret>, token <bot token>, phone <phone>, card <number>" in written
    assert not any(secret in written for secret in (GIVEN, BOT, "0905123456", "064190001234"))
