"""Zalo's proof of origin, and what `events` lets through."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channel import Forged, Malformed
from bot.channels.zalo import TokenPair, Tokens, Zalo
from bot.channels.zalo.signature import mac, proves
from bot.outgoing import Outgoing

VECTORS = Path(__file__).parents[2].parent / "shared" / "fixtures" / "zalo" / "signature_vectors.json"
APP, OA, SECRET, AT = "360", "900", "khoá bí mật", "1790000000123"
BODY = (
    '{"app_id":"360","event_name":"user_send_text","sender":{"id":"8"},"recipient":{"id":"900"},'
    '"message":{"text":"Đăng ký khai sinh \\/ đất đai","msg_id":"m1"},"timestamp":"1790000000123"}'
).encode()


class NoStore:
    async def read(self) -> TokenPair | None:
        return None

    async def claim(self, seconds: int) -> bool:
        return False

    async def keep(self, pair: TokenPair) -> None: ...

    async def release(self) -> None: ...


def zalo(*secrets: str) -> Zalo:
    outgoing = Outgoing()
    tokens = Tokens(APP, "app secret", "http://127.0.0.1", NoStore(), outgoing, lambda: datetime.now(UTC))
    return Zalo(APP, secrets, OA, tokens, "http://127.0.0.1", outgoing)


def signed(body: bytes = BODY, secret: str = SECRET, at: str = AT) -> dict[str, str]:
    return {"X-ZEvent-Signature": "mac=" + mac(APP, body, at, secret)}


def digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def test_formula_is_plain_sha256_in_the_documented_order() -> None:
    assert mac("X", b"BODY", "1234567890", "Y") == digest(b"XBODY1234567890Y")


@pytest.mark.parametrize("form", ["{}", "mac={}", "mac = {}", "MAC={}", " mac= {} "])
def test_every_written_form_of_the_header_counts(form: str) -> None:
    right = mac(APP, BODY, AT, SECRET)
    assert proves(form.format(right), APP, BODY, [AT], [SECRET])
    assert proves(form.format(right.upper()), APP, BODY, [AT], [SECRET])


WRONG = {
    "nothing": "",
    "no digest": "mac=",
    "hmac with the secret": hmac.new(SECRET.encode(), BODY, hashlib.sha256).hexdigest(),
    "hash of the body alone": digest(BODY),
    "no timestamp": digest(APP.encode() + BODY + SECRET.encode()),
    "OA id for app id": mac(OA, BODY, AT, SECRET),
    "another key": mac(APP, BODY, AT, "app secret"),
    "written again": mac(APP, json.dumps(json.loads(BODY), ensure_ascii=False).encode(), AT, SECRET),
    "one digit short": "mac=" + mac(APP, BODY, AT, SECRET)[:-1],
    "two digests": mac(APP, BODY, AT, SECRET) * 2,
    "letters beyond ASCII": "mac=" + "é" * 64,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_proof_is_forged(name: str) -> None:
    with pytest.raises(Forged):
        zalo(SECRET).events({"X-ZEvent-Signature": WRONG[name]}, BODY)


def test_one_changed_byte_is_forged() -> None:
    with pytest.raises(Forged):
        zalo(SECRET).events(signed(), BODY.replace(b"m1", b"m2"))


def test_each_of_several_secrets_proves() -> None:
    assert len(zalo("new key", SECRET).events(signed(), BODY)) == 1


@pytest.mark.parametrize("secrets", [(), ("",)])
def test_without_a_secret_nothing_is_believed(secrets: tuple[str, ...]) -> None:
    with pytest.raises(Forged):
        zalo(*secrets).events(signed(secret=""), BODY)


def test_timestamp_header_proves_when_the_one_in_the_body_does_not() -> None:
    headers = signed(at="1790000009999") | {"X-ZEvent-Timestamp": "1790000009999"}
    assert len(zalo(SECRET).events(headers, BODY)) == 1


@pytest.mark.parametrize("extra", [{}, {"X-ZEvent-Timestamp": ""}, {"X-ZEvent-Timestamp": "\udce9"}])
def test_body_without_any_timestamp_proves_nothing(extra: Mapping[str, str]) -> None:
    body = BODY.replace(b'"timestamp"', b'"elsewhen"')
    with pytest.raises(Forged):
        zalo(SECRET).events({**signed(body, at=""), **extra}, body)


def test_event_of_another_app_is_forged_even_when_signed() -> None:
    body = BODY.replace(b'"app_id":"360"', b'"app_id":"361"')
    with pytest.raises(Forged):
        zalo(SECRET).events(signed(body), body)


@pytest.mark.parametrize("body", [b"", b"{}", b'{"hello":1}'])
def test_unsigned_probe_is_let_through_and_holds_nothing(body: bytes) -> None:
    assert zalo(SECRET).events({}, body) == []


def test_junk_is_malformed() -> None:
    with pytest.raises(Malformed):
        zalo(SECRET).events({}, b"<html>")


def test_account_and_secrets_do_not_show_in_a_printed_channel() -> None:
    assert SECRET not in repr(zalo(SECRET))
    assert zalo(SECRET).account == OA


def vectors() -> list[tuple[str, str, str, str, str, bool]]:
    """(app id, body, timestamp, secret, digest, right?): one of our own, and the collected ones where they lie."""
    own = ("X", "BODY", "1234567890", "Y", digest(b"XBODY1234567890Y"), True)
    if not VECTORS.exists():
        return [own]
    known = json.loads(VECTORS.read_text())
    right = {one["name"]: one for one in known["positive"]}
    base = right[known["negative_for_vector"]]
    wrong = [base | {"sha256": value} for value in known["negative"].values()]
    keys = ("app_id", "body", "timestamp", "oa_secret_key", "sha256")
    rows = [(one, True) for one in right.values()] + [(one, False) for one in wrong]
    return [own, *((*(one[key] for key in keys), good) for one, good in rows)]


@pytest.mark.parametrize(("app_id", "body", "timestamp", "secret", "value", "good"), vectors())
def test_collected_vector(app_id: str, body: str, timestamp: str, secret: str, value: str, good: bool) -> None:
    assert proves(f"mac={value}", app_id, body.encode(), [timestamp], [secret]) is good
