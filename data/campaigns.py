"""Campaigns and their issues. The rows are the schedule: a tick only asks what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, text, update
from sqlmodel import Session, col, select

from data import publications
from data.audit import CLOCK, Actor, note
from data.calendar import airings, load
from data.clock import local_day, to_ms
from data.outbox import PRIORITY
from data.publications import Outlet
from data.tables import (
    Campaign,
    CampaignState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Issue,
    IssueState,
)

ONCE, FOURTH_WEEK = "once", "fourth_week"
LATE_AFTER = timedelta(hours=4)  # an issue this late is not sent without a person
PIECE = 5_000


class NotApproved(Exception):
    """An approval that the rules of the house forbid."""


def create(session: Session, campaign: Campaign, actor: Actor) -> Campaign:
    session.add(campaign)
    session.flush()
    note(session, campaign.created_at, actor, "campaign.new", str(campaign.id))
    return campaign


def approve(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> None:
    if campaign.state != CampaignState.DRAFT:
        raise NotApproved(f"campaign {campaign.id} is {campaign.state}")
    if actor.staff_id and actor.staff_id == campaign.author_id:
        raise NotApproved("nobody approves a campaign of their own")
    campaign.state, campaign.approved_by, campaign.approved_at = CampaignState.APPROVED, actor.staff_id, now
    campaign.next_at = _next(session, campaign, now)
    session.add(campaign)
    note(session, now, actor, "campaign.approve", str(campaign.id))


def change(session: Session, campaign: Campaign, values: dict[str, Any], actor: Actor, now: datetime) -> None:
    """Give a campaign other words; whatever was approved before is so no longer."""
    if campaign.state not in (CampaignState.DRAFT, CampaignState.APPROVED):
        raise NotApproved(f"campaign {campaign.id} is {campaign.state}")
    for name, value in values.items():
        setattr(campaign, name, value)
    campaign.state, campaign.approved_by, campaign.approved_at, campaign.next_at = CampaignState.DRAFT, None, None, None
    session.add(campaign)
    note(session, now, actor, "campaign.change", str(campaign.id))


def cancel(session: Session, campaign: Campaign, actor: Actor, now: datetime) -> int:
    """Stop a campaign and what of its issues has not been sent; the number of deliveries stopped."""
    campaign.state, campaign.next_at = CampaignState.CANCELLED, None
    session.add(campaign)
    stopped = 0
    open_states = [IssueState.LAYING, IssueState.SENDING, IssueState.PAUSED]
    for issue in session.exec(select(Issue).where(Issue.campaign_id == campaign.id, col(Issue.state).in_(open_states))):
        issue.state, issue.closed_at, issue.reason = IssueState.CANCELLED, now, "cancelled"
        session.add(issue)
        stopped += _skip_waiting(session, issue, now, "cancelled")
        publications.cancel(session, issue.id, now)
    note(session, now, actor, "campaign.cancel", str(campaign.id), stopped=stopped)
    return stopped


def _skip_waiting(session: Session, issue: Issue, now: datetime, reason: str) -> int:
    statement = (
        update(Delivery)
        .where(col(Delivery.issue_id) == issue.id, col(Delivery.state) == DeliveryState.WAITING)
        .values(state=DeliveryState.SKIPPED, reason=reason, done_at_ms=to_ms(now))
    )
    return session.connection().execute(statement).rowcount


def _next(session: Session, campaign: Campaign, after: datetime) -> datetime | None:
    if campaign.rule == ONCE:
        return campaign.starts_at
    return next(airings(campaign.times, after, load(session))).at


def due(session: Session, now: datetime, lead: timedelta = timedelta()) -> list[int]:
    """The campaigns to be launched by `now`; `lead` is the longest that an outlet must have them before."""
    query = select(Campaign.id).where(Campaign.state == CampaignState.APPROVED, col(Campaign.next_at) <= now + lead)
    return [row or 0 for row in session.exec(query)]


def launch(session: Session, campaign_id: int, now: datetime, outlets: Sequence[Outlet] = ()) -> Issue | None:
    """Make the issue that is due and set the campaign's next date; None when another process has done it.

    An issue found long after its hour is made paused: a person decides whether yesterday's news still goes out.
    One for an outlet that must have it before is made as long before; the citizens' messages wait for the hour.
    """
    query = select(Campaign).where(Campaign.id == campaign_id, Campaign.state == CampaignState.APPROVED)
    campaign = session.exec(query.with_for_update(skip_locked=True)).first()
    if campaign is None or campaign.next_at is None:
        return None
    wanted = [outlet for outlet in outlets if outlet.name in campaign.outlets]
    if campaign.next_at > now + max((outlet.lead for outlet in wanted), default=timedelta()):
        return None
    late = now - campaign.next_at > LATE_AFTER
    _supersede(session, campaign, now)
    issue = Issue(
        campaign_id=campaign_id, edition=f"{local_day(campaign.next_at):%Y-%m}", due_at=campaign.next_at,
        text=campaign.text, link=campaign.link,
        channels=campaign.channels, launched_at=now, reason="late" if late else "",
    )  # fmt: skip
    session.add(issue)
    campaign.next_at = None if campaign.rule == ONCE else _next(session, campaign, max(now, campaign.next_at))
    if campaign.rule == ONCE:
        campaign.state = CampaignState.DONE
    session.add(campaign)
    note(session, now, CLOCK, "issue.launch", str(campaign_id), late=late)
    session.flush()
    publications.lay(session, issue, wanted)
    return issue


def _supersede(session: Session, campaign: Campaign, now: datetime) -> None:
    """A later airing takes over what a paused one of its campaign has left: both together would say it twice."""
    paused = select(Issue).where(Issue.campaign_id == campaign.id, Issue.state == IssueState.PAUSED)
    for issue in session.exec(paused):
        issue.state, issue.closed_at = IssueState.CANCELLED, now
        session.add(issue)
        _skip_waiting(session, issue, now, "superseded")
        publications.cancel(session, issue.id, now)


# The one place where recipients are chosen: those who said yes and have not stopped us, each once an edition.
# The month's second airing so reaches whom the first one did not: the newly subscribed, and those it had to skip.
_LAY = """
INSERT INTO delivery (account_id, citizen_id, person, kind, priority, issue_id, created_at_ms, retry_at_ms)
SELECT c.account_id, c.id, c.person, 'campaign', :priority, :issue, :now, :not_before
FROM citizen c
WHERE c.id > :after AND c.id <= :upto AND c.wants_news AND c.blocked_at IS NULL {channels}
  AND NOT EXISTS (
      SELECT 1 FROM delivery d JOIN issue i ON i.id = d.issue_id
      WHERE d.citizen_id = c.id AND i.campaign_id = :campaign AND i.edition = :edition AND i.id <> :issue
        AND d.state IN ('waiting', 'sending', 'sent', 'unsure')
  )
ORDER BY c.id
ON CONFLICT (issue_id, citizen_id) DO NOTHING
"""
_IN_CHANNELS = "AND c.account_id IN (SELECT id FROM account WHERE channel IN ({names}))"


def lay_piece(session: Session, issue_id: int, now: datetime) -> bool:
    """Write the deliveries of the next few thousand citizens; False when there are none left.

    Small pieces, so that an answer to a citizen never waits for a campaign; a repeat adds nothing.
    """
    issue = session.exec(select(Issue).where(Issue.id == issue_id).with_for_update()).one()
    if issue.state != IssueState.LAYING:
        return False
    piece = text(
        "SELECT max(id) FROM (SELECT id FROM citizen WHERE id > :after AND wants_news ORDER BY id LIMIT :size) AS piece"
    )
    upto = session.execute(piece, {"after": issue.laid_to, "size": PIECE}).scalar()
    if upto is None:
        issue.state = IssueState.PAUSED if issue.reason else IssueState.SENDING
        session.add(issue)
        return False
    names = {f"channel{n}": name for n, name in enumerate(issue.channels)}
    channels = _IN_CHANNELS.format(names=", ".join(f":{key}" for key in names)) if names else ""
    values = {
        "after": issue.laid_to, "upto": upto, "issue": issue_id, "now": to_ms(now),
        "campaign": issue.campaign_id, "edition": issue.edition,
        "not_before": to_ms(issue.due_at) if issue.due_at > now else 0,
    }  # fmt: skip
    session.execute(
        text(_LAY.format(channels=channels)), {**values, **names, "priority": PRIORITY[DeliveryKind.CAMPAIGN]}
    )
    issue.laid_to = upto
    session.add(issue)
    return True


def issue(session: Session, issue_id: int) -> Issue:
    return session.get_one(Issue, issue_id)


def issues_in(session: Session, *states: IssueState) -> list[Issue]:
    return list(session.exec(select(Issue).where(col(Issue.state).in_(states)).order_by(col(Issue.id))))


@dataclass(frozen=True, slots=True)
class Progress:
    counts: dict[str, int]  # by state of the deliveries
    reasons: dict[str, int]  # of those that were not sent

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    def of(self, *states: DeliveryState) -> int:
        return sum(self.counts.get(state.value, 0) for state in states)


def progress(session: Session, issue_id: int, since_ms: int = 0) -> Progress:
    """How an issue stands; with `since_ms`, only of what was done since."""
    query = select(Delivery.state, Delivery.reason, func.count()).where(Delivery.issue_id == issue_id)
    if since_ms:
        query = query.where(col(Delivery.done_at_ms) >= since_ms)
    counts: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for state, reason, count in session.exec(query.group_by(Delivery.state, Delivery.reason)):
        counts[DeliveryState(state).value] = counts.get(DeliveryState(state).value, 0) + count
        if reason:
            reasons[reason] = reasons.get(reason, 0) + count
    return Progress(counts, reasons)


def close_finished(session: Session, now: datetime) -> int:
    """Close the issues of which nothing waits any more; how many."""
    closed = 0
    for issue in issues_in(session, IssueState.SENDING):
        open_states = [DeliveryState.WAITING, DeliveryState.SENDING]
        left = select(Delivery.id).where(Delivery.issue_id == issue.id, col(Delivery.state).in_(open_states)).limit(1)
        if session.exec(left).first() is None and not publications.is_open(session, issue.id):
            issue.state, issue.closed_at = IssueState.DONE, now
            session.add(issue)
            closed += 1
    return closed


ENOUGH, TOO_MANY = 20, 0.3  # deliveries looked at before judging, and the share of failures that stops an issue


def pause_failing(session: Session, now: datetime) -> list[Issue]:
    """Pause the issues of which too many fail; a skipped citizen is no failure."""
    paused = []
    for issue in issues_in(session, IssueState.SENDING):
        assert issue.id
        found = progress(session, issue.id, issue.resumed_at_ms)
        bad = found.of(DeliveryState.FAILED, DeliveryState.UNSURE)
        tried = bad + found.of(DeliveryState.SENT)
        if tried >= ENOUGH and bad / tried > TOO_MANY:
            issue.state, issue.reason = IssueState.PAUSED, f"{bad} of {tried} failed"
            session.add(issue)
            note(session, now, CLOCK, "issue.pause", str(issue.id), failed=bad, tried=tried)
            paused.append(issue)
    return paused


def pause_all(session: Session, reason: str, now: datetime) -> list[int]:
    """Pause every issue that is going out; their ids. One that is still being laid down is paused when it is."""
    paused = []
    for issue in issues_in(session, IssueState.LAYING, IssueState.SENDING):
        issue.reason = reason
        if issue.state == IssueState.SENDING:
            issue.state = IssueState.PAUSED
        session.add(issue)
        note(session, now, CLOCK, "issue.pause", str(issue.id), why=reason)
        paused.append(issue.id or 0)
    return paused


def resume(session: Session, issue: Issue, actor: Actor, now: datetime) -> None:
    issue.state, issue.reason, issue.resumed_at_ms = IssueState.SENDING, "", to_ms(now)
    session.add(issue)
    note(session, now, actor, "issue.resume", str(issue.id))
