"""One arrival: remember, decide, save, enqueue - in one transaction, so that it happens whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from sqlmodel import Session

from bot.channel import Limits
from bot.messages import Ignored, Incoming, Kind, Reply
from bot.vietnamese.fold import fold
from data import accounts, citizens, complaints, inbox
from data.clock import to_ms
from data.tables import (
    Arrival,
    ArrivalState,
    Attachment,
    Citizen,
    Complaint,
    DeliveryKind,
    Message,
)
from data.tables import Conversation as ConversationRow
from handlers.citizens import albums, changes, office, platform, progress
from handlers.citizens.rules import decide
from handlers.citizens.talk import ComplaintView, Conversation, Edited, Knowledge, Outcome, Situation, UnitProfile
from handlers.speaking import About, say

# What a citizen does on the platform, not what they say: it opens no window and is no message.
_SILENT = {Kind.STOP, Kind.RETURN, Kind.WITHDRAW}
COMPLAINT_LINK = "pa-"  # before a complaint's number, in a link that opens the bot


@dataclass(frozen=True, slots=True)
class Desk:
    """What handling needs of the rest of the house."""

    parse: Callable[[int, bytes], Incoming | Ignored]  # account id, body
    limits: Callable[[int], Limits]
    knowledge: Knowledge
    staff_chat: tuple[int, str] | None = None  # account id and chat of the staff group
    console: str = ""  # the console's address


def handle(session: Session, arrival_id: int, desk: Desk, now: datetime) -> str:
    """Handle an arrival that is still waiting; the note kept with it ("" when it was not ours to handle now)."""
    arrival = inbox.take(session, arrival_id, to_ms(now))
    if arrival is None or arrival.body is None:
        return ""
    incoming = desk.parse(arrival.account_id, arrival.body)
    if isinstance(incoming, Incoming) and incoming.album:
        whole = albums.joined(session, arrival, incoming, desk.parse, now)
        if whole is None:
            return ""
        incoming = whole
    state, note = _handled(session, arrival, incoming, desk, now)
    inbox.finish(session, arrival, state, note)
    return note


def _handled(
    session: Session, arrival: Arrival, incoming: Incoming | Ignored, desk: Desk, now: datetime
) -> tuple[ArrivalState, str]:
    if isinstance(incoming, Ignored):
        return ArrivalState.IGNORED, incoming.reason
    if note := platform.told(session, arrival, incoming, desk, now):
        return ArrivalState.HANDLED, note
    return ArrivalState.HANDLED, _converse(session, arrival, _opened_by_link(incoming), desk, now).note


def _opened_by_link(incoming: Incoming) -> Incoming:
    """A link on a complaint's slip asks for that complaint."""
    code = incoming.payload.upper()
    if incoming.kind is Kind.START and incoming.payload.startswith(COMPLAINT_LINK) and progress.code_in(code):
        return replace(incoming, kind=Kind.MESSAGE, text=code, payload="")
    return incoming


def _converse(session: Session, arrival: Arrival, incoming: Incoming, desk: Desk, now: datetime) -> Outcome:
    assert arrival.id
    citizen = citizens.meet(session, arrival.account_id, incoming.person, now)
    assert citizen.id
    row = citizens.conversation(session, citizen.id, now)
    edited = _edited(session, citizen.id, incoming)
    _remember(session, arrival, incoming, citizen)
    files = _keep_attachments(session, arrival, incoming, citizen)
    situation = _situation(session, arrival.id, incoming, citizen, row, desk, now)
    outcome = decide(replace(situation, attachments=files, edited=edited))
    replies = [*outcome.replies, *_apply(session, arrival, citizen, outcome, desk, now)]
    say(
        session,
        citizen,
        replies,
        desk.limits(arrival.account_id),
        About(DeliveryKind.REPLY, arrival.id, is_secret=outcome.is_secret),
        to_ms(now),
    )
    _keep_conversation(session, row, outcome, replies, now)
    if outcome.replies and citizen.greeted_at is None:
        citizen.greeted_at = now
        session.add(citizen)
    return outcome


def _apply(
    session: Session, arrival: Arrival, citizen: Citizen, outcome: Outcome, desk: Desk, now: datetime
) -> list[Reply]:
    """Carry out the changes; the replies that only they can word, as a complaint's code."""
    context = changes.Context(session, arrival, citizen, now, desk)
    said = [changes.apply(context, change) for change in outcome.changes]
    return [reply for reply in said if reply]


def _edited(session: Session, citizen_id: int, incoming: Incoming) -> Edited | None:
    """The message as it was, when this is a change to one we know."""
    if incoming.kind is not Kind.EDIT:
        return None
    before = citizens.message(session, citizen_id, incoming.payload)
    if before is None:
        return None
    complaint = session.get(Complaint, before.complaint_id) if before.complaint_id else None
    return Edited(before.text, complaint.code if complaint else "")


def _remember(session: Session, arrival: Arrival, incoming: Incoming, citizen: Citizen) -> None:
    if incoming.name and incoming.name != citizen.name:
        citizen.name = incoming.name
    session.add(citizen)
    received = datetime.fromtimestamp(arrival.received_at_ms / 1000, UTC)
    if incoming.kind is Kind.REACTED:
        citizen.last_incoming_at = received
    elif incoming.kind is Kind.STAFF:
        session.add(_message(arrival, incoming, citizen, received, author="staff"))
    elif incoming.kind not in _SILENT:
        citizens.heard(session, citizen, _message(arrival, incoming, citizen, received))


def _message(
    arrival: Arrival, incoming: Incoming, citizen: Citizen, received: datetime, author: str = "citizen"
) -> Message:
    files = [{"kind": file.kind, "name": file.name} for file in incoming.attachments]
    is_secret = incoming.payload.startswith(office.MARK)
    return Message(
        citizen_id=citizen.id or 0,
        arrival_id=arrival.id,
        author=author,
        text="" if is_secret else incoming.text or incoming.payload,
        platform_id=incoming.message_id,
        attachments=files,
        at=received,
    )


def _keep_attachments(session: Session, arrival: Arrival, incoming: Incoming, citizen: Citizen) -> tuple[int, ...]:
    rows = [
        Attachment(
            account_id=arrival.account_id,
            citizen_id=citizen.id or 0,
            arrival_id=arrival.id,
            kind=file.kind,
            source=file.source,
            name=file.name,
        )
        for file in incoming.attachments
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id or 0 for row in rows)


def _situation(
    session: Session,
    arrival_id: int,
    incoming: Incoming,
    citizen: Citizen,
    row: ConversationRow,
    desk: Desk,
    now: datetime,
) -> Situation:
    code = progress.code_in(incoming.text)
    found = complaints.by_code(session, code) if code else None
    own = complaints.of_citizen(session, citizen.id or 0)
    return Situation(
        incoming=incoming,
        folded=fold(incoming.text),
        conversation=_conversation(row),
        unit=_unit(session),
        knowledge=desk.knowledge,
        now=now,
        is_greeted=citizen.greeted_at is not None,
        wants_news=citizen.wants_news,
        complaint=_view(found, citizen) if found else None,
        complaints=tuple(_view(complaint, citizen) for complaint in own),
        arrival_id=arrival_id,
    )


def _conversation(row: ConversationRow) -> Conversation:
    return Conversation(
        topic=row.topic,
        step=row.step,
        slots=row.slots,
        choices=tuple(row.choices),
        procedure=row.procedure,
        recent=tuple(row.recent),
        human_until=row.human_until,
        updated_at=row.updated_at,
    )


def _unit(session: Session) -> UnitProfile:
    unit = accounts.the_unit(session)
    return UnitProfile(unit.name, unit.province, unit.centre, unit.address, unit.phone, unit.hours, unit.portal)


def _view(complaint: Complaint, citizen: Citizen) -> ComplaintView:
    return ComplaintView(
        code=complaint.code,
        state=complaint.state,
        received_at=complaint.received_at,
        due_on=complaint.due_on,
        answer=complaint.answer,
        answered_at=complaint.answered_at,
        contact_tail=complaint.person_contact[-4:],
        mine=complaint.citizen_id == citizen.id,
    )


def _keep_conversation(
    session: Session, row: ConversationRow, outcome: Outcome, replies: list[Reply], now: datetime
) -> None:
    """Save where the conversation stands; the digits of the last menu shown are part of it."""
    if outcome.conversation:
        kept = outcome.conversation
        row.topic, row.step, row.slots = kept.topic, kept.step, dict(kept.slots)
        row.procedure, row.recent, row.human_until = kept.procedure, list(kept.recent), kept.human_until
    menus = [reply.buttons for reply in replies if reply.buttons]
    if menus:
        row.choices = [button.payload for button in menus[-1]]
    row.updated_at = now
    session.add(row)
