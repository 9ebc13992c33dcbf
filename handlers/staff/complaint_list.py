"""The list of complaints: what is due first stands first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlmodel import Session

from bot.vietnamese.fold import fold
from data import console_queries
from data.calendar import Calendar, load
from data.clock import local_day
from data.console_queries import Wanted
from data.tables import Complaint
from handlers.staff.due import SOON, Due, due_of
from handlers.staff.forms import tidy
from handlers.staff.visit import Visit

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    complaint: Complaint
    due: Due
    channel: str
    assignee: str


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    title: str
    count: int
    is_current: bool


@dataclass(frozen=True, slots=True)
class Listing:
    lines: list[Line]
    tabs: list[Tab]
    total: int


@dataclass(frozen=True, slots=True)
class Asked:
    show: str
    words: str  # as typed
    page: int

    def address(self, page: int) -> str:
        return "/staff/complaints?" + urlencode({"show": self.show, "q": self.words, "page": page})


def overdue(today: date) -> Wanted:
    return Wanted(is_open=True, due_to=today - timedelta(days=1))


def due_soon(today: date, calendar: Calendar) -> Wanted:
    return Wanted(is_open=True, due_from=today, due_to=calendar.add_working_days(today, SOON))


@dataclass(frozen=True, slots=True)
class _Context:
    today: date
    calendar: Calendar
    member_id: int


_SHOWS: dict[str, tuple[str, Callable[[_Context], Wanted]]] = {
    "open": ("Đang mở", lambda context: Wanted(is_open=True)),
    "new": ("Mới", lambda context: Wanted(state="new")),
    "mine": ("Của tôi", lambda context: Wanted(is_open=True, assignee_id=context.member_id)),
    "overdue": ("Quá hạn", lambda context: overdue(context.today)),
    "soon": ("Sắp hạn", lambda context: due_soon(context.today, context.calendar)),
    "held": ("Cần gọi điện", lambda context: Wanted(held=True)),
    "accepted": ("Đã tiếp nhận", lambda context: Wanted(state="accepted")),
    "working": ("Đang xử lý", lambda context: Wanted(state="working")),
    "answered": ("Đã trả lời", lambda context: Wanted(state="answered")),
    "referred": ("Đã chuyển", lambda context: Wanted(state="referred")),
    "closed": ("Đã đóng", lambda context: Wanted(state="closed")),
    "all": ("Tất cả", lambda context: Wanted()),
}


async def show(visit: Visit) -> web.Response:
    asked = _asked(visit)
    listing = await visit.database.read(_listing, asked, visit.member_id, local_day(visit.now))
    pages = max(1, -(-listing.total // PAGE))
    return visit.page("complaints.html", listing=listing, asked=asked, pages=pages)


def _asked(visit: Visit) -> Asked:
    query = visit.request.query
    show = query.get("show", "open")
    return Asked(
        show if show in _SHOWS else "open", tidy(query.get("q", "")).strip()[:100], max(1, visit.number("page"))
    )


def _listing(session: Session, asked: Asked, member_id: int, today: date) -> Listing:
    context = _Context(today, load(session), member_id)
    wanted = replace(_SHOWS[asked.show][1](context), words=fold(asked.words))
    rows = console_queries.complaint_page(session, wanted, PAGE, (asked.page - 1) * PAGE)
    lines = [Line(row, due_of(row, context.calendar, today), channel, name) for row, channel, name in rows]
    return Listing(lines, _tabs(session, asked, context), console_queries.complaint_count(session, wanted))


def _tabs(session: Session, asked: Asked, context: _Context) -> list[Tab]:
    return [
        Tab(name, title, console_queries.complaint_count(session, wanted(context)), name == asked.show)
        for name, (title, wanted) in _SHOWS.items()
    ]
