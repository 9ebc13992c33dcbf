"""The door of the console: every request passes here, and every answer leaves with the same headers."""

import hmac
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from bot.channels.webchat.identity import from_our_page
from bot.channels.webchat.pace import Pace
from data import staff
from data.campaigns import NotApproved
from data.complaints import NotAllowed
from data.tables import Unit
from data.writer import Unwritable
from handlers.staff.forms import Unreadable, read_form
from handlers.staff.pages import Pages
from handlers.staff.visit import ANYONE, Console, Entered, Refusal, Visit, not_found

COOKIE = "loa_staff"
ATTEMPTS_PER_MINUTE = 10
SEEN_EVERY = timedelta(minutes=1)  # how exactly the idle time is kept: not a commit a page

SAFE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "X-Robots-Tag": "noindex",
}

Show = Callable[[Visit], Awaitable[web.StreamResponse]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Screen:
    method: str
    path: str
    right: str
    show: Show


class Guard:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._pages = Pages()
        self._pace = Pace(ATTEMPTS_PER_MINUTE)

    def around(self, screen: Screen) -> Handler:
        async def handle(request: web.Request) -> web.StreamResponse:
            answer = await self._answer(screen, await self._visit(request))
            for name, value in SAFE_HEADERS.items():
                answer.headers.setdefault(name, value)
            return answer

        return handle

    async def _visit(self, request: web.Request) -> Visit:
        visit = Visit(self._console, self._pages, self._pace, request, self._console.clock())
        secret = request.cookies.get(COOKIE, "")
        if not secret:
            return visit
        entered = await visit.database.read(_resume, secret, visit.now)
        if entered and visit.now - entered.session.seen_at > SEEN_EVERY:
            with suppress(Unwritable):  # a page can be read while nothing can be written
                await visit.database.write(staff.saw, entered.session.digest, visit.now)
        return replace(visit, entered=entered)

    async def _answer(self, screen: Screen, visit: Visit) -> web.StreamResponse:
        try:
            return await self._pass(screen, visit)
        except Refusal as refusal:
            return _refused(visit, refusal)
        except (NotAllowed, NotApproved, NoResultFound, Unwritable, Unreadable) as error:
            return _refused(visit, _refusal(error))

    async def _pass(self, screen: Screen, visit: Visit) -> web.StreamResponse:
        request = visit.request
        if request.method == "POST":
            visit = await _with_form(visit)
        if screen.right == ANYONE:
            return await screen.show(visit)
        if visit.entered is None:
            return _to_sign_in(visit)
        if not visit.may(screen.right):
            raise Refusal(403, "Tài khoản này không có quyền làm việc đó", "Nếu cần, xin nhờ quản trị cấp quyền.")
        if request.method == "POST" and not hmac.compare_digest(visit.form.raw("csrf").encode(), visit.csrf.encode()):
            raise _old_page()
        return await screen.show(visit)


def _resume(session: Session, secret: str, now: datetime) -> Entered | None:
    found = staff.resume_session(session, secret, now)
    if found is None:
        return None
    row, member = found
    return Entered(row, member, session.get_one(Unit, member.unit_id))


async def _with_form(visit: Visit) -> Visit:
    """The posted form, which a browser must say comes from one of our own pages."""
    if not from_our_page(visit.request.headers):
        raise _old_page()
    return replace(visit, form=await read_form(visit.request))


def _to_sign_in(visit: Visit) -> web.StreamResponse:
    if visit.request.method == "POST":
        advice = "Vì lâu không thao tác, phiên làm việc đã tự kết thúc. Việc vừa rồi chưa được lưu; xin đăng nhập lại."
        raise Refusal(401, "Phiên làm việc đã hết", advice, typed=visit.form.text("words"))
    return visit.back("/staff/sign-in?" + urlencode({"next": visit.request.path_qs}))


def _old_page() -> Refusal:
    return Refusal(403, "Trang này đã cũ", "Xin quay lại, tải lại trang rồi làm lần nữa.")


def _refused(visit: Visit, refusal: Refusal) -> web.Response:
    return visit.page("refusal.html", status=refusal.status, refusal=refusal)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, NotAllowed):
        return Refusal(409, "Chưa làm được việc này", "Trạng thái vừa được đổi. Xin tải lại trang để xem mới nhất.")
    if isinstance(error, NotApproved):
        return Refusal(409, "Chưa duyệt được", "Chiến dịch đã được duyệt hoặc huỷ, hoặc do chính ông/bà soạn.")
    if isinstance(error, NoResultFound):
        return not_found()
    if isinstance(error, Unreadable):
        return Refusal(400, "Không đọc được nội dung vừa gửi", "Xin quay lại, tải lại trang rồi làm lần nữa.")
    return Refusal(503, "Tạm thời chưa lưu được", "Ổ đĩa hoặc cơ sở dữ liệu đang bận. Xin chờ một phút rồi thử lại.")
