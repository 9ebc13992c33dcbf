"""Deliveries: laid down with the decision that caused them, leased by whoever sends, recorded afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, text, update
from sqlmodel import Session, col, select

from data.clock import from_ms
from data.tables import Citizen, Delivery, DeliveryKind, DeliveryState, Issue, IssueState

PRIORITY = {
    DeliveryKind.REPLY: 0,
    DeliveryKind.NOTICE: 1,
    DeliveryKind.ALERT: 1,
    DeliveryKind.CAMPAIGN: 5,
}


FORGOTTEN_BODY = {"text": "(không lưu nội dung)"}


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
    last_incoming_ms: int | None
    wants_news: bool
    blocked: bool


@dataclass(frozen=True, slots=True)
class Result:
    id: int
    state: DeliveryState
    reason: str = ""
    platform_id: str = ""
    retry_at_ms: int = 0
    stopped_by: int | None = None  # the citizen who turns out to have stopped us
    forget: bool = False  # its words must not be kept


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
          WHERE e.citizen_id = d.citizen_id AND e.id < d.id AND e.priority = d.priority AND e.issue_id IS NULL
            AND e.state IN ('waiting', 'sending')
      ))
    ORDER BY d.priority, d.retry_at_ms, d.id LIMIT :limit {lock}
)
RETURNING id
"""


def claim(session: Session, account_id: int, *, limit: int, now_ms: int, lease_ms: int) -> list[Leased]:
    """Lease what is due on an account: replies before campaigns, one citizen's messages one after the other."""
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


def _leased(session: Session, ids: list[int]) -> list[Leased]:
    if not ids:
        return []
    query = (
        select(
            Delivery.id, Delivery.account_id, Delivery.citizen_id, Delivery.person, Delivery.kind, Delivery.attempts,
            Delivery.body, Delivery.issue_id, Delivery.created_at_ms,
            Citizen.last_incoming_at, Citizen.wants_news, Citizen.blocked_at,
        )  # type: ignore[call-overload, misc]
        .outerjoin(Citizen, Citizen.id == Delivery.citizen_id)
        .where(col(Delivery.id).in_(ids))
        .order_by(Delivery.priority, Delivery.id)
    )  # fmt: skip
    return [
        Leased(
            id=row[0], account_id=row[1], citizen_id=row[2], person=row[3], kind=DeliveryKind(row[4]), attempts=row[5],
            body=row[6], issue_id=row[7], created_at_ms=row[8],
            last_incoming_ms=int(row[9].timestamp() * 1000) if row[9] else None,
            wants_news=bool(row[10]), blocked=row[11] is not None,
        )
        for row in session.execute(query)
    ]  # fmt: skip


def record(session: Session, results: Sequence[Result], now_ms: int) -> None:
    """Write what became of leased deliveries. A row that is no longer ours is left as it is."""
    statement = (
        update(Delivery)
        .where(col(Delivery.id) == bindparam("b_id"), col(Delivery.state) == DeliveryState.SENDING)
        .values(
            state=bindparam("b_state"),
            reason=bindparam("b_reason"),
            platform_id=bindparam("b_platform_id"),
            retry_at_ms=bindparam("b_retry_at_ms"),
            done_at_ms=bindparam("b_done_at_ms"),
        )
    )
    rows = [
        {
            "b_id": result.id,
            "b_state": result.state.value,
            "b_reason": result.reason.replace("\0", ""),
            "b_platform_id": result.platform_id.replace("\0", ""),
            "b_retry_at_ms": result.retry_at_ms,
            "b_done_at_ms": None if result.state is DeliveryState.WAITING else now_ms,
        }
        for result in results
    ]
    session.connection().execute(statement, rows)
    for result in results:
        if result.forget and result.state is not DeliveryState.WAITING:
            session.execute(update(Delivery).where(col(Delivery.id) == result.id).values(body=FORGOTTEN_BODY))
    stopped = [result.stopped_by for result in results if result.stopped_by]
    if stopped:
        session.execute(update(Citizen).where(col(Citizen.id).in_(stopped)).values(blocked_at=from_ms(now_ms)))


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
    unsure = update(Delivery).where(*dead).values(state=DeliveryState.UNSURE, reason="interrupted", done_at_ms=now_ms)
    return sum(session.connection().execute(statement).rowcount for statement in (again, unsure))


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
