"""The trail: who did what, when, from where."""

from aiohttp import web

from data import audit
from handlers.staff.visit import Visit

PAGE = 50


async def show(visit: Visit) -> web.Response:
    before = visit.number("before")
    rows = await visit.database.read(audit.latest, PAGE + 1, before or None)
    older = rows[PAGE - 1].id if len(rows) > PAGE else None
    return visit.page("audit.html", rows=rows[:PAGE], older=older, before=before)
