"""Arrivals, from the moment they are on the disk until they are handled, ignored or set aside."""

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from data.tables import Arrival, ArrivalState

TRIES = 5
Waiting = tuple[int, int, str]
"""id, account_id, person"""


def waiting(session: Session, accounts: Collection[int], now_ms: int, limit: int) -> list[Waiting]:
    """Of each citizen the first arrival nobody has handled, when it is due; the oldest first.

    Only of these accounts: an arrival of a channel that is switched off waits until it is on again.
    """
    firsts = (
        select(func.min(Arrival.id).label("id"))
        .where(Arrival.state == ArrivalState.WAITING, col(Arrival.account_id).in_(accounts))
        .group_by(col(Arrival.account_id), col(Arrival.person))
        .subquery()
    )
    query = select(Arrival.id, Arrival.account_id, Arrival.person).join(firsts, firsts.c.id == Arrival.id)
    query = query.where(Arrival.retry_at_ms <= now_ms).order_by(col(Arrival.id)).limit(limit)
    return [(arrival_id or 0, account_id, person) for arrival_id, account_id, person in session.exec(query)]


def take(session: Session, arrival_id: int, now_ms: int) -> Arrival | None:
    """The arrival, held for this transaction, when it is still waiting, due, and the first of its citizen."""
    if not _hold_citizen(session, arrival_id):
        return None
    query = select(Arrival).where(Arrival.id == arrival_id, Arrival.state == ArrivalState.WAITING)
    query = query.where(Arrival.retry_at_ms <= now_ms)
    return session.exec(query.with_for_update(skip_locked=True)).first()


def _hold_citizen(session: Session, arrival_id: int) -> bool:
    """On PostgreSQL several processes work side by side: one citizen's arrivals stay in one pair of hands, in order."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    arrival = session.get(Arrival, arrival_id)
    if arrival is None:
        return False
    key = func.hashtextextended(f"{arrival.account_id}:{arrival.person}", 0)
    if not session.exec(select(func.pg_try_advisory_xact_lock(key))).one():
        return False
    session.expire(arrival)
    earlier = select(Arrival.id).where(
        Arrival.state == ArrivalState.WAITING,
        Arrival.account_id == arrival.account_id,
        Arrival.person == arrival.person,
        col(Arrival.id) < arrival_id,
    )
    return session.exec(earlier.limit(1)).first() is None


def finish(session: Session, arrival: Arrival, state: ArrivalState, note: str = "") -> None:
    arrival.state, arrival.note = state, note
    session.add(arrival)


def failed(session: Session, arrival_id: int, note: str, now_ms: int) -> ArrivalState:
    """Count a failure: try again later, or after a few tries set the arrival aside for a person to see."""
    arrival = session.get_one(Arrival, arrival_id)
    arrival.attempts += 1
    arrival.note = note[:500]
    arrival.retry_at_ms = now_ms + _pause_ms(arrival.attempts)
    if arrival.attempts >= TRIES:
        arrival.state = ArrivalState.ASIDE
    session.add(arrival)
    return arrival.state


def retry_aside(session: Session) -> int:
    """Give the arrivals that were set aside another chance; how many."""
    again = {"state": ArrivalState.WAITING, "attempts": 0, "retry_at_ms": 0}
    statement = update(Arrival).where(col(Arrival.state) == ArrivalState.ASIDE).values(**again)
    return session.connection().execute(statement).rowcount


def _pause_ms(attempts: int) -> int:
    return int(timedelta(seconds=2**attempts).total_seconds() * 1000)


def backlog(session: Session) -> dict[str, int]:
    counted = select(Arrival.state, func.count()).where(
        col(Arrival.state).in_([ArrivalState.WAITING, ArrivalState.ASIDE])
    )
    found = dict(session.exec(counted.group_by(Arrival.state)).all())
    return {state: found.get(ArrivalState(state), 0) for state in ("waiting", "aside")}


SAME_WITHIN_MS = 300_000  # by how much two of a platform's interfaces differ about one message's time


def latest_ms(session: Session, account_id: int) -> int | None:
    """When an account last heard anything; None when it never did."""
    newest = select(Arrival.received_at_ms).where(Arrival.account_id == account_id).order_by(col(Arrival.id).desc())
    return session.exec(newest.limit(1)).first()


def is_known(session: Session, account_id: int, event_id: str, at_ms: int) -> bool:
    around = col(Arrival.event_at_ms).between(at_ms - SAME_WITHIN_MS, at_ms + SAME_WITHIN_MS)
    query = select(Arrival.id).where(around, Arrival.event_id == event_id, Arrival.account_id == account_id)
    return session.exec(query.limit(1)).first() is not None


def redact(session: Session, arrival_id: int) -> None:
    """Forget what was said: the event stays known, so that a repeat stays a repeat; its words do not."""
    session.execute(update(Arrival).where(col(Arrival.id) == arrival_id).values(body=None))


def forget_bodies(session: Session, before_ms: int, limit: int) -> int:
    """Drop the raw bodies of arrivals handled long ago; the keys stay, for repeats."""
    old = (
        select(Arrival.id)
        .where(
            Arrival.received_at_ms < before_ms, Arrival.state != ArrivalState.WAITING, col(Arrival.body).is_not(None)
        )
        .limit(limit)
    )
    ids = list(session.exec(old))
    session.execute(update(Arrival).where(col(Arrival.id).in_(ids)).values(body=None))
    return len(ids)
