"""Citizens, what they agreed to, and where their conversation stands."""

from datetime import datetime

from sqlmodel import Session, select

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


def agree(session: Session, citizen: Citizen, consent: Consent) -> None:
    """Record a yes or a no, with its proof, and let it take effect."""
    if consent.purpose == "news":
        citizen.wants_news = consent.given
        session.add(citizen)
    session.add(consent)
