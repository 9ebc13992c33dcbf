"""Campaigns, the newest first: what goes out next, and what became of the last issue."""

from dataclasses import dataclass

from aiohttp import web
from sqlmodel import Session

from data import console_queries, publications
from data.campaigns import Progress, progress
from data.tables import Campaign, Issue, Publication
from handlers.staff.visit import Visit

MOST = 100


@dataclass(frozen=True, slots=True)
class Edition:
    issue: Issue
    progress: Progress
    publications: list[Publication]


@dataclass(frozen=True, slots=True)
class Line:
    campaign: Campaign
    last: Edition | None


async def show(visit: Visit) -> web.Response:
    return visit.page("campaigns.html", lines=await visit.database.read(_lines))


def _lines(session: Session) -> list[Line]:
    lines = []
    for campaign in console_queries.campaigns(session, MOST):
        last = editions(session, campaign, 1)
        lines.append(Line(campaign, last[0] if last else None))
    return lines


def editions(session: Session, campaign: Campaign, limit: int) -> list[Edition]:
    issues = console_queries.issues_of(session, campaign.id or 0, limit)
    return [_edition(session, issue) for issue in issues]


def _edition(session: Session, issue: Issue) -> Edition:
    issue_id = issue.id or 0
    return Edition(issue, progress(session, issue_id), publications.of_issue(session, issue_id))
