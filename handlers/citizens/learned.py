"""The knowledge in memory: what the entries in the database say, indexed for questions."""

from collections.abc import Iterable, Iterator, Mapping

from bot.vietnamese.places import Move, Places
from bot.vietnamese.retrieval import Entry, Index, Kind
from data import knowledge
from data.tables import Neighbour, Procedure
from handlers.citizens.talk import Knowledge, NeighbourFacts, ProcedureFacts

NOTHING = Knowledge(Index(()), {})


def learn(procedures: Iterable[Procedure], neighbours: Iterable[Neighbour] = ()) -> Knowledge:
    # in one order, whichever a database gives them in: what is learned depends on it, if only a little
    facts = {procedure.code: _facts(procedure) for procedure in sorted(procedures, key=lambda each: each.code)}
    told = sorted(neighbours, key=lambda each: each.key)
    others = {each.key: NeighbourFacts(each.key, each.name, each.owner, each.advice) for each in told}
    entries = [_procedure(each) for each in facts.values()]
    entries += [Entry(each.key, (each.name, *each.aliases), tuple(each.phrasings), Kind.NEIGHBOUR) for each in told]
    entries += _broad(facts)
    entries += [Entry(row["intent"], (), tuple(row["phrasings"]), Kind.INTENT) for row in knowledge.starter("intents")]
    return Knowledge(Index(entries), facts, others, _places())


def _places() -> Places:
    return Places(Move(row["old"], row["district"], tuple(row["new"])) for row in knowledge.starter("units"))


def _procedure(facts: ProcedureFacts) -> Entry:
    return Entry(facts.code, (facts.name, facts.short, *facts.aliases), facts.phrasings, field=facts.field)


def _broad(facts: Mapping[str, ProcedureFacts]) -> Iterator[Entry]:
    """What needs a question back, as far as the commune has what may be meant."""
    for row in knowledge.starter("broad"):
        choices = tuple(code for code in row["codes"] if code in facts)
        if len(choices) > 1:
            yield Entry(row["key"], (), tuple(row["phrasings"]), Kind.BROAD, choices=choices)


def _facts(procedure: Procedure) -> ProcedureFacts:
    return ProcedureFacts(
        code=procedure.code,
        name=procedure.name,
        short=procedure.short,
        field=procedure.field,
        aliases=tuple(procedure.aliases),
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
        valid_from=procedure.valid_from,
        valid_to=procedure.valid_to,
        source_name=procedure.source_name,
        source_url=procedure.source_url or "",
        checked_on=procedure.checked_on,
        phrasings=tuple(procedure.phrasings),
        related=tuple(procedure.related),
        listed_only=procedure.state == "listed",
    )
