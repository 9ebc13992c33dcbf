"""Who is writing: a bearer in a cookie, of which the database only ever sees a fingerprint."""

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest, new

COOKIE = "loa_chat"
COOKIE_SECONDS = 365 * 86_400

# Read by ourselves: a standard cookie parser gives up on the whole header when a neighbour's cookie is odd.
_OURS = re.compile(rf"(?:^|;)\s*{COOKIE}=([A-Za-z0-9_-]{{43}})\s*(?:;|$)")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token(headers: Mapping[str, str]) -> str:
    """The bearer in the request's cookie, or "" when there is none of ours."""
    found = _OURS.search(headers.get("Cookie", ""))
    return found.group(1) if found else ""


def from_our_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser says that our own page made this request; older ones name only the origin."""
    site = headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    host = headers.get("Origin", "").partition("://")[2]
    return bool(host) and host in (headers.get("Host"), headers.get("X-Forwarded-Host"))


class Seals:
    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def person(self, bearer: str) -> str:
        return self._mac(bearer)[:32]

    def seal_photo(self, person: str, name: str) -> str:
        """A stored name that only this person may ask for."""
        return f"{name}.{self._photo_mac(person, name)}"

    def photo(self, person: str, sealed: str) -> str | None:
        """The stored name inside, or None when it was sealed for somebody else or not by us."""
        name, _, mac = sealed.rpartition(".")
        genuine = compare_digest(mac.encode(errors="replace"), self._photo_mac(person, name).encode())
        return name if name and genuine else None

    def _photo_mac(self, person: str, name: str) -> str:
        return self._mac(f"photo\n{person}\n{name}")[:24]

    def _mac(self, words: str) -> str:
        return new(self._secret, words.encode(errors="replace"), sha256).hexdigest()
