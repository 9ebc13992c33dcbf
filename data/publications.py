"""Publications: an issue on the outlets that everybody reads, one call to the platform at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, select

from data.audit import Actor, note
from data.clock import to_ms
from data.tables import Issue, IssueState, Publication, PublicationState

OPEN = (PublicationState.WAITING, PublicationState.WORKING)
UNHEARD = "unheard"  # in `kept`: the last call was made and nobody knows what became of it


@dataclass(frozen=True, slots=True)
class Job:
    """A publication in our hands until its lease ends."""

    id: int
    account_id: int
    issue_id: int
    text: str
    link: str
    due_at: datetime
    kept: Mapping[str, str]
    attempts: int


@dataclass(frozen=True, slots=True)
class Outlet:
    account_id: int
    name: str  # "zalo_broadcast", "page_post", "telegram_channel"
    lead: timedelta = timedelta()  # how long before the hour it must be handed in


def lay(session: Session, issue: Issue, outlets: Collection[Outlet]) -> None:
    """A row an outlet, in the transaction that makes the issue; not where an earlier airing of the month stands."""
    taken = _taken(session, issue)
    for outlet in (outlet for outlet in outlets if outlet.account_id not in taken):
        session.add(
            Publication(
                issue_id=issue.id or 0,
                account_id=outlet.account_id,
                outlet=outlet.name,
                retry_at_ms=to_ms(issue.due_at - outlet.lead),
            )
        )


def _taken(session: Session, issue: Issue) -> Collection[int]:
    """The accounts where this edition is published, or still may be."""
    query = (
        select(Publication.account_id)
        .join(Issue, col(Issue.id) == Publication.issue_id)
        .where(
            Issue.campaign_id == issue.campaign_id,
            Issue.edition == issue.edition,
            col(Publication.state).not_in([PublicationState.FAILED, PublicationState.CANCELLED]),
        )
    )
    return session.exec(query).all()


def claim(session: Session, accounts: Collection[int], now_ms: int, lease_ms: int) -> list[Job]:
    """Lease what is due on these accounts, of issues that are going out."""
    query = (
        select(Publication, Issue)
        .join(Issue, col(Issue.id) == Publication.issue_id)
        .where(
            Publication.state == PublicationState.WAITING,
            Publication.retry_at_ms <= now_ms,
            col(Publication.account_id).in_(accounts),
            col(Issue.state).in_([IssueState.LAYING, IssueState.SENDING]),
            Issue.reason == "",
        )
        .with_for_update(skip_locked=True, of=Publication)
    )
    return [_leased(session, row, issue, now_ms + lease_ms) for row, issue in session.exec(query).all()]


def _leased(session: Session, row: Publication, issue: Issue, until_ms: int) -> Job:
    row.state, row.lease_until_ms, row.attempts = PublicationState.WORKING, until_ms, row.attempts + 1
    session.add(row)
    return Job(
        row.id or 0, row.account_id, row.issue_id, issue.text, issue.link, issue.due_at, dict(row.kept), row.attempts
    )  # fmt: skip


def record(session: Session, publication_id: int, values: Mapping[str, Any], now: datetime) -> None:
    """Write how far it has come, if it is still in our hands."""
    row = session.get_one(Publication, publication_id, with_for_update=True)
    if row.state != PublicationState.WORKING:
        return
    for name, value in values.items():
        setattr(row, name, value)
    row.done_at = None if values["state"] == PublicationState.WAITING else now
    session.add(row)


def expire(session: Session, now_ms: int) -> int:
    """Whoever worked on it died: it is asked about again, with the last call marked as unheard."""
    dead = select(Publication).where(Publication.state == PublicationState.WORKING, Publication.lease_until_ms < now_ms)
    rows = session.exec(dead.with_for_update(skip_locked=True)).all()
    for row in rows:
        row.state, row.kept = PublicationState.WAITING, {**row.kept, UNHEARD: "yes"}
        session.add(row)
    return len(rows)


def cancel(session: Session, issue_id: int | None, now: datetime) -> None:
    waiting = (col(Publication.issue_id) == issue_id, col(Publication.state) == PublicationState.WAITING)
    session.execute(update(Publication).where(*waiting).values(state=PublicationState.CANCELLED, done_at=now))


def of_issue(session: Session, issue_id: int) -> list[Publication]:
    return list(session.exec(select(Publication).where(Publication.issue_id == issue_id).order_by(col(Publication.id))))


def is_open(session: Session, issue_id: int | None) -> bool:
    waiting = select(Publication.id).where(Publication.issue_id == issue_id, col(Publication.state).in_(OPEN))
    return session.exec(waiting.limit(1)).first() is not None


def retry(session: Session, publication: Publication, actor: Actor, now: datetime) -> None:
    """A person has looked: what failed, or was never heard of, is done again."""
    publication.kept = {key: value for key, value in publication.kept.items() if key != UNHEARD}
    publication.state, publication.retry_at_ms, publication.attempts = PublicationState.WAITING, to_ms(now), 0
    publication.reason, publication.done_at = "", None
    session.add(publication)
    issue = session.get_one(Issue, publication.issue_id)
    if issue.state == IssueState.DONE:
        issue.state, issue.closed_at = IssueState.SENDING, None
        session.add(issue)
    note(session, now, actor, "publication.retry", str(publication.id))


def is_ours(session: Session, account_id: int, post_id: str) -> bool:
    """Whether a post on an account's wall is one that we published."""
    query = select(Publication.id).where(Publication.account_id == account_id, Publication.platform_id == post_id)
    return bool(post_id) and session.exec(query).first() is not None


def published_since(session: Session, account_id: int, since: datetime) -> int:
    query = select(Publication.id).where(
        Publication.account_id == account_id,
        Publication.state == PublicationState.PUBLISHED,
        col(Publication.done_at) >= since,
    )
    return len(session.exec(query).all())
