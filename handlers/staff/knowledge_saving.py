"""How an entry changes: what was typed, who may let it answer, and what happens when two people edit at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from data import knowledge
from data.audit import note
from data.clock import local_day
from data.tables import Neighbour, Procedure, Question
from handlers.staff.knowledge_fields import HOW_IT_IS_SAID, Section, differing, fields_of
from handlers.staff.visit import Visit

Row = Procedure | Neighbour


@dataclass(frozen=True, slots=True)
class Wish:
    """What an entry is to say."""

    values: Mapping[str, Any]
    version: int  # the one that was on the screen
    approves: bool = False


class MovedOn(Exception):
    """Somebody else has saved the entry since it was put on the screen."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self.row = row


def change(session: Session, visit: Visit, row: Row, wish: Wish, sections: tuple[Section, ...]) -> str:
    """Save, and return the word for what the next page says. Raises `MovedOn`."""
    if row.version != wish.version:
        session.expunge(row)
        raise MovedOn(row)
    kept = {name: getattr(row, name) for name in wish.values}
    changed = differing(kept, wish.values)
    if not changed and not wish.approves:
        return "entry-same"
    _set(row, wish, visit, state_after(row.state, changed, approves=wish.approves))
    if isinstance(row, Procedure):
        row.checked_on = _checked_on(wish, kept["checked_on"], local_day(visit.now))
    row.version += 1
    session.add(row)
    titles = ", ".join(field.title for field in fields_of(sections) if field.name in changed)
    act = "knowledge.approve" if wish.approves else "knowledge.change"
    note(session, visit.now, visit.actor, act, key_of(row), state=row.state, fields=titles)
    return _done(row, wish)


def create(session: Session, visit: Visit, row: Row, wish: Wish, question_id: int, closed_as: str) -> str:
    _set(row, wish, visit, "approved" if wish.approves else "draft")
    session.add(row)
    note(session, visit.now, visit.actor, "knowledge.new", key_of(row), state=row.state)
    if question_id:
        settle(session, visit, question_id, closed_as)
    return _done(row, wish)


def _set(row: Row, wish: Wish, visit: Visit, state: str) -> None:
    for name, value in wish.values.items():
        setattr(row, name, value)
    row.state, row.updated_at = state, visit.now
    if not isinstance(row, Procedure):
        return
    if wish.approves:
        row.approved_by = visit.member_id
    elif state == "draft":
        row.approved_by = None
    row.checked_on = row.checked_on or local_day(visit.now)


def _checked_on(wish: Wish, kept: date, today: date) -> date:
    """Who approves has checked it today, unless another day was typed."""
    typed: date | None = wish.values["checked_on"]
    return today if typed is None or (wish.approves and typed == kept) else typed


def state_after(state: str, changed: list[str], *, approves: bool) -> str:
    if approves:
        return "approved"
    return state if set(changed) <= set(HOW_IT_IS_SAID) else "draft"


def key_of(row: Row) -> str:
    return row.code if isinstance(row, Procedure) else row.key


def _done(row: Row, wish: Wish) -> str:
    if wish.approves:
        return "entry-approved"
    return "entry-draft" if row.state == "draft" else "entry-said"


def settle(session: Session, visit: Visit, question_id: int, closed_as: str) -> None:
    """The question has led to something; the first one to settle it stands in the books."""
    question = session.get_one(Question, question_id)
    if question.closed_at is None:
        knowledge.close_question(session, question_id, visit.member_id, visit.now, closed_as)


def take_back(session: Session, visit: Visit, row: Procedure) -> None:
    """From now on the entry says its name, its place and the portal's address, and no figures."""
    row.state, row.approved_by = "listed", None
    row.version, row.updated_at = row.version + 1, visit.now
    session.add(row)
    note(session, visit.now, visit.actor, "knowledge.list", row.code)
