"""What the bot knows: the list of procedures, what each says of itself, and which need a look."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlmodel import Session

from bot.vietnamese.fold import fold
from data import knowledge
from data.clock import local_day
from data.tables import Procedure
from handlers.staff.forms import tidy
from handlers.staff.visit import Visit
from handlers.staff.words import KNOWLEDGE

PAGE = 50
LATELY = timedelta(days=30)
SOON = timedelta(days=60)  # before the last valid day
SHOWS = {**KNOWLEDGE, "ending": "hết hạn hoặc sắp hết hạn"}


@dataclass(frozen=True, slots=True)
class Asked:
    words: str  # as typed
    field: str
    show: str  # a state, or "ending"; "" for all
    page: int

    def address(self, page: int) -> str:
        values = {"q": self.words, "field": self.field, "show": self.show, "page": page}
        return "/staff/knowledge?" + urlencode({name: value for name, value in values.items() if value})


@dataclass(frozen=True, slots=True)
class Line:
    procedure: Procedure
    ending: "Ending"
    answered: int  # questions, lately


@dataclass(frozen=True, slots=True)
class Ending:
    """How an entry stands to its last valid day."""

    tone: str  # late | soon | ""
    text: str


@dataclass(frozen=True, slots=True)
class Listing:
    lines: list[Line]
    total: int
    fields: list[str]
    counts: Counter[str]  # by state, of all entries


async def show(visit: Visit) -> web.Response:
    asked = _asked(visit)
    listing = await visit.database.read(_listing, asked, visit.now)
    pages = max(1, -(-listing.total // PAGE))
    return visit.page("knowledge.html", listing=listing, asked=asked, pages=pages, shows=SHOWS)


def _asked(visit: Visit) -> Asked:
    query = visit.request.query
    show = query.get("show", "")
    words = tidy(query.get("q", "")).strip()[:100]
    return Asked(words, tidy(query.get("field", ""))[:100], show if show in SHOWS else "", max(1, visit.number("page")))


def _listing(session: Session, asked: Asked, now: datetime) -> Listing:
    today, everything = local_day(now), knowledge.procedures(session)
    found = [row for row in everything if _is_wanted(row, asked, today)]
    here = found[(asked.page - 1) * PAGE : asked.page * PAGE]
    answered = knowledge.answered_since(session, now - LATELY)
    lines = [Line(row, ending(row.valid_to, today), answered[row.code]) for row in here]
    fields = sorted({row.field for row in everything}, key=fold)
    return Listing(lines, len(found), fields, Counter(row.state for row in everything))


def _is_wanted(row: Procedure, asked: Asked, today: date) -> bool:
    if asked.field and row.field != asked.field:
        return False
    if asked.show == "ending" and not ending(row.valid_to, today).tone:
        return False
    return asked.show in ("", "ending", row.state) and bool(nearness(names_of(row), asked.words))


def names_of(row: Procedure) -> tuple[str, ...]:
    return row.code, row.name, row.short, *row.aliases


def nearness(names: Iterable[str], words: str) -> int:
    """2: all the words in a row; 1: each begins a word somewhere; 0: not called so. With marks or without."""
    if not words:
        return 1
    said, wanted = f" {fold(' '.join(names))}", fold(words)
    if f" {wanted}" in said:
        return 2
    return int(all(f" {word}" in said for word in wanted.split()))


def ending(valid_to: date | None, today: date) -> Ending:
    if valid_to is None:
        return Ending("", "")
    day = f"{valid_to:%d/%m/%Y}"
    if valid_to < today:
        return Ending("late", f"hết hạn từ {day}, bot thôi nói số liệu")
    if valid_to - today <= SOON:
        return Ending("soon", f"còn {(valid_to - today).days} ngày, đến hết {day}")
    return Ending("", f"đến hết {day}")
