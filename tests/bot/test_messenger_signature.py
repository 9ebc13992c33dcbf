"""Meta's proof of origin on the raw bytes, and the answer to its GET when the webhook is set up."""

import hashlib
import hmac
import json
from pathlib import Path

import pytest

from bot.channel import Forged, Malformed
from bot.channels.messenger import Messenger
from bot.channels.messenger.signature import app_secret_proof, proves
from bot.outgoing import Outgoing

SAMPLES = Path(__file__).parents[2].parent / "shared" / "fixtures" / "meta"
VECTOR, VERIFY = SAMPLES / "signature_vector_vi.json", SAMPLES / "verify_get.json"
SECRET = "bí mật của app"
BODY = (
    rb'{"object":"page","entry":[{"id":"600","time":1790000000123,"messaging":[{"sender":{"id":"100"},'
    rb'"recipient":{"id":"600"},"timestamp":1790000000123,"message":{"mid":"m1",'
    rb'"text":"T\u00f4i mu\u1ed1n l\u00e0m c\u0103n c\u01b0\u1edbc https:\/\/xa.vn"}}]}]}'
)


def messenger(secret: str = SECRET, verify: str = "chìa khoá") -> Messenger:
    return Messenger("600", "page-token", secret, verify, "http://127.0.0.1/v26.0", Outgoing())


def digest(body: bytes = BODY, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("form", ["sha256={}", "SHA256={}", " sha256={} "])
def test_right_proof_lets_the_event_through(form: str) -> None:
    (event,) = messenger().events({"X-Hub-Signature-256": form.format(digest())}, BODY)
    assert (event.id, event.person, event.at_ms) == ("m1", "100", 1_790_000_000_123)


WRONG = {
    "nothing": "",
    "no digest": "sha256=",
    "a bare digest": digest(),
    "plain sha256": "sha256=" + hashlib.sha256(SECRET.encode() + BODY).hexdigest(),
    "the old sha1": "sha1=" + hmac.new(SECRET.encode(), BODY, hashlib.sha1).hexdigest(),
    "another key": "sha256=" + digest(secret="page-token"),
    "written again": "sha256=" + digest(json.dumps(json.loads(BODY), separators=(",", ":")).encode()),
    "letters restored": "sha256=" + digest(json.dumps(json.loads(BODY), ensure_ascii=False).encode()),
    "one digit short": "sha256=" + digest()[:-1],
    "letters beyond ASCII": "sha256=" + "é" * 64,
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_proof_is_forged(name: str) -> None:
    with pytest.raises(Forged):
        messenger().events({"X-Hub-Signature-256": WRONG[name]}, BODY)


def test_missing_header_is_forged_even_for_an_empty_body() -> None:
    with pytest.raises(Forged):
        messenger().events({}, b"")


def test_one_changed_byte_is_forged() -> None:
    with pytest.raises(Forged):
        messenger().events({"X-Hub-Signature-256": f"sha256={digest()}"}, BODY.replace(b"m1", b"m2"))


def test_without_a_secret_nothing_is_believed() -> None:
    with pytest.raises(Forged):
        messenger(secret="").events({"X-Hub-Signature-256": f"sha256={digest(secret='')}"}, BODY)


def test_signed_junk_is_malformed() -> None:
    with pytest.raises(Malformed):
        messenger().events({"X-Hub-Signature-256": f"sha256={digest(b'<html>')}"}, b"<html>")


def test_signed_body_without_events_holds_nothing() -> None:
    assert messenger().events({"X-Hub-Signature-256": f"sha256={digest(b'{}')}"}, b"{}") == []


def vectors() -> list[tuple[bytes, str, str, bool]]:
    """(body, secret, header, right?): our own, and the collected ones where they lie."""
    rows = [(BODY, SECRET, f"sha256={digest()}", True)]
    if VECTOR.exists():
        known = json.loads(VECTOR.read_text())
        body, secret = known["raw_body"].encode(), known["app_secret"]
        rows.append((body, secret, known["x_hub_signature_256"], True))
        rows.append((body, secret, known["digest_if_reserialised_WRONG"], False))
    return rows


@pytest.mark.parametrize(("body", "secret", "header", "good"), vectors())
def test_collected_vector(body: bytes, secret: str, header: str, good: bool) -> None:
    assert proves(header, body, secret) is good


def asked(mode: str = "subscribe", token: str = "chìa khoá", challenge: str = "1158") -> dict[str, str]:
    return {"hub.mode": mode, "hub.verify_token": token, "hub.challenge": challenge}


def test_challenge_is_given_back_to_who_knows_the_token() -> None:
    assert messenger().challenge(asked()) == "1158"


@pytest.mark.parametrize("query", [{}, asked(mode="unsubscribe"), asked(token="sai"), asked(token="")])
def test_challenge_is_refused_to_anyone_else(query: dict[str, str]) -> None:
    assert messenger().challenge(query) is None


def test_challenge_is_refused_while_no_token_is_set() -> None:
    assert messenger(verify="").challenge(asked(token="")) is None


def verification() -> dict[str, str]:
    known: dict[str, dict[str, str]] = json.loads(VERIFY.read_text()) if VERIFY.exists() else {"query": asked()}
    return known["query"]


def test_documented_verification_passes() -> None:
    query = verification()
    assert messenger(verify=query["hub.verify_token"]).challenge(query) == query["hub.challenge"]


def test_proof_beside_the_token_is_keyed_with_the_app_secret() -> None:
    assert app_secret_proof(SECRET, "page-token") == hmac.new(SECRET.encode(), b"page-token", "sha256").hexdigest()


def test_secrets_do_not_show_in_a_printed_channel() -> None:
    assert "page-token" not in repr(messenger())
    assert SECRET not in repr(messenger())
