"""Complaints: filed with a code, worked on, answered, and read page by page for an export."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from data.audit import Actor, note
from data.clock import local_day
from data.tables import Attachment, Complaint, ComplaintEvent, ComplaintState, Counter, Staff

PAGE = 500


def next_code(session: Session, year: int) -> str:
    """The year's next code, without holes: it is given out in the transaction that files the complaint."""
    name = f"complaint-{year}"
    counter = session.exec(select(Counter).where(Counter.name == name).with_for_update()).first()
    counter = counter or Counter(name=name)
    counter.last += 1
    session.add(counter)
    return f"PA-{year}-{counter.last:05d}"


def file(session: Session, complaint: Complaint, attachment_ids: list[int]) -> Complaint:
    """Give the complaint its code and keep it, with the files that belong to it."""
    complaint.code = next_code(session, local_day(complaint.received_at).year)
    session.add(complaint)
    session.flush()
    assert complaint.id
    for attachment in session.exec(select(Attachment).where(col(Attachment.id).in_(attachment_ids))):
        attachment.complaint_id = complaint.id
        session.add(attachment)
    session.add(ComplaintEvent(complaint_id=complaint.id, at=complaint.received_at, what="received"))
    return complaint


def by_code(session: Session, code: str) -> Complaint | None:
    return session.exec(select(Complaint).where(Complaint.code == code)).first()


def of_citizen(session: Session, citizen_id: int, limit: int = 5) -> list[Complaint]:
    query = select(Complaint).where(Complaint.citizen_id == citizen_id).order_by(col(Complaint.id).desc())
    return list(session.exec(query.limit(limit)))


MOVES: dict[ComplaintState, tuple[ComplaintState, ...]] = {
    ComplaintState.NEW: (ComplaintState.ACCEPTED, ComplaintState.REFERRED, ComplaintState.ANSWERED),
    ComplaintState.ACCEPTED: (ComplaintState.WORKING, ComplaintState.REFERRED, ComplaintState.ANSWERED),
    ComplaintState.WORKING: (ComplaintState.REFERRED, ComplaintState.ANSWERED),
    ComplaintState.ANSWERED: (ComplaintState.WORKING, ComplaintState.CLOSED),
    ComplaintState.REFERRED: (ComplaintState.WORKING, ComplaintState.CLOSED),
    ComplaintState.CLOSED: (ComplaintState.WORKING,),
}


class NotAllowed(Exception):
    """A move the table of states does not have."""


def move(session: Session, complaint: Complaint, state: ComplaintState, actor: Actor, now: datetime) -> None:
    if state not in MOVES[complaint.state]:
        raise NotAllowed(f"{complaint.code}: {complaint.state} -> {state}")
    complaint.state, complaint.updated_at = state, now
    if state == ComplaintState.CLOSED:
        complaint.closed_at = now
    _log(session, complaint, actor, now, "state", state.value)
    note(session, now, actor, "complaint.state", complaint.code, state=state.value)


def answer(session: Session, complaint: Complaint, words: str, actor: Actor, now: datetime) -> None:
    """Keep the answer and call the complaint answered; a later answer replaces the earlier, which history keeps."""
    complaint.answer, complaint.answered_at, complaint.updated_at = words, now, now
    if complaint.state != ComplaintState.ANSWERED:
        if ComplaintState.ANSWERED not in MOVES[complaint.state]:
            raise NotAllowed(f"{complaint.code}: {complaint.state} -> answered")
        complaint.state = ComplaintState.ANSWERED
    _log(session, complaint, actor, now, "answer", words)
    note(session, now, actor, "complaint.answer", complaint.code, characters=len(words))


def _log(session: Session, complaint: Complaint, actor: Actor, now: datetime, what: str, words: str) -> None:
    assert complaint.id
    session.add(complaint)
    session.add(ComplaintEvent(complaint_id=complaint.id, at=now, staff_id=actor.staff_id, what=what, text=words))


@dataclass(frozen=True, slots=True)
class Filter:
    state: str = ""
    words: str = ""  # already folded
    overdue_on: date | None = None  # only those whose due day is before this one


def listed(session: Session, wanted: Filter, limit: int, offset: int) -> tuple[list[Complaint], int]:
    """A page of complaints, those due soonest first and the finished last, and how many there are in all."""
    query = select(Complaint)
    if wanted.state:
        query = query.where(Complaint.state == wanted.state)
    if wanted.words:
        pattern = f"%{wanted.words}%"
        query = query.where(col(Complaint.content_folded).like(pattern) | func.lower(Complaint.code).like(pattern))
    if wanted.overdue_on:
        query = query.where(col(Complaint.due_on) < wanted.overdue_on, col(Complaint.answered_at).is_(None))
    total = session.exec(select(func.count()).select_from(query.subquery())).one()
    done = col(Complaint.answered_at).is_not(None) | col(Complaint.closed_at).is_not(None)
    order = (done, col(Complaint.due_on).is_(None), col(Complaint.due_on), col(Complaint.id))
    return list(session.exec(query.order_by(*order).limit(limit).offset(offset))), total


def counts(session: Session) -> dict[str, int]:
    counted = select(Complaint.state, func.count()).group_by(Complaint.state)
    return {str(state): count for state, count in session.exec(counted)}


def history(session: Session, complaint_id: int) -> list[tuple[ComplaintEvent, str]]:
    """The complaint's events in order, each with the name of the member of staff behind it."""
    query = (
        select(ComplaintEvent, Staff.name)
        .outerjoin(Staff, col(Staff.id) == col(ComplaintEvent.staff_id))
        .where(ComplaintEvent.complaint_id == complaint_id)
        .order_by(col(ComplaintEvent.id))
    )
    return [(event, name or "") for event, name in session.exec(query)]


def attachments(session: Session, complaint_id: int) -> list[Attachment]:
    return list(
        session.exec(select(Attachment).where(Attachment.complaint_id == complaint_id).order_by(col(Attachment.id)))
    )


def received_between(session: Session, start: datetime, end: datetime) -> Iterator[list[tuple[Complaint, int, str]]]:
    """Complaints received in [start, end) with their number of files and the assignee's name, a page at a time."""
    files = select(func.count()).where(Attachment.complaint_id == Complaint.id).correlate(Complaint).scalar_subquery()
    last_id = 0
    while True:
        query = (
            select(Complaint, files, Staff.name)
            .outerjoin(Staff, col(Staff.id) == col(Complaint.assignee_id))
            .where(Complaint.received_at >= start, Complaint.received_at < end, col(Complaint.id) > last_id)
            .order_by(col(Complaint.id))
            .limit(PAGE)
        )
        page = [(complaint, count, name or "") for complaint, count, name in session.exec(query)]
        if not page:
            return
        yield page
        last_id = page[-1][0].id or 0
        session.expunge_all()  # constant memory: a page is forgotten before the next is read


def count_between(session: Session, start: datetime, end: datetime) -> int:
    query = select(func.count()).where(Complaint.received_at >= start, Complaint.received_at < end)
    return session.exec(query).one()
