"""Our page inside the commune's own site: who may hold it, and the script that brings it there."""

import re
from hashlib import sha256
from pathlib import Path

import orjson
from aiohttp import ETag, web

from bot.channels.webchat.page import SAFE_HEADERS, Page, policy

_SCRIPT = Path(__file__).with_name("widget.js").read_text("utf-8")
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?")
_CACHE_SECONDS = 600  # every page of the commune's site asks for the script


class Widget:
    def __init__(self, sites: frozenset[str]) -> None:
        """`sites` are origins. Raises `ValueError` for what is none: it would end up in a header."""
        for site in sites:
            if not _ORIGIN.fullmatch(site):
                raise ValueError(f"not the origin of a site: {site!r}")
        self._sites = sorted(sites)

    @property
    def frame_headers(self) -> dict[str, str]:
        return SAFE_HEADERS | {"Content-Security-Policy": policy(" ".join(self._sites) or "'none'")}

    def script(self, request: web.Request, page: Page) -> web.Response:
        office = orjson.dumps({"name": page.unit_name, "sites": self._sites}).decode()
        body = _SCRIPT.replace("OFFICE", office).encode()
        etag = ETag(sha256(body).hexdigest()[:20], is_weak=True)
        headers = {
            "Cache-Control": f"public, max-age={_CACHE_SECONDS}",
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        known = etag in (request.if_none_match or ())
        answer = web.Response(status=304 if known else 200, body=None if known else body, headers=headers)
        answer.etag = etag
        if not known:
            answer.content_type, answer.charset = "text/javascript", "utf-8"
            answer.enable_compression()
        return answer
