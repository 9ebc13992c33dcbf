"""Knowledge entries: the shipped samples, and what the staff make of them."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from data.tables import Procedure, Question

_STARTER = Path(__file__).parent / "starter"
CHECKED_ON = date(2026, 11, 24)


def load_starter(session: Session, now: datetime) -> int:
    """Put in the shipped entries the table does not have yet; never touch one the staff have. How many were new."""
    known = set(session.exec(select(Procedure.code)))
    new = [_entry(row, now) for row in _rows("procedures.jsonl") if row["code"] not in known]
    new += [_listed(row, now) for row in _rows("names.jsonl") if row["code"] not in known]
    session.add_all(new)
    return len(new)


def _rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (_STARTER / name).read_text(encoding="utf-8").splitlines()]


def _listed(row: dict[str, Any], now: datetime) -> Procedure:
    """Only name and code are sure: it is answered with the portal, and keeps others from being taken for it."""
    return Procedure(
        **row,
        short=row["name"],
        summary="",
        where="",
        result="",
        source_name="Danh mục thủ tục hành chính cấp xã",
        checked_on=CHECKED_ON,
        state="listed",
        updated_at=now,
    )


def _entry(row: dict[str, Any], now: datetime) -> Procedure:
    dated = {name: date.fromisoformat(row[name]) if row[name] else None for name in ("valid_to", "checked_on")}
    return Procedure(**{**row, **dated, "updated_at": now})


def answering(session: Session) -> list[Procedure]:
    """The entries that may answer a citizen, in a steady order."""
    return list(session.exec(select(Procedure).where(Procedure.state != "draft").order_by(col(Procedure.code))))


def version(session: Session) -> datetime | None:
    """When the knowledge last changed, for whoever keeps an index of it."""
    query = select(Procedure.updated_at).order_by(col(Procedure.updated_at).desc())
    return session.exec(query.limit(1)).first()


def open_questions(session: Session, limit: int, offset: int = 0) -> list[Question]:
    query = select(Question).where(col(Question.closed_at).is_(None)).order_by(col(Question.id).desc())
    return list(session.exec(query.limit(limit).offset(offset)))


def close_question(session: Session, question_id: int, staff_id: int, now: datetime) -> None:
    question = session.get_one(Question, question_id)
    question.closed_at, question.closed_by = now, staff_id
    session.add(question)
