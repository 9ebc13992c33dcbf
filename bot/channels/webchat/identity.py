"""Who is writing: a bearer in a cookie or a header, of which the database only ever sees a fingerprint."""

import re
import secrets
from collections.abc import Mapping
from hashlib import sha256
from hmac import compare_digest, new

COOKIE = "loa_chat"
# Of our page inside another site's. `__Host-`: no other machine of the same domain can plant it.
FRAME_COOKIE = "__Host-loa_frame"

_BEARER = "([A-Za-z0-9_-]{43})"
# Read by ourselves: a standard cookie parser gives up on the whole header when a neighbour's cookie is odd.
_COOKIES = [re.compile(rf"(?:^|;)\s*{name}={_BEARER}\s*(?:;|$)") for name in (COOKIE, FRAME_COOKIE)]
_AUTHORIZATION = re.compile(f"Bearer {_BEARER}")


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token(headers: Mapping[str, str]) -> str:
    """The bearer of this request, or "" when there is none of ours.

    A header comes first: only a frame that was left without its cookie sends one. The page's own cookie and the
    frame's meet where both sites share a domain, and must then mean the same citizen.
    """
    cookies = headers.get("Cookie", "")
    kept = (cookie.search(cookies) for cookie in _COOKIES)
    found = (_AUTHORIZATION.fullmatch(headers.get("Authorization", "")), *kept)
    return next((match.group(1) for match in found if match), "")


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
