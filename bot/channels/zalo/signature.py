"""Zalo's proof of origin: plain SHA-256, not HMAC, over app id, raw body, timestamp and the OA's secret key."""

import hashlib
import hmac
import re
from collections.abc import Iterable

# The documentation prints `mac = …`, production sends `mac=…`, some receivers saw the bare digest.
_HEADER = re.compile(r"\s*(?:mac\s*=\s*)?([0-9a-f]{64})\s*", re.IGNORECASE)


def mac(app_id: str, body: bytes, timestamp: str, secret: str) -> str:
    return hashlib.sha256(app_id.encode() + body + timestamp.encode() + secret.encode()).hexdigest()


def proves(header: str, app_id: str, body: bytes, timestamps: Iterable[str], secrets: Iterable[str]) -> bool:
    """Whether `header` was made over `body` with one of `secrets` and one of `timestamps`; empty ones never count."""
    given = _HEADER.fullmatch(header)
    if given is None:
        return False
    usable = [timestamp for timestamp in timestamps if timestamp and timestamp.isascii()]
    macs = [mac(app_id, body, timestamp, secret) for secret in secrets if secret for timestamp in usable]
    return any([hmac.compare_digest(one, given[1].lower()) for one in macs])
