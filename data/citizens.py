"""Citizens, what they agreed to, and where their conversation stands."""

from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from data.clock import to_ms
from data.outbox import release_held
from data.tables import Citizen, Consent, Conversation, Message


def meet(session: Session, account_id: int, person: str, now: datetime) -> Citizen:
    """The citizen behind a platform's id, made when new."""
    found = session.exec(select(Citizen).where(Citizen.account_id == account_id, Citizen.person == person)).first()
    if found:
        return found
    citizen = Citizen(account_id=account_id, person=person, first_seen_at=now)
    session.add(citizen)
    session.flush()
    return citizen


def conversation(session: Session, citizen_id: int, now: datetime) -> Conversation:
    found = session.get(Conversation, citizen_id)
    if found is None:
        found = Conversation(citizen_id=citizen_id, updated_at=now)
        session.add(found)
    return found


def heard(session: Session, citizen: Citizen, message: Message) -> None:
    citizen.last_incoming_at = message.at
    citizen.blocked_at = None  # who writes to us does not block us, even where the platform never says so
    session.add(citizen)
    session.add(message)
    release_held(session, citizen.id or 0, to_ms(message.at))


def agree(session: Session, citizen: Citizen, consent: Consent) -> None:
    """Record a yes or a no, with its proof, and let it take effect."""
    if consent.purpose == "news":
        citizen.wants_news = consent.given
        session.add(citizen)
    session.add(consent)


def message(session: Session, citizen_id: int, platform_id: str) -> Message | None:
    """What a citizen said, by the platform's id of it."""
    query = select(Message).where(Message.citizen_id == citizen_id, Message.platform_id == platform_id)
    return session.exec(query.order_by(col(Message.id).desc())).first() if platform_id else None


ASKED_AGAIN = timedelta(days=30)


def nameless(session: Session, account_id: int, now: datetime, limit: int) -> list[tuple[int, str]]:
    """Who wrote lately and has no name, and whose name was not asked for lately: id and the platform's id."""
    query = select(Citizen.id, Citizen.person).where(
        Citizen.account_id == account_id,
        Citizen.name == "",
        col(Citizen.last_incoming_at) >= now - timedelta(days=7),
        or_(col(Citizen.name_asked_at).is_(None), col(Citizen.name_asked_at) < now - ASKED_AGAIN),
        col(Citizen.person).not_like("%:%"),  # a comment's writer, a visitor: nobody the platform can name
    )
    return [(citizen_id or 0, person) for citizen_id, person in session.exec(query.limit(limit))]


def named(session: Session, citizen_id: int, name: str, now: datetime) -> None:
    citizen = session.get_one(Citizen, citizen_id)
    citizen.name, citizen.name_asked_at = name or citizen.name, now
    session.add(citizen)
