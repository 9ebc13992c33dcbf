"""The learning loop: a citizen's words become a phrasing, after the exam has been sat with and without them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlmodel import Session

from bot.vietnamese.meaning import understand
from bot.vietnamese.retrieval import Index
from bot.vietnamese.understanding import Understood
from data import knowledge
from data.audit import note
from data.knowledge import Entry
from data.tables import GoldenQuestion, Neighbour, Procedure
from handlers.citizens.learned import learn
from handlers.citizens.talk import Knowledge
from handlers.staff.knowledge_saving import Row, key_of, settle
from handlers.staff.visit import Visit

OUTCOMES = ("answer", "choices", "not_ours", "unknown")  # what the exam may expect


@dataclass(frozen=True, slots=True)
class Target:
    """The entry that a question is to lead to."""

    table: type[Procedure] | type[Neighbour]
    key: str

    @property
    def outcome(self) -> str:
        return "answer" if self.table is Procedure else "not_ours"

    def is_(self, row: Row) -> bool:
        return isinstance(row, self.table) and key_of(row) == self.key


@dataclass(frozen=True, slots=True)
class Known:
    """The knowledge as it stands, free of the database."""

    procedures: list[Procedure]
    neighbours: list[Neighbour]
    exam: list[GoldenQuestion]

    def names(self) -> dict[str, str]:
        called = {row.code: row.short for row in self.procedures}
        return called | {row.key: row.name for row in self.neighbours}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of a question."""

    outcome: str
    codes: tuple[str, ...]  # best first; of a neighbour its key


@dataclass(frozen=True, slots=True)
class Change:
    """A question of the exam that is understood otherwise with the new phrasing."""

    question: GoldenQuestion
    before: Made
    after: Made

    @property
    def was_right(self) -> bool:
        return is_right(self.question, self.before)

    @property
    def is_right(self) -> bool:
        return is_right(self.question, self.after)

    @property
    def rank(self) -> tuple[bool, bool]:
        """What got worse, what stays wrong, what is right."""
        return self.is_right, not self.was_right


@dataclass(frozen=True, slots=True)
class Effect:
    before: Made  # of the question itself
    after: Made
    asked: int  # questions of the exam
    right_before: int
    right_after: int
    changes: list[Change]  # what got worse stands first
    is_reached: bool  # with the phrasing, the question leads to its entry

    @property
    def is_worse(self) -> bool:
        return self.right_after < self.right_before


@dataclass(frozen=True, slots=True)
class Near:
    """An entry to which a question may belong."""

    kind: str  # procedure | neighbour
    key: str
    name: str
    about: str = ""  # the code, or whose matter it is


def near(session: Session, keys: Iterable[str]) -> dict[str, Near]:
    keys = list(keys)
    ours = {
        code: Near("procedure", code, name, code) for code, name in knowledge.procedure_names(session, keys).items()
    }
    theirs = {key: Near("neighbour", key, name) for key, name in knowledge.neighbour_names(session, keys).items()}
    return ours | theirs


def known(session: Session) -> Known:
    return Known(knowledge.answering(session), knowledge.neighbours(session), knowledge.golden(session))


def effect(known: Known, target: Target, phrasing: str, learned: Knowledge | None = None) -> Effect:
    """Learn everything once more, with the phrasing, and sit the exam without it and with it: a second or more.

    `learned` is what the bot answers with now; where that is not to be had, everything is learned twice.
    """
    before = sitter((learned or learn(known.procedures, known.neighbours)).index)
    after = sitter(_learned_with(known, target, phrasing))
    changes = [Change(each, before(each.text), after(each.text)) for each in known.exam]
    return Effect(
        before(phrasing),
        after(phrasing),
        len(changes),
        sum(each.was_right for each in changes),
        sum(each.is_right for each in changes),
        sorted((each for each in changes if each.before != each.after), key=lambda each: each.rank),
        after(phrasing) == Made(target.outcome, (target.key,)),
    )


def _learned_with(known: Known, target: Target, phrasing: str) -> Index:
    procedures = [_with(row, phrasing) if target.is_(row) else row for row in known.procedures]
    neighbours = [_with(row, phrasing) if target.is_(row) else row for row in known.neighbours]
    return learn(procedures, neighbours).index


def _with(row: Entry, phrasing: str) -> Entry:
    return type(row)(**{**row.model_dump(), "phrasings": [*row.phrasings, phrasing]})


def sitter(index: Index) -> Callable[[str], Made]:
    """Who sits the exam with what this index knows."""

    def sit(text: str) -> Made:
        return _made(understand(index, text))

    return sit


def _made(understood: Understood) -> Made:
    shown = {
        "answer": understood.codes[:1],
        "choices": understood.choices or understood.codes,
        "several": understood.choices or understood.codes,
        "not_ours": (understood.neighbour,),
    }
    return Made(understood.outcome, shown.get(understood.outcome, ()))


def is_right(question: GoldenQuestion, made: Made) -> bool:
    outcome = "choices" if made.outcome == "several" else made.outcome
    if outcome != question.outcome:
        return False
    return outcome == "unknown" or not question.codes or bool({*question.codes} & {*made.codes})


# saving


def teach(session: Session, visit: Visit, question_id: int, target: Target, phrasing: str, *, keeps: bool) -> None:
    """The phrasing belongs to its entry from now on, and the question has done its work."""
    row = knowledge.held_entry(session, target.table, target.key)
    if phrasing not in row.phrasings:
        row.phrasings = [*row.phrasings, phrasing]
        row.version, row.updated_at = row.version + 1, visit.now
        session.add(row)
    if keeps:
        knowledge.keep_golden(session, phrasing, target.outcome, [target.key], visit.now)
    settle(session, visit, question_id, "phrasing")
    note(session, visit.now, visit.actor, "question.phrasing", str(question_id), entry=target.key, golden=keeps)


def remember_as_foreign(session: Session, visit: Visit, question_id: int, phrasing: str) -> None:
    """Nobody answers this: the exam asks for an honest no from now on."""
    knowledge.keep_golden(session, phrasing, "unknown", [], visit.now)
    settle(session, visit, question_id, "scope")
    note(session, visit.now, visit.actor, "question.scope", str(question_id))
