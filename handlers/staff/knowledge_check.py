"""Is the knowledge right? What is out of date, at odds with itself, or not found by those who ask."""

from collections.abc import Callable, Sequence
from datetime import date

from data.tables import GoldenQuestion, Neighbour, Procedure
from handlers.citizens.talk import Knowledge
from handlers.staff.findings import KINDS, Finding
from handlers.staff.knowledge_age import aged
from handlers.staff.knowledge_conflicts import Entry, at_odds, key_of, shared
from handlers.staff.knowledge_reach import failed, reached
from handlers.staff.learning import sitter


def check(
    procedures: Sequence[Procedure],
    neighbours: Sequence[Neighbour],
    golden: Sequence[GoldenQuestion],
    known: Knowledge,
    today: date,
    advance: Callable[[int], None] = lambda entries: None,
) -> list[Finding]:
    """All there is to say, by kind and what must be done first; `advance` hears of each entry that is done."""
    entries: list[Entry] = [*procedures, *neighbours]
    names = {key_of(entry): entry.name for entry in entries}
    codes = {entry.code for entry in procedures}
    sit = sitter(known.index)
    found = [*shared(entries), *failed(golden, sit)]
    for procedure in procedures:
        found += [*aged(procedure, today), *at_odds(procedure, codes)]
    for entry in entries:
        found += reached(entry, sit, names)
        advance(1)
    order = list(KINDS)
    return sorted(found, key=lambda finding: (order.index(finding.kind), not finding.must, finding.code))
