"""The two cookies that hold a citizen's bearer: the page's, and the one of the page inside another site's.

Browsers keep no common cookie for a page inside another site's. With `Partitioned` they keep one for each such site
apart, which is all that we need: the same citizen comes back to the same conversation, and no site can follow them to
another. Where even that is refused, the frame makes a bearer of its own and keeps it in its storage (`web/who.js`).
The bearer alone would not do: Chromium with other sites' cookies blocked gives the frame this cookie and no storage.
"""

from aiohttp import web

from bot.channels.webchat.identity import COOKIE, FRAME_COOKIE, new_token, token

_YEAR_SECONDS = 365 * 86_400


def remember(request: web.Request, answer: web.Response) -> None:
    bearer = token(request.headers) or new_token()
    _set_for_page(request, answer, bearer, _YEAR_SECONDS)


def remember_in_frame(request: web.Request, answer: web.Response) -> None:
    bearer = token(request.headers) or new_token()
    _set_for_frame(answer, bearer, _YEAR_SECONDS)


def forget(request: web.Request, answer: web.Response) -> None:
    _set_for_page(request, answer, "", 0)
    _set_for_frame(answer, "", 0)


def _set_for_page(request: web.Request, answer: web.Response, bearer: str, seconds: int) -> None:
    secure = request.secure or request.headers.get("X-Forwarded-Proto", "").lower() == "https"
    answer.set_cookie(COOKIE, bearer, max_age=seconds, httponly=True, samesite="Lax", path="/", secure=secure)


def _set_for_frame(answer: web.Response, bearer: str, seconds: int) -> None:
    # Written out: Python's own cookies know `Partitioned` only since 3.14.
    attributes = "Path=/; HttpOnly; Secure; SameSite=None; Partitioned"
    answer.headers.add("Set-Cookie", f"{FRAME_COOKIE}={bearer}; Max-Age={seconds}; {attributes}")
