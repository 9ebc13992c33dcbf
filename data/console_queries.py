"""What the staff console asks, and the small changes a clerk makes to a complaint."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from data.audit import Actor, note
from data.tables import (
    Account,
    Audit,
    Campaign,
    CampaignState,
    Citizen,
    Complaint,
    ComplaintEvent,
    ComplaintState,
    Delivery,
    DeliveryState,
    Issue,
    Question,
    Staff,
)

OPEN = (ComplaintState.NEW, ComplaintState.ACCEPTED, ComplaintState.WORKING)
TAIL = 3  # digits of a phone number with which one may search


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which complaints: every condition that is set."""

    state: str = ""
    is_open: bool = False
    due_from: date | None = None
    due_to: date | None = None  # the last day, included
    assignee_id: int | None = None
    held: bool = False  # an answer is held, for no way reaches the citizen now
    words: str = ""  # already folded


def _conditions(wanted: Wanted) -> list[Any]:
    found: list[Any] = []
    if wanted.state:
        found.append(col(Complaint.state) == wanted.state)
    if wanted.is_open:
        found.append(col(Complaint.state).in_(OPEN))
    if wanted.due_from:
        found.append(col(Complaint.due_on) >= wanted.due_from)
    if wanted.due_to:
        found.append(col(Complaint.due_on) <= wanted.due_to)
    if wanted.assignee_id:
        found.append(col(Complaint.assignee_id) == wanted.assignee_id)
    if wanted.held:
        held = select(Delivery.complaint_id).where(Delivery.state == DeliveryState.HELD)
        found.append(col(Complaint.id).in_(held))
    if wanted.words:
        found.append(_said(wanted.words))
    return found


def _said(words: str) -> Any:
    found = col(Complaint.content_folded).contains(words, autoescape=True)
    found |= func.lower(Complaint.code).contains(words, autoescape=True)
    if words.isdecimal() and len(words) >= TAIL:
        found |= col(Complaint.person_contact).endswith(words)
    return found


def complaint_count(session: Session, wanted: Wanted) -> int:
    return session.exec(select(func.count(col(Complaint.id))).where(*_conditions(wanted))).one()


def complaint_page(session: Session, wanted: Wanted, limit: int, offset: int) -> list[tuple[Complaint, str, str]]:
    """Complaints with their channel and the assignee's name: open ones first, due soonest, then the oldest."""
    done = col(Complaint.state).not_in(OPEN)
    query = (
        select(Complaint, Account.channel, Staff.name)
        .outerjoin(Account, col(Account.id) == col(Complaint.account_id))
        .outerjoin(Staff, col(Staff.id) == col(Complaint.assignee_id))
        .where(*_conditions(wanted))
        .order_by(done, col(Complaint.due_on).is_(None), col(Complaint.due_on), col(Complaint.id))
    )
    rows = session.exec(query.limit(limit).offset(offset))
    return [(complaint, channel or "", name or "") for complaint, channel, name in rows]


def complaint_at(session: Session, code: str) -> Complaint:
    return session.exec(select(Complaint).where(Complaint.code == code)).one()


def held_complaint(session: Session, code: str) -> Complaint:
    """For a change: nobody else changes it in the meantime."""
    return session.exec(select(Complaint).where(Complaint.code == code).with_for_update()).one()


def deliveries_about(session: Session, complaint_id: int) -> list[Delivery]:
    return list(session.exec(select(Delivery).where(Delivery.complaint_id == complaint_id).order_by(col(Delivery.id))))


def assign(session: Session, complaint: Complaint, member: Staff, actor: Actor, now: datetime) -> None:
    complaint.assignee_id, complaint.updated_at = member.id, now
    jot(session, complaint, f"Giao cho {member.name}", actor, now)
    note(session, now, actor, "complaint.assign", complaint.code, to=member.username)


def categorise(session: Session, complaint: Complaint, category: str, actor: Actor, now: datetime) -> None:
    jot(session, complaint, f"Lĩnh vực: {complaint.category} → {category}", actor, now)
    complaint.category = category
    note(session, now, actor, "complaint.category", complaint.code, category=category)


def jot(session: Session, complaint: Complaint, words: str, actor: Actor, now: datetime) -> None:
    """A line in the complaint's history that the citizen never sees."""
    assert complaint.id
    complaint.updated_at = now
    session.add(complaint)
    session.add(ComplaintEvent(complaint_id=complaint.id, at=now, staff_id=actor.staff_id, what="note", text=words))


def members(session: Session) -> list[Staff]:
    return list(session.exec(select(Staff).order_by(col(Staff.active).desc(), col(Staff.name))))


def accounts(session: Session) -> list[Account]:
    return list(session.exec(select(Account).order_by(col(Account.id))))


def was_noted(session: Session, actor: Actor, action: str, subject: str, since: datetime) -> bool:
    query = select(Audit.id).where(
        Audit.at >= since, Audit.staff_id == actor.staff_id, Audit.action == action, Audit.subject == subject
    )
    return session.exec(query.limit(1)).first() is not None


def held_question(session: Session, question_id: int) -> Question:
    return session.exec(select(Question).where(Question.id == question_id).with_for_update()).one()


def campaigns(session: Session, limit: int) -> list[Campaign]:
    return list(session.exec(select(Campaign).order_by(col(Campaign.id).desc()).limit(limit)))


def draft_count(session: Session) -> int:
    return session.exec(select(func.count(col(Campaign.id))).where(Campaign.state == CampaignState.DRAFT)).one()


def issues_of(session: Session, campaign_id: int, limit: int) -> list[Issue]:
    query = select(Issue).where(Issue.campaign_id == campaign_id).order_by(col(Issue.due_at).desc())
    return list(session.exec(query.limit(limit)))


def unsure_issues(session: Session, latest: int = 12) -> list[int]:
    """Of the latest issues, those with messages of which nobody knows whether they arrived."""
    recent = list(session.exec(select(Issue.id).order_by(col(Issue.id).desc()).limit(latest)))
    query = select(Delivery.issue_id).where(col(Delivery.issue_id).in_(recent), Delivery.state == DeliveryState.UNSURE)
    return [issue_id or 0 for issue_id in session.exec(query.distinct())]


def audience(session: Session, account_id: int, heard_since: datetime | None) -> int:
    """Citizens of an account who get the news; with an instant, only those who wrote to it since."""
    listening: list[Any] = [
        Citizen.account_id == account_id,
        col(Citizen.wants_news),
        col(Citizen.blocked_at).is_(None),
    ]
    if heard_since is not None:
        listening.append(col(Citizen.last_incoming_at) >= heard_since)
    return session.exec(select(func.count(col(Citizen.id))).where(*listening)).one()
