"""What the bot knows: procedures, the neighbours' matters, the commune's golden questions, and what citizens asked."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import delete, inspect
from sqlmodel import Session, SQLModel, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from data.tables import GoldenQuestion, Neighbour, Procedure, Question

_STARTER = Path(__file__).parent / "starter"
_DAYS = ("valid_from", "valid_to", "checked_on")

Entry = TypeVar("Entry", bound=Procedure | Neighbour)


def load_starter(session: Session, now: datetime) -> int:
    """Put in the shipped entries; one the staff have touched is never changed. How many were new or newer."""
    procedures = [procedure(row, now) for row in starter("procedures")]
    neighbours = [Neighbour(**row, updated_at=now) for row in starter("neighbours")]
    kept = {row.code: row for row in session.exec(select(Procedure))}
    told = {row.key: row for row in session.exec(select(Neighbour))}
    new = [row for row in procedures if _is_news(row, kept.get(row.code))]
    more = [row for row in neighbours if _is_news(row, told.get(row.key))]
    for row in (*new, *more):
        session.merge(row)
    return len(new) + len(more)


def starter(name: str) -> list[dict[str, Any]]:
    """The rows of a shipped file."""
    return [json.loads(line) for line in (_STARTER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def procedure(row: dict[str, Any], now: datetime) -> Procedure:
    """An entry from a row of a shipped file."""
    dated = {name: date.fromisoformat(row[name]) for name in _DAYS if row.get(name)}
    return Procedure(**{**row, **dated, "updated_at": now})


def _is_news(shipped: Entry, known: Entry | None) -> bool:
    """New, or another than the one of an earlier release that nobody has worked on since."""
    if known is None:
        return True
    is_untouched = known.version == 1 and known.state in ("sample", "listed")
    return is_untouched and _content(known) != _content(shipped)


def _content(row: SQLModel) -> dict[str, Any]:
    return row.model_dump(exclude={"updated_at"})


def answering(session: Session) -> list[Procedure]:
    """The entries that may answer a citizen, in a steady order."""
    return list(session.exec(select(Procedure).where(Procedure.state != "draft").order_by(col(Procedure.code))))


def neighbours(session: Session) -> list[Neighbour]:
    return list(session.exec(select(Neighbour).where(Neighbour.state != "draft").order_by(col(Neighbour.key))))


def golden(session: Session) -> list[GoldenQuestion]:
    return list(session.exec(select(GoldenQuestion).order_by(col(GoldenQuestion.id))))


def version(session: Session) -> tuple[datetime | None, datetime | None, int]:
    """When the knowledge last changed, and how much of it there is, for whoever keeps an index of it."""
    changed, count = session.exec(select(func.max(Procedure.updated_at), func.count(col(Procedure.code)))).one()
    told, more = session.exec(select(func.max(Neighbour.updated_at), func.count(col(Neighbour.key)))).one()
    return changed, told, count + more


def forget_questions(session: Session, before: datetime, limit: int) -> int:
    """Drop up to `limit` questions asked before then; how many."""
    old = select(Question.id).where(col(Question.asked_at) < before).limit(limit)
    return session.connection().execute(delete(Question).where(col(Question.id).in_(old))).rowcount


def open_questions(session: Session, limit: int, offset: int = 0) -> list[Question]:
    query = select(Question).where(col(Question.closed_at).is_(None)).order_by(col(Question.id).desc())
    return list(session.exec(query.limit(limit).offset(offset)))


def close_question(session: Session, question_id: int, staff_id: int, now: datetime, how: str = "seen") -> None:
    question = session.get_one(Question, question_id)
    question.closed_at, question.closed_by, question.closed_as = now, staff_id, how
    session.add(question)


# what the console asks

WAITING = ("choices", "unknown", "staff")  # outcomes that a clerk should look at


def procedures(session: Session) -> list[Procedure]:
    """All entries, drafts too, in the order of a register."""
    return list(session.exec(select(Procedure).order_by(col(Procedure.field), col(Procedure.short))))


def all_neighbours(session: Session) -> list[Neighbour]:
    return list(session.exec(select(Neighbour).order_by(col(Neighbour.name))))


def entry(session: Session, kind: type[Entry], key: str) -> Entry:
    """Raises `NoResultFound`."""
    return session.exec(_by_key(kind, key)).one()


def held_entry(session: Session, kind: type[Entry], key: str) -> Entry:
    """For a change: nobody else changes it in the meantime. Raises `NoResultFound`."""
    return session.exec(_by_key(kind, key).with_for_update()).one()


def _by_key(kind: type[Entry], key: str) -> SelectOfScalar[Entry]:
    (primary,) = inspect(kind).primary_key
    return select(kind).where(primary == key)


def procedure_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    query = select(Procedure.code, Procedure.short).where(col(Procedure.code).in_(list(codes)))
    return dict(session.exec(query).all())


def neighbour_names(session: Session, keys: Iterable[str]) -> dict[str, str]:
    query = select(Neighbour.key, Neighbour.name).where(col(Neighbour.key).in_(list(keys)))
    return dict(session.exec(query).all())


def answered_since(session: Session, since: datetime, most: int = 20_000) -> Counter[str]:
    """How many questions each entry answered, of the latest ones."""
    query = select(Question.codes).where(Question.asked_at >= since, Question.outcome == "answer")
    rows = session.exec(query.order_by(col(Question.asked_at).desc()).limit(most))
    return Counter(codes[0] for codes in rows if codes)


def questions(session: Session, limit: int, offset: int = 0, *, waiting: bool = True) -> list[Question]:
    query = select(Question).where(*_waiting(waiting)).order_by(col(Question.id).desc())
    return list(session.exec(query.limit(limit).offset(offset)))


def question_count(session: Session, *, waiting: bool = True) -> int:
    return session.exec(select(func.count(col(Question.id))).where(*_waiting(waiting))).one()


def _waiting(only: bool) -> list[Any]:
    return [col(Question.closed_at).is_(None), col(Question.outcome).in_(WAITING)] if only else []


def draft_count(session: Session) -> int:
    drafts = [
        session.exec(select(func.count()).where(col(Procedure.state) == "draft")).one(),
        session.exec(select(func.count()).where(col(Neighbour.state) == "draft")).one(),
    ]
    return sum(drafts)


def keep_golden(session: Session, text: str, outcome: str, codes: list[str], now: datetime) -> None:
    """The exam asks each question once: who asks it again says what is right from now on."""
    found = session.exec(select(GoldenQuestion).where(GoldenQuestion.text == text)).first()
    kept = found or GoldenQuestion(text=text, added_at=now)
    kept.outcome, kept.codes = outcome, codes
    session.add(kept)
