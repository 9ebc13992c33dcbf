"""One complaint: the citizen's words, what has been done, and what can be done next."""

from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlmodel import Session

from bot.text import mask
from data import complaints, console_queries
from data.audit import Actor, note
from data.calendar import load
from data.clock import from_ms, local_day, to_ms
from data.tables import Account, Attachment, Complaint, ComplaintEvent, ComplaintState, Delivery, Staff
from handlers.citizens import texts
from handlers.staff import words
from handlers.staff.due import Due, due_of
from handlers.staff.reach import Reach, reach_of
from handlers.staff.visit import Console, Visit


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of what happened: an event of the complaint, or a message to the citizen."""

    at: datetime
    event: ComplaintEvent | None = None
    author: str = ""
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class Case:
    complaint: Complaint
    channel: str
    assignee: str
    due: Due
    files: list[Attachment]
    moments: list[Moment]
    others: list[Complaint]
    members: list[Staff]
    reach: Reach

    @property
    def seen(self) -> str:
        """What a form says it was looking at, so that nobody overwrites what another has just done."""
        return self.complaint.updated_at.isoformat()

    @property
    def moves(self) -> list[tuple[str, str]]:
        """The next states and the words on their buttons; answering has a box of its own."""
        following = [state for state in complaints.MOVES[self.complaint.state] if state != ComplaintState.ANSWERED]
        reopens = self.complaint.state not in (ComplaintState.NEW, ComplaintState.ACCEPTED)
        return [
            (state.value, words.REOPEN if reopens and state == ComplaintState.WORKING else words.MOVES[state.value])
            for state in following
        ]

    @property
    def next_move(self) -> str:
        """The move that is usual from here: its button stands out."""
        usual = {"new": "accepted", "accepted": "working", "answered": "closed", "referred": "closed"}
        return usual.get(self.complaint.state, "")

    @property
    def can_answer(self) -> bool:
        return self.complaint.state == ComplaintState.ANSWERED or (
            ComplaintState.ANSWERED in complaints.MOVES[self.complaint.state]
        )

    @property
    def hidden_contact(self) -> str:
        contact = self.complaint.person_contact
        return words.hidden(contact, mask(contact)) if contact else ""

    @property
    def categories(self) -> list[str]:
        own = self.complaint.category
        return [*words.CATEGORIES] if own in words.CATEGORIES else [own, *words.CATEGORIES]


async def show(visit: Visit) -> web.Response:
    return await _show(visit)


async def reveal(visit: Visit) -> web.Response:
    """The page again with the contact in full; who looked is noted first."""
    await visit.database.write(_note_look, visit.request.match_info["code"], visit.actor, visit.now)
    return await _show(visit, revealed=True)


def _note_look(session: Session, code: str, actor: Actor, now: datetime) -> None:
    note(session, now, actor, "complaint.contact", console_queries.complaint_at(session, code).code)


async def _show(visit: Visit, *, revealed: bool = False) -> web.Response:
    case = await visit.database.read(case_of, visit.console, visit.request.match_info["code"], visit.now)
    unit = visit.unit.name
    preview = texts.ANSWERED_NOTICE.format(unit=unit, code=case.complaint.code, answer="…")
    return visit.page("complaint.html", case=case, revealed=revealed, preview=preview)


def case_of(session: Session, console: Console, code: str, now: datetime) -> Case:
    complaint = console_queries.complaint_at(session, code)
    assert complaint.id
    account = session.get(Account, complaint.account_id) if complaint.account_id else None
    assignee = session.get(Staff, complaint.assignee_id) if complaint.assignee_id else None
    return Case(
        complaint=complaint,
        channel=account.channel if account else "",
        assignee=assignee.name if assignee else "",
        due=due_of(complaint, load(session), local_day(now)),
        files=complaints.attachments(session, complaint.id),
        moments=_moments(session, complaint.id),
        others=_others(session, complaint),
        members=[member for member in console_queries.members(session) if member.active],
        reach=reach_of(session, console, complaint.citizen_id, now, complaint),
    )


def _others(session: Session, complaint: Complaint) -> list[Complaint]:
    if complaint.citizen_id is None:
        return []
    found = complaints.of_citizen(session, complaint.citizen_id, limit=6)
    return [other for other in found if other.id != complaint.id][:5]


def _moments(session: Session, complaint_id: int) -> list[Moment]:
    events = [Moment(event.at, event, author) for event, author in complaints.history(session, complaint_id)]
    sent = [
        Moment(from_ms(delivery.created_at_ms), delivery=delivery)
        for delivery in console_queries.deliveries_about(session, complaint_id)
    ]
    # by the millisecond, all that a delivery knows: a message stands after the act that laid it
    return sorted(events + sent, key=lambda moment: to_ms(moment.at))
