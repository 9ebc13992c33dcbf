"""Meta's proof of origin: HMAC-SHA256 with the app secret over the bytes as they came.

Meta escapes letters outside ASCII and slashes before signing, so a body parsed and written again never matches.
"""

import hashlib
import hmac
import re

_HEADER = re.compile(r"\s*sha256=([0-9a-f]{64})\s*", re.IGNORECASE)


def proves(header: str, body: bytes, app_secret: str) -> bool:
    given = _HEADER.fullmatch(header)
    if given is None or not app_secret:
        return False
    digest = hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(digest, given[1].lower())


def app_secret_proof(app_secret: str, token: str) -> str:
    """What the Graph API asks beside a token when "Require app secret" is on."""
    return hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
