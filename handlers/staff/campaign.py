"""One campaign: the text as citizens get it, to whom, when, and its issues one by one."""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from aiohttp import web
from sqlmodel import Session

from data import campaigns, publications
from data.audit import Actor
from data.calendar import Airing, airings, load
from data.tables import Campaign, CampaignState, Issue, IssueState, Publication, PublicationState, Staff
from handlers.citizens import texts
from handlers.staff.audience import Listeners, listeners
from handlers.staff.campaign_list import Edition, editions
from handlers.staff.visit import Console, Refusal, Visit

DATES = 6
ISSUES = 12


@dataclass(frozen=True, slots=True)
class Plan:
    campaign: Campaign
    author: str
    approver: str
    dates: list[Airing]
    listeners: list[Listeners]
    editions: list[Edition]

    @property
    def total(self) -> int:
        return sum(one.everyone for one in self.listeners)

    @property
    def waiting(self) -> int:
        """Messages of open issues that are not out yet."""
        open_states = (IssueState.LAYING, IssueState.SENDING, IssueState.PAUSED)
        return sum(one.progress.counts.get("waiting", 0) for one in self.editions if one.issue.state in open_states)

    def is_past(self, now: datetime) -> bool:
        return self.campaign.starts_at is not None and self.campaign.starts_at <= now


async def show(visit: Visit) -> web.Response:
    plan = await visit.database.read(_plan, visit.console, visit.number("id"), visit.now)
    return visit.page("campaign.html", plan=plan, footer=texts.NEWS_FOOTER.strip(), now=visit.now)


def _plan(session: Session, console: Console, campaign_id: int, now: datetime) -> Plan:
    campaign = session.get_one(Campaign, campaign_id)
    return Plan(
        campaign=campaign,
        author=_name(session, campaign.author_id),
        approver=_name(session, campaign.approved_by),
        dates=_dates(session, campaign, now),
        listeners=listeners(session, console, campaign.channels, now),
        editions=editions(session, campaign, ISSUES),
    )


def _name(session: Session, staff_id: int | None) -> str:
    member = session.get(Staff, staff_id) if staff_id else None
    return member.name if member else ""


def _dates(session: Session, campaign: Campaign, now: datetime) -> list[Airing]:
    if campaign.rule == campaigns.ONCE:
        return [Airing(campaign.starts_at, moved=False)] if campaign.starts_at else []
    if not campaign.times:  # without hours no month has an airing, and the search would not end
        return []
    return list(islice(airings(campaign.times, now, load(session)), DATES))


async def approve(visit: Visit) -> web.Response:
    if not visit.form.ticked("agreed"):
        raise Refusal(422, "Chưa đánh dấu đồng ý", "Xin quay lại, đọc số người nhận rồi đánh dấu vào ô đồng ý.")
    await visit.database.write(_approve, visit.number("id"), visit.actor, visit.now)
    return visit.back(_address(visit.number("id")), "approved")


def _approve(session: Session, campaign_id: int, actor: Actor, now: datetime) -> None:
    campaign = _held(session, campaign_id)
    if campaign.rule == campaigns.ONCE and (campaign.starts_at is None or campaign.starts_at <= now):
        raise Refusal(409, "Giờ phát đã qua", "Chiến dịch này không còn phát đúng giờ được. Xin huỷ và soạn lại.")
    campaigns.approve(session, campaign, actor, now)


async def cancel(visit: Visit) -> web.Response:
    await visit.database.write(_cancel, visit.number("id"), visit.actor, visit.now)
    return visit.back(_address(visit.number("id")), "cancelled")


def _cancel(session: Session, campaign_id: int, actor: Actor, now: datetime) -> None:
    campaign = _held(session, campaign_id)
    if campaign.state != CampaignState.CANCELLED:
        campaigns.cancel(session, campaign, actor, now)


async def resume(visit: Visit) -> web.Response:
    campaign_id = await visit.database.write(_resume, visit.number("id"), visit.actor, visit.now)
    visit.console.wake()
    return visit.back(_address(campaign_id), "resumed")


def _resume(session: Session, issue_id: int, actor: Actor, now: datetime) -> int:
    issue = session.get_one(Issue, issue_id, with_for_update=True)
    if issue.state != IssueState.PAUSED:
        raise Refusal(409, "Bản tin này không còn tạm dừng", "Xin tải lại trang để xem mới nhất.")
    campaigns.resume(session, issue, actor, now)
    return issue.campaign_id


async def publish_again(visit: Visit) -> web.Response:
    campaign_id = await visit.database.write(_publish_again, visit.number("id"), visit.actor, visit.now)
    return visit.back(_address(campaign_id), "published-again")


def _publish_again(session: Session, publication_id: int, actor: Actor, now: datetime) -> int:
    publication = session.get_one(Publication, publication_id, with_for_update=True)
    if publication.state not in (PublicationState.FAILED, PublicationState.UNSURE):
        raise Refusal(409, "Bài này không cần đăng lại", "Xin tải lại trang để xem mới nhất.")
    publications.retry(session, publication, actor, now)
    return session.get_one(Issue, publication.issue_id).campaign_id


def _held(session: Session, campaign_id: int) -> Campaign:
    return session.get_one(Campaign, campaign_id, with_for_update=True)


def _address(campaign_id: int) -> str:
    return f"/staff/campaigns/{campaign_id}"
