"""Who did what, when, from where: every sensitive act leaves a line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from data.tables import Audit


@dataclass(frozen=True, slots=True)
class Actor:
    name: str  # a user name, "command line" or "clock"
    staff_id: int | None = None
    address: str = ""


COMMAND_LINE = Actor("command line")
CLOCK = Actor("clock")


def note(session: Session, /, at: datetime, actor: Actor, action: str, subject: str = "", **detail: Any) -> None:
    """Record an act. `detail` never holds personal data or secrets: numbers, codes and reasons only."""
    session.add(
        Audit(
            at=at,
            staff_id=actor.staff_id,
            actor=actor.name,
            action=action,
            subject=subject,
            detail=detail,
            address=actor.address,
        )
    )


def latest(session: Session, limit: int, before_id: int | None = None) -> list[Audit]:
    query = select(Audit).order_by(col(Audit.id).desc()).limit(limit)
    if before_id:
        query = query.where(col(Audit.id) < before_id)
    return list(session.exec(query))
