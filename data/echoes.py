"""What the platform shows of our own messages, by which a delivery in doubt becomes a sent one."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from data.clock import to_ms
from data.tables import Delivery, DeliveryState, Issue

LOOKED_BACK = timedelta(days=3)
ASKED_EVERY = timedelta(hours=1)
_REPEATED = and_(col(Delivery.state) == DeliveryState.WAITING, col(Delivery.reason) == "unsure")
_IN_DOUBT = or_(col(Delivery.state).in_([DeliveryState.SENDING, DeliveryState.UNSURE]), _REPEATED)

Words = Callable[[str, str], str]
"""An issue's text and link -> the words a citizen gets of it."""


def by_mark(session: Session, citizen_id: int, mark: str, message_id: str, now: datetime) -> bool:
    """The delivery that bears this mark has arrived; False when it is none of this citizen's."""
    delivery = session.get(Delivery, int(mark)) if mark.isdecimal() and len(mark) < 19 else None
    if delivery is None or delivery.citizen_id != citizen_id or delivery.attempts == 0:
        return False
    _arrived(session, delivery, message_id, now)
    return True


def by_words(session: Session, citizen_id: int, said: str, message_id: str, words: Words, now: datetime) -> bool:
    """The oldest delivery in doubt with just these words has arrived; False when there is none."""
    if not message_id or _is_known(session, citizen_id, message_id):
        return False
    for delivery in _in_doubt(session, citizen_id, now):
        if _same(said, _words_of(session, delivery, words)):
            _arrived(session, delivery, message_id, now)
            return True
    return False


def unsure_people(session: Session, account_id: int, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Citizens of whom a recent delivery is in doubt: id and the platform's id."""
    since_ms = to_ms(now - LOOKED_BACK)
    query = select(Delivery.citizen_id, Delivery.person).where(
        Delivery.account_id == account_id,
        Delivery.state == DeliveryState.UNSURE,
        col(Delivery.citizen_id).is_not(None),
        Delivery.created_at_ms >= since_ms,
        Delivery.retry_at_ms <= to_ms(now),
    )
    return [(citizen_id or 0, person) for citizen_id, person in session.exec(query.distinct().limit(limit))]


def asked(session: Session, citizen_id: int, now: datetime) -> None:
    """The platform is being asked about this person's: not again for a while."""
    again_ms = to_ms(now + ASKED_EVERY)
    unsure = (col(Delivery.citizen_id) == citizen_id, col(Delivery.state) == DeliveryState.UNSURE)
    session.execute(update(Delivery).where(*unsure).values(retry_at_ms=again_ms))


def _is_known(session: Session, citizen_id: int, message_id: str) -> bool:
    query = select(Delivery.id).where(Delivery.citizen_id == citizen_id, Delivery.platform_id == message_id)
    return session.exec(query.limit(1)).first() is not None


def _in_doubt(session: Session, citizen_id: int, now: datetime) -> list[Delivery]:
    query = select(Delivery).where(
        Delivery.citizen_id == citizen_id,
        _IN_DOUBT,
        Delivery.platform_id == "",
        Delivery.created_at_ms >= to_ms(now - LOOKED_BACK),
    )
    return list(session.exec(query.order_by(col(Delivery.id))))


def _words_of(session: Session, delivery: Delivery, words: Words) -> str:
    if delivery.body is not None or delivery.issue_id is None:
        return str((delivery.body or {}).get("text", ""))
    issue = session.get_one(Issue, delivery.issue_id)
    return words(issue.text, issue.link)


def _same(one: str, other: str) -> bool:
    return bool(one.strip()) and " ".join(one.split()) == " ".join(other.split())


def _arrived(session: Session, delivery: Delivery, message_id: str, now: datetime) -> None:
    """A sender that still waits for its answer finds the id; a delivery that nobody waits for is sent."""
    if delivery.state == DeliveryState.SENT:
        return
    delivery.platform_id = message_id
    if delivery.state in (DeliveryState.UNSURE, DeliveryState.WAITING):
        delivery.state, delivery.reason, delivery.done_at_ms = DeliveryState.SENT, "", to_ms(now)
    session.add(delivery)
