"""The hands of a decision: each kind of change and what it does to the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch
from typing import Protocol

from sqlalchemy import update
from sqlmodel import Session, col

from bot.channel import Limits
from bot.messages import Button, Reply
from bot.text import mask, to_body
from bot.vietnamese.fold import fold
from data import calendar, citizens, complaints, inbox, staff
from data.accounts import the_unit
from data.audit import Actor, note
from data.clock import local_day, to_ms
from data.outbox import enqueue
from data.tables import (
    Arrival,
    Attachment,
    Citizen,
    Complaint,
    Consent,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    Question,
)
from handlers.citizens import texts
from handlers.citizens.complaint import category_of
from handlers.citizens.talk import (
    Agree,
    AlertStaff,
    Block,
    Change,
    Draft,
    FileComplaint,
    Filed,
    Forget,
    KeepEdit,
    KeepQuestion,
    LinkStaff,
)

ANSWER_WORKING_DAYS = 10  # Luật Tiếp công dân, article 28
FORGOTTEN = "(không lưu nội dung)"
ACCEPT = "office:accept:"  # before a complaint's code: what the staff group's button says


class Office(Protocol):
    """Where the staff are: their group, and their console."""

    @property
    def staff_chat(self) -> tuple[int, str] | None: ...

    @property
    def console(self) -> str: ...

    @property
    def limits(self) -> Callable[[int], Limits | None]: ...


@dataclass(frozen=True, slots=True)
class Context:
    session: Session
    arrival: Arrival
    citizen: Citizen
    now: datetime
    office: Office


def apply(context: Context, change: Change) -> Reply | None:
    """Carry out one change; a reply when only now it can be worded."""
    return _apply(change, context)


@singledispatch
def _apply(change: object, context: Context) -> Reply | None:
    raise TypeError(f"no such change: {type(change).__name__}")


@_apply.register
def _file(change: FileComplaint, context: Context) -> Reply:
    complaint = _complaint(context, change.draft)
    complaints.file(context.session, complaint, list(change.draft.photos), change.draft.arrivals)
    _agree(Agree("complaint", True, change.wording), context)
    words = f"Phản ánh mới {complaint.code}: {complaint.category}. Xem trong trang làm việc."
    buttons = (Button("Tiếp nhận", f"{ACCEPT}{complaint.code}"), *_opens(context.office, complaint.code))
    _alert(AlertStaff(words, buttons), context)
    return change.announce(Filed(complaint.code, complaint.due_on))


def _complaint(context: Context, draft: Draft) -> Complaint:
    unit = the_unit(context.session)
    suggestion = draft.kind == "suggestion"
    due = calendar.load(context.session).add_working_days(local_day(context.now), ANSWER_WORKING_DAYS)
    return Complaint(
        code="",
        unit_id=unit.id or 0,
        account_id=context.citizen.account_id,
        citizen_id=context.citizen.id,
        kind=draft.kind,
        category=category_of(fold(draft.content)),
        content=draft.content,
        content_folded=fold(f"{draft.content} {draft.place}"),
        place=draft.place,
        latitude=draft.latitude,
        longitude=draft.longitude,
        person_name=draft.name,
        person_address=draft.address,
        person_contact=draft.contact,
        received_at=context.now,
        due_on=None if suggestion else due,
        updated_at=context.now,
    )


@_apply.register
def _agree(change: Agree, context: Context) -> None:
    consent = Consent(
        citizen_id=context.citizen.id or 0,
        purpose=change.purpose,
        given=change.given,
        wording=change.wording,
        at=context.now,
        arrival_id=context.arrival.id,
    )
    citizens.agree(context.session, context.citizen, consent)


@_apply.register
def _keep_question(change: KeepQuestion, context: Context) -> None:
    context.session.add(
        Question(
            arrival_id=context.arrival.id,
            account_id=context.arrival.account_id,
            citizen_id=context.citizen.id or 0,
            asked_at=context.now,
            text=mask(change.text)[:1000],
            outcome=change.outcome,
            facet=change.facet,
            codes=list(change.codes),
            score=change.score,
        )
    )


@_apply.register
def _forget(change: Forget, context: Context) -> None:
    ids = list(change.arrivals)
    context.session.flush()
    for arrival_id in ids:
        inbox.redact(context.session, arrival_id)
    words = update(Message).where(col(Message.arrival_id).in_(ids)).values(text=FORGOTTEN, attachments=[])
    replies = update(Delivery).where(col(Delivery.arrival_id).in_(ids))
    context.session.execute(replies.values(body={"text": FORGOTTEN}))
    unsent = replies.where(col(Delivery.state) == DeliveryState.WAITING)
    context.session.execute(unsent.values(state=DeliveryState.SKIPPED, reason="forgotten"))
    # a tick removes the bytes, if any are here already
    files = update(Attachment).where(col(Attachment.arrival_id).in_(ids)).values(name="", state="erase")
    context.session.execute(words)
    context.session.execute(files)
    context.session.expire(context.arrival)
    note(context.session, context.now, Actor("bot"), "denunciation.guided")


@_apply.register
def _block(change: Block, context: Context) -> None:
    context.citizen.blocked_at = context.now if change.stopped else None
    context.session.add(context.citizen)


@_apply.register
def _alert(change: AlertStaff, context: Context) -> None:
    alert(context.session, context.office, change, context.now)


def alert(session: Session, office: Office, change: AlertStaff, now: datetime) -> None:
    """Say something in the staff group, if there is one."""
    if office.staff_chat is None:
        return
    account_id, chat = office.staff_chat
    kind, body = DeliveryKind.ALERT, to_body(Reply(change.text, change.buttons))
    enqueue(session, Delivery(account_id=account_id, person=chat, kind=kind, body=body, created_at_ms=to_ms(now)))


def _opens(office: Office, code: str) -> tuple[Button, ...]:
    """Platforms open no address that only this machine knows."""
    is_public = office.console.startswith("https://")
    return (Button("Mở hồ sơ", url=f"{office.console}/complaints/{code}"),) if is_public else ()


@_apply.register
def _keep_edit(change: KeepEdit, context: Context) -> None:
    complaint = complaints.by_code(context.session, change.code)
    if complaint and complaint.citizen_id == context.citizen.id:
        complaints.edited(context.session, complaint, change.text, context.now)


@_apply.register
def _link(change: LinkStaff, context: Context) -> Reply:
    citizen = context.citizen
    member = staff.link_chat(context.session, change.secret, citizen.account_id, citizen.person, context.now)
    if member is None:
        return Reply(texts.STAFF_LINK_DEAD)
    note(context.session, context.now, Actor(member.username, member.id), "chat.linked")
    return Reply(texts.STAFF_LINKED.format(name=member.name))
