"""Knowledge entries out of a file: all of it or nothing."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, SQLModel, insert

from data.knowledge_files import Table
from data.knowledge_plan import Advance, Change, Plan, plan_tables
from data.knowledge_sheets import GOLDEN


def import_tables(
    session: Session,
    tables: Iterable[Table],
    now: datetime,
    approver: int | None = None,
    advance: Advance = lambda rows: None,
) -> Plan:
    """Carry out the plan of these tables, unless there is a problem anywhere: then nothing is written."""
    plan = plan_tables(session, tables, now, approver, advance)
    if not plan.problems:
        _insert(session, plan.new, now)
        for change in plan.changed:
            _update(change, now)
        session.flush()
    return plan


def _insert(session: Session, changes: Iterable[Change], now: datetime) -> None:
    """All rows of a table at once: a catalogue has thousands, and the server cannot write meanwhile."""
    fresh: defaultdict[type[SQLModel], list[dict[str, Any]]] = defaultdict(list)
    for change in changes:
        fresh[change.sheet.table].append(change.values | _stamp(change, now))
    for table, given in fresh.items():
        blank = _blank(table)
        session.execute(insert(table), [blank | values for values in given])


def _blank(table: type[SQLModel]) -> dict[str, Any]:
    """What a row holds of which nothing is said; the database counts ids by itself."""
    fields = {name: field for name, field in table.model_fields.items() if name != "id" and not field.is_required()}
    return {name: field.get_default(call_default_factory=True) for name, field in fields.items()}


def _update(change: Change, now: datetime) -> None:
    for name, value in (change.values | _stamp(change, now)).items():
        setattr(change.entry, name, value)


def _stamp(change: Change, now: datetime) -> dict[str, Any]:
    if change.sheet is GOLDEN:
        return {} if change.entry else {"added_at": now}
    return {"updated_at": now, "version": getattr(change.entry, "version", 0) + 1}
