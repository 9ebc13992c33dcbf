"""What a platform tells us that no citizen says: echoes of our own words, news of our account, a press in the group."""

from datetime import datetime

from sqlmodel import Session, select

from bot.messages import Incoming, Kind
from data import echoes, publications
from data.tables import Arrival, Citizen
from handlers.citizens import changes
from handlers.citizens.news import compose
from handlers.citizens.talk import AlertStaff
from handlers.staff import group


def told(session: Session, arrival: Arrival, incoming: Incoming, office: changes.Office, now: datetime) -> str | None:
    """What it was, when it is dealt with here; None for what a citizen said."""
    if incoming.chat:
        return group.acted(session, arrival, incoming, office, now)
    if incoming.kind is Kind.SENT:
        return _echo(session, arrival, incoming, now)
    if incoming.kind is Kind.ACCOUNT:
        changes.alert(session, office, AlertStaff(incoming.text), now)
        return "about our account"
    if incoming.kind is Kind.COMMENT and not publications.is_ours(session, arrival.account_id, incoming.about):
        return "a comment under a post that is not ours"
    return None


def _echo(session: Session, arrival: Arrival, incoming: Incoming, now: datetime) -> str:
    whose = select(Citizen.id).where(Citizen.account_id == arrival.account_id, Citizen.person == incoming.person)
    citizen_id = session.exec(whose).first()
    if citizen_id is None:
        return "echo to nobody we know"
    if incoming.payload:
        found = echoes.by_mark(session, citizen_id, incoming.payload, incoming.message_id, now)
    else:
        found = echoes.by_words(session, citizen_id, incoming.text, incoming.message_id, _words, now)
    return "echo of a delivery" if found else "echo"


def _words(text: str, link: str) -> str:
    return compose(text, link).text
