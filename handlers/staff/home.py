"""The first page: what waits, each number a link, and how the channels are."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from data import campaigns, console_queries, knowledge
from data.calendar import load
from data.clock import local_day
from data.console_queries import Wanted
from data.tables import Account, IssueState
from handlers.staff.complaint_list import due_soon, overdue
from handlers.staff.visit import Visit, not_found


@dataclass(frozen=True, slots=True)
class Overview:
    new: int
    overdue: int
    soon: int
    mine: int
    held: int
    questions: int
    drafts: int
    entries: int  # of the knowledge, that wait for approval
    paused: int
    unsure: int
    accounts: list[Account]


async def onwards(visit: Visit) -> web.Response:
    return visit.back("/staff/")


async def lost(visit: Visit) -> web.Response:
    raise not_found()


async def show(visit: Visit) -> web.Response:
    overview = await visit.database.read(_overview, visit.member_id, visit.now)
    return visit.page("home.html", overview=overview)


def _overview(session: Session, member_id: int, now: datetime) -> Overview:
    today, calendar = local_day(now), load(session)
    count = console_queries.complaint_count
    return Overview(
        new=count(session, Wanted(state="new")),
        overdue=count(session, overdue(today)),
        soon=count(session, due_soon(today, calendar)),
        mine=count(session, Wanted(is_open=True, assignee_id=member_id)),
        held=count(session, Wanted(held=True)),
        questions=knowledge.question_count(session),
        drafts=console_queries.draft_count(session),
        entries=knowledge.draft_count(session),
        paused=len(campaigns.issues_in(session, IssueState.PAUSED)),
        unsure=len(console_queries.unsure_issues(session)),
        accounts=console_queries.accounts(session),
    )
