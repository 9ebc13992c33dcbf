"""The page itself and the files that it is made of."""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from aiohttp import ETag, web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = Path(__file__).with_name("web")
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def policy(ancestors: str) -> str:
    return (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        f"form-action 'self'; frame-ancestors {ancestors}"
    )


SAFE_HEADERS = {
    "Content-Security-Policy": policy("'none'"),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Page:
    """What the staff tell about their office; an empty field is not shown."""

    unit_name: str
    phone: str
    hours: str
    website: str
    staff_path: str


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    content_type: str
    etag: str


class Paper:
    def __init__(self) -> None:
        environment = Environment(
            loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._page = environment.get_template("page.html")
        self._files = {path.name: _file(path) for path in _FOLDER.iterdir() if path.suffix in _TYPES}

    @property
    def file_names(self) -> list[str]:
        return sorted(self._files)

    def page(self, page: Page, safe_headers: dict[str, str] = SAFE_HEADERS, *, framed: bool = False) -> web.Response:
        html = self._page.render(
            page=page,
            framed=framed,
            dial=re.sub(r"[^0-9+]", "", page.phone),
            website=page.website if page.website.startswith("https://") else "",
            modules=[name for name in self.file_names if name.endswith(".js")],
        )
        headers = safe_headers | {"Cache-Control": "no-store"}
        answer = web.Response(text=html, content_type="text/html", headers=headers)
        answer.enable_compression()
        return answer

    async def file(self, request: web.Request) -> web.Response:
        """One of the page's own files. Asked about at each visit, so that an update is never half old."""
        file = self._files[request.path.rpartition("/")[2]]
        headers = SAFE_HEADERS | {"Cache-Control": "no-cache"}
        if ETag(file.etag, is_weak=True) in _known(request):
            return web.Response(status=304, headers=headers | {"ETag": f'W/"{file.etag}"'})
        answer = web.Response(body=file.body, content_type=file.content_type, charset="utf-8", headers=headers)
        answer.etag = ETag(file.etag, is_weak=True)
        answer.enable_compression()
        return answer


def _file(path: Path) -> _File:
    body = path.read_bytes()
    return _File(body, _TYPES[path.suffix], sha256(body).hexdigest()[:20])


def _known(request: web.Request) -> tuple[ETag, ...]:
    return request.if_none_match or ()
