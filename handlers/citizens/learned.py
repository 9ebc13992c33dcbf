"""The knowledge in memory: what the entries in the database say, indexed for questions."""

from collections.abc import Iterable

from bot.vietnamese.retrieval import Entry, Index
from data.tables import Procedure
from handlers.citizens.talk import Knowledge, ProcedureFacts


def learn(procedures: Iterable[Procedure]) -> Knowledge:
    facts = {procedure.code: _facts(procedure) for procedure in procedures}
    entries = (Entry(each.code, (each.name, each.short, *each.phrasings)) for each in facts.values())
    return Knowledge(Index(entries), facts)


def _facts(procedure: Procedure) -> ProcedureFacts:
    return ProcedureFacts(
        code=procedure.code,
        name=procedure.name,
        short=procedure.short,
        summary=procedure.summary,
        conditions=procedure.conditions,
        documents=tuple(procedure.documents),
        where=procedure.where,
        how=tuple(procedure.how),
        time_limit=procedure.time_limit,
        fee=procedure.fee,
        result=procedure.result,
        legal_basis=tuple(procedure.legal_basis),
        note=procedure.note,
        valid_to=procedure.valid_to,
        source_name=procedure.source_name,
        checked_on=procedure.checked_on,
        phrasings=tuple(procedure.phrasings),
        listed_only=procedure.state == "listed",
    )
