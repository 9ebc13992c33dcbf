"""Complaints: filed with a code, worked on, answered, and read page by page for an export."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import func, text, update
from sqlmodel import Session, col, select

from data.audit import Actor, note
from data.clock import local_day
from data.tables import Attachment, Complaint, ComplaintEvent, ComplaintState, Message, Staff

PAGE = 500

# One statement, so that the first two complaints of a year do not both make the row.
_COUNT = """
INSERT INTO counter (name, last) VALUES (:name, 1)
ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last
"""


def next_code(session: Session, year: int) -> str:
    """The year's next code, without holes: it is given out in the transaction that files the complaint."""
    last = session.execute(text(_COUNT), {"name": f"complaint-{year}"}).scalar_one()
    return f"PA-{year}-{last:05d}"


def file(
    session: Session, complaint: Complaint, attachment_ids: list[int], arrival_ids: Sequence[int] = ()
) -> Complaint:
    """Give the complaint its code and keep it, with the files that belong to it and the messages that told it."""
    complaint.code = next_code(session, local_day(complaint.received_at).year)
    session.add(complaint)
    session.flush()
    assert complaint.id
    for attachment in session.exec(select(Attachment).where(col(Attachment.id).in_(attachment_ids))):
        attachment.complaint_id = complaint.id
        session.add(attachment)
    told = update(Message).where(col(Message.arrival_id).in_(arrival_ids)).values(complaint_id=complaint.id)
    session.execute(told)
    session.add(ComplaintEvent(complaint_id=complaint.id, at=complaint.received_at, what="received"))
    return complaint


def edited(session: Session, complaint: Complaint, words: str, now: datetime) -> None:
    """The citizen changed the words on the platform: they stand beside those that were filed."""
    assert complaint.id
    complaint.updated_at = now
    session.add(complaint)
    session.add(ComplaintEvent(complaint_id=complaint.id, at=now, what="edited", text=words))


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
