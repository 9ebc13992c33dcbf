"""What the office tells a citizen about their own matter."""

from datetime import datetime

from sqlmodel import Session

from bot.messages import Reply
from data.accounts import the_unit
from data.clock import to_ms
from data.tables import Citizen, Complaint, DeliveryKind
from handlers.citizens import texts
from handlers.citizens.changes import Office
from handlers.speaking import About, say


def tell_citizen(
    session: Session, complaint: Complaint, words: str, office: Office, staff_id: int | None, now: datetime
) -> bool:
    """Lay a message to the citizen in this transaction; False when there is nobody to write to."""
    citizen = session.get(Citizen, complaint.citizen_id) if complaint.citizen_id else None
    limits = office.limits(citizen.account_id) if citizen else None
    if citizen is None or limits is None:
        return False
    about = About(DeliveryKind.NOTICE, complaint_id=complaint.id, staff_id=staff_id)
    reply = Reply(words, facts=facts_of(complaint, the_unit(session).name))
    say(session, citizen, [reply], limits, about, to_ms(now))
    return True


def facts_of(complaint: Complaint, unit: str) -> dict[str, str]:
    """What a platform's approved template says in place of our words: docs/setup names these fields."""
    return {"code": complaint.code, "state": texts.STATES[complaint.state], "unit": unit}
