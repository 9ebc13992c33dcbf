"""What an import of knowledge would change, and what is wrong in the file; nothing is written here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, SQLModel

from data.cells import Unfit
from data.clock import local_day
from data.knowledge_files import Row, Table
from data.knowledge_sheets import CATALOGUE, CATALOGUE_NAME, GOLDEN, NEIGHBOURS, PROCEDURES, Column, Sheet, entries

FACTS = ("summary", "conditions", "documents", "how", "time_limit", "fee", "result", "legal_basis", "note")
# How citizens say it is not a fact: to change it needs nobody's approval.
SAID = ("aliases", "phrasings", "related")

Values = dict[str, Any]
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row and what to do about it, in Vietnamese."""

    place: str  # the name of the page, "" where there is only one
    row: int
    column: str  # "" when it is the whole row
    words: str


@dataclass(frozen=True, slots=True)
class Change:
    sheet: Sheet
    key: str
    name: str
    values: Values  # what is written
    entry: SQLModel | None = None  # what is there already
    titles: tuple[str, ...] = ()  # of the columns that change


@dataclass(slots=True)
class Plan:
    new: list[Change] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    same: int = 0
    kept: int = 0  # of the catalogue: there already, and left as they are
    problems: list[Problem] = field(default_factory=list)
    unapproved: list[str] = field(default_factory=list)  # keys the file calls approved, for which nobody answers
    unknown: list[str] = field(default_factory=list)  # headings and pages that were not used
    seen: dict[tuple[type[SQLModel], str], tuple[str, int]] = field(default_factory=dict)  # where a key stood first


def plan_tables(
    session: Session,
    tables: Iterable[Table],
    now: datetime,
    approver: int | None = None,
    advance: Advance = lambda rows: None,
) -> Plan:
    """`approver` is the member of staff who answers for the rows called approved; `advance` hears of rows done."""
    plan = Plan()
    for table in tables:
        plan.unknown.extend(heading for heading in table.unknown if heading not in plan.unknown)
        there = {getattr(entry, table.sheet.key): entry for entry in entries(session, table.sheet)}
        reading = _Reading(plan, table, there, local_day(now), approver)
        for row in table.rows:
            reading.take(row)
            advance(1)
    return plan


@dataclass(frozen=True, slots=True)
class _Reading:
    """One table on its way into the plan."""

    plan: Plan
    table: Table
    there: Mapping[str, SQLModel]
    today: date
    approver: int | None

    @property
    def sheet(self) -> Sheet:
        return self.table.sheet

    def take(self, row: Row) -> None:
        before = len(self.plan.problems)
        values = self._values(row)
        if len(self.plan.problems) == before and self._is_first(row, values):
            self._decide(row, values)

    def _values(self, row: Row) -> Values:
        """What the cells mean; a column that is not in the file leaves no value, nor does a state left empty."""
        if row.fault:
            self._wrong(row, "", row.fault)
        columns = [column for column in self.sheet.read if column.name in row.cells]
        found = {column.name: self._value(row, column) for column in columns}
        return {name: value for name, value in found.items() if value or name not in ("state", "outcome")}

    def _value(self, row: Row, column: Column) -> Any:
        try:
            value = column.read(row.cells[column.name])
        except Unfit as error:
            self._wrong(row, column.title, str(error))
            return None
        if column.needed and not value:
            self._wrong(row, column.title, "không được để trống")
        return value

    def _wrong(self, row: Row, column: str, words: str) -> None:
        self.plan.problems.append(Problem(self.table.place, row.number, column, words))

    def _is_first(self, row: Row, values: Values) -> bool:
        here = self.table.place, row.number
        first = self.plan.seen.setdefault((self.sheet.table, values[self.sheet.key]), here)
        if first != here and self.sheet is CATALOGUE:
            self.plan.kept += 1
        elif first != here:
            self._wrong(row, self.sheet.titled(self.sheet.key), f"trùng với dòng {first[1]}; bỏ bớt một dòng")
        return first == here

    def _decide(self, row: Row, values: Values) -> None:
        entry = self.there.get(values[self.sheet.key])
        if entry is None:
            self._begin(row, values)
        elif self.sheet is CATALOGUE:
            self.plan.kept += 1
        else:
            self._compare(row, values, entry)

    def _begin(self, row: Row, values: Values) -> None:
        whole = _BEGINNINGS[self.sheet.title](values, self.today)
        for column in self.sheet.read:
            if (column.needed or column.name == "checked_on") and not whole.get(column.name):
                self._wrong(row, column.title, "mục mới cần có ô này")
        settled = self._settled(whole, state="", differs=True)
        self.plan.new.append(_change(self.sheet, settled))

    def _compare(self, row: Row, values: Values, entry: SQLModel) -> None:
        if values.get("checked_on", self.today) is None:
            self._wrong(row, self.sheet.titled("checked_on"), "không được để trống; muốn giữ như cũ thì bỏ cả cột")
        if not values.get("short", "-"):
            values["short"] = short_name(_name(values, entry))
        state = getattr(entry, "state", "")
        settled = self._settled(values, state, differs=bool(_differing(self.sheet, values, entry, ("state", *SAID))))
        titles = _differing(self.sheet, settled, entry)
        if titles:
            self.plan.changed.append(_change(self.sheet, settled, entry, titles))
        else:
            self.plan.same += 1

    def _settled(self, values: Values, state: str, *, differs: bool) -> Values:
        """The values with their state: approved only by an approver, and approved again when the facts changed."""
        wanted = values.get("state", state)
        if wanted != "approved":
            return values | self._approved_by(None)
        if self.approver and "state" in values:
            return values | (self._approved_by(self.approver) if differs or state != "approved" else {})
        if differs or state != "approved":
            self.plan.unapproved.append(values[self.sheet.key])
        return values | ({"state": "draft"} | self._approved_by(None) if differs else {"state": state})

    def _approved_by(self, approver: int | None) -> Values:
        return {"approved_by": approver} if self.sheet is PROCEDURES else {}


def _change(sheet: Sheet, values: Values, entry: SQLModel | None = None, titles: tuple[str, ...] = ()) -> Change:
    return Change(sheet, values[sheet.key], _name(values, entry), values, entry, titles)


def _name(values: Values, entry: SQLModel | None) -> str:
    return str(values.get("name") or getattr(entry, "name", ""))


def _differing(sheet: Sheet, values: Values, entry: SQLModel, but: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The titles of the columns in which the values are not those of the entry."""
    columns = [column for column in sheet.read if column.name in values and column.name not in but]
    return tuple(column.title for column in columns if not _is_same(column, getattr(entry, column.name), values))


def _is_same(column: Column, kept: Any, values: Values) -> bool:
    try:
        return bool(column.read(kept) == values[column.name])
    except Unfit:
        return False


def _procedure(values: Values, today: date) -> Values:
    """A new entry; a bare name says nothing that could be out of date, and needs no day on which it was checked."""
    knows = any(values.get(name) for name in FACTS)
    given = {name: value for name, value in values.items() if value}
    empty: Values = dict.fromkeys(("field", "summary", "where", "result", "source_name"), "")
    begun: Values = {"state": "draft"} if knows else {"state": "listed", "checked_on": today}
    return empty | {"short": short_name(values.get("name", ""))} | begun | given


def _catalogue(values: Values, today: date) -> Values:
    return _procedure(values, today) | {"source_name": CATALOGUE_NAME}


def _neighbour(values: Values, today: date) -> Values:
    return {"state": "draft"} | values


def _golden(values: Values, today: date) -> Values:
    return {"outcome": "answer"} | values


def short_name(name: str) -> str:
    bare = name.removeprefix("Thủ tục ").strip()
    return bare[:1].upper() + bare[1:]


_BEGINNINGS: dict[str, Callable[[Values, date], Values]] = {
    PROCEDURES.title: _procedure,
    CATALOGUE.title: _catalogue,
    NEIGHBOURS.title: _neighbour,
    GOLDEN.title: _golden,
}
