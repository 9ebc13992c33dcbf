"""Deliveries: laid down with the decision that caused them, leased by whoever sends, recorded afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, text, update
from sqlmodel import Session, col, select

from data.clock import from_ms
from data.tables import Citizen, Complaint, Delivery, DeliveryKind, DeliveryState, Issue, IssueState

PRIORITY = {
    DeliveryKind.REPLY: 0,
    DeliveryKind.NOTICE: 1,
    DeliveryKind.ALERT: 1,
    DeliveryKind.CAMPAIGN: 5,
}


FORGOTTEN_BODY = {"text": "(không lưu nội dung)"}
OPEN = (DeliveryState.WAITING, DeliveryState.HELD)  # not done with


@dataclass(frozen=True, slots=True)
class Leased:
    """A delivery in our hands until its lease ends, with what must be asked again at the moment of sending."""

    id: int
    account_id: int
    citizen_id: int | None
    person: str
    kind: DeliveryKind
    attempts: int
    body: dict[str, Any] | None
    issue_id: int | None
    created_at_ms: int
    last_incoming_at: datetime | None
    wants_news: bool
    blocked: bool
    staff_id: int | None = None
    way: str = ""  # refused it last, when `reason` says outside_window
    reason: str = ""
    complaint: str = ""  # the code of the complaint it is about
    phone: str = ""  # the contact left with that complaint


@dataclass(frozen=True, slots=True)
class Result:
    id: int
    state: DeliveryState
    reason: str = ""
    platform_id: str = ""
    retry_at_ms: int = 0
    stopped_by: int | None = None  # the citizen who turns out to have stopped us
    forget: bool = False  # its words must not be kept
    way: str = ""
    cost: float = 0.0


def enqueue(session: Session, delivery: Delivery) -> None:
    delivery.priority = PRIORITY[delivery.kind]
    session.add(delivery)


_CLAIM = """
UPDATE delivery SET state = 'sending', lease_until_ms = :until, attempts = attempts + 1
WHERE id IN (
    SELECT d.id FROM delivery d
    LEFT JOIN issue i ON i.id = d.issue_id
    WHERE d.state = 'waiting' AND d.account_id = :account AND d.priority <= :priority AND d.retry_at_ms <= :now
      AND (i.state = 'sending' OR d.issue_id IS NULL AND NOT EXISTS (
          SELECT 1 FROM delivery e
          WHERE e.citizen_id = d.citizen_id AND e.issue_id IS NULL AND e.state IN ('waiting', 'sending')
            AND (e.priority < d.priority OR e.priority = d.priority AND e.id < d.id)
      ))
    ORDER BY d.priority, d.retry_at_ms, d.id LIMIT :limit {lock}
)
RETURNING id
"""


def claim(session: Session, account_id: int, *, limit: int, now_ms: int, lease_ms: int) -> list[Leased]:
    """Lease what is due on an account: replies before campaigns, one citizen's messages one after the other.

    What was just asked is answered before an older matter is told.
    """
    lock = "FOR UPDATE OF d SKIP LOCKED" if session.get_bind().dialect.name == "postgresql" else ""
    rows = session.execute(
        text(_CLAIM.format(lock=lock)),
        {
            "account": account_id,
            "limit": limit,
            "now": now_ms,
            "until": now_ms + lease_ms,
            # without an open issue the campaign rows, paused perhaps in their thousands, are not even looked at
            "priority": PRIORITY[DeliveryKind.CAMPAIGN if sending_issues(session) else DeliveryKind.NOTICE],
        },
    )
    return _leased(session, [row[0] for row in rows])


_COLUMNS = (
    Delivery.id, Delivery.account_id, Delivery.citizen_id, Delivery.person, Delivery.kind, Delivery.attempts,
    Delivery.body, Delivery.issue_id, Delivery.created_at_ms, Citizen.last_incoming_at, Citizen.wants_news,
    Citizen.blocked_at, Delivery.staff_id, Delivery.way, Delivery.reason, Complaint.code, Complaint.person_contact,
)  # fmt: skip


def _leased(session: Session, ids: list[int]) -> list[Leased]:
    if not ids:
        return []
    query = (
        select(*_COLUMNS)  # type: ignore[call-overload]
        .outerjoin(Citizen, Citizen.id == Delivery.citizen_id)
        .outerjoin(Complaint, Complaint.id == Delivery.complaint_id)
        .where(col(Delivery.id).in_(ids))
        .order_by(Delivery.priority, Delivery.id)
    )
    return [_in_hand(*row) for row in session.execute(query)]


def _in_hand(*row: Any) -> Leased:
    *whose, kind, attempts, body, issue_id, created_at_ms, last_at, wants_news, blocked_at = row[:12]
    delivery_id, account_id, citizen_id, person = whose
    staff_id, way, reason, code, contact = row[12:]
    return Leased(
        delivery_id, account_id, citizen_id, person, DeliveryKind(kind), attempts, body, issue_id, created_at_ms,
        last_at, bool(wants_news), blocked_at is not None, staff_id, way, reason, code or "", contact or "",
    )  # fmt: skip


def record(session: Session, results: Sequence[Result], now_ms: int) -> None:
    """Write what became of leased deliveries. A row that is no longer ours is left as it is."""
    results = _with_echoes(session, results)
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == bindparam("b_id"), col(Delivery.state) == DeliveryState.SENDING)
        .values(
            state=bindparam("b_state"),
            reason=bindparam("b_reason"),
            platform_id=bindparam("b_platform_id"),
            retry_at_ms=bindparam("b_retry_at_ms"),
            done_at_ms=bindparam("b_done_at_ms"),
            way=bindparam("b_way"),
            cost=bindparam("b_cost"),
        )
    )
    rows = [
        {
            "b_id": result.id,
            "b_state": result.state.value,
            "b_reason": result.reason.replace("\0", ""),
            "b_platform_id": result.platform_id.replace("\0", ""),
            "b_retry_at_ms": result.retry_at_ms,
            "b_done_at_ms": None if result.state in OPEN else now_ms,
            "b_way": result.way,
            "b_cost": result.cost if result.state is DeliveryState.SENT else 0.0,
        }
        for result in results
    ]
    session.connection().execute(statement, rows)
    for result in results:
        if result.forget and result.state not in OPEN:
            session.execute(update(Delivery).where(col(Delivery.id) == result.id).values(body=FORGOTTEN_BODY))
    stopped = [result.stopped_by for result in results if result.stopped_by]
    if stopped:
        session.execute(update(Citizen).where(col(Citizen.id).in_(stopped)).values(blocked_at=from_ms(now_ms)))


def _with_echoes(session: Session, results: Sequence[Result]) -> list[Result]:
    """An echo that came before the platform's answer failed to come says that it was sent."""
    in_doubt = [result.id for result in results if result.state is DeliveryState.UNSURE or result.reason == "unsure"]
    if not in_doubt:
        return list(results)
    query = select(Delivery.id, Delivery.platform_id).where(col(Delivery.id).in_(in_doubt), Delivery.platform_id != "")
    echoed = dict(session.exec(query).all())
    return [
        replace(result, state=DeliveryState.SENT, reason="", platform_id=echoed[result.id], retry_at_ms=0)
        if result.id in echoed
        else result
        for result in results
    ]


def release_held(session: Session, citizen_id: int, now_ms: int) -> None:
    """The citizen writes again: what waited for that goes now, from the cheapest way on."""
    held = (col(Delivery.citizen_id) == citizen_id, col(Delivery.state) == DeliveryState.HELD)
    again = {"state": DeliveryState.WAITING, "retry_at_ms": now_ms, "way": "", "reason": "", "created_at_ms": now_ms}
    session.execute(update(Delivery).where(*held).values(**again))


def used(session: Session, account_id: int, since_ms: int) -> dict[str, int]:
    """How many paid messages an account has sent by each way since then."""
    paid = (Delivery.account_id == account_id, col(Delivery.cost) > 0, col(Delivery.done_at_ms) >= since_ms)
    return dict(session.exec(select(Delivery.way, func.count()).where(*paid).group_by(Delivery.way)).all())


def renew(session: Session, ids: Sequence[int], until_ms: int) -> None:
    """Keep holding deliveries that are still under way: a slow platform is not a dead sender."""
    held = (col(Delivery.id).in_(ids), col(Delivery.state) == DeliveryState.SENDING)
    session.execute(update(Delivery).where(*held).values(lease_until_ms=until_ms))


def expire(session: Session, now_ms: int) -> int:
    """Deliveries whose sender died with the lease: a reply may be repeated, anything else waits for a person."""
    dead = [col(Delivery.state) == DeliveryState.SENDING, col(Delivery.lease_until_ms) < now_ms]
    again = (
        update(Delivery)
        .where(*dead, col(Delivery.kind) == DeliveryKind.REPLY, col(Delivery.attempts) < 3)
        .values(state=DeliveryState.WAITING, retry_at_ms=now_ms)
    )
    echoed = (*dead, col(Delivery.platform_id) != "")
    heard = update(Delivery).where(*echoed).values(state=DeliveryState.SENT, done_at_ms=now_ms)
    unsure = update(Delivery).where(*dead).values(state=DeliveryState.UNSURE, reason="interrupted", done_at_ms=now_ms)
    return sum(session.connection().execute(statement).rowcount for statement in (heard, again, unsure))


def release_all(session: Session, now_ms: int) -> int:
    """End every lease: only for a process that knows it is alone, at its start."""
    session.execute(
        update(Delivery).where(col(Delivery.state) == DeliveryState.SENDING).values(lease_until_ms=now_ms - 1)
    )
    return expire(session, now_ms)


def backlog(session: Session) -> int:
    return session.exec(select(func.count()).where(Delivery.state == DeliveryState.WAITING)).one()


def sending_issues(session: Session) -> list[int]:
    return [row or 0 for row in session.exec(select(Issue.id).where(Issue.state == IssueState.SENDING))]
