"""All that the report tells, measured once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.vietnamese.retrieval import Entry, Index, Kind
from bot.vietnamese.words import read
from handlers.citizens.learned import learn
from handlers.citizens.talk import Knowledge
from tests.evaluation.baselines import Rank, baselines, words_of
from tests.evaluation.score import Ask, Judged, JudgedTurn, asker, judge, judge_turns, unmarked
from tests.evaluation.sets import SHARED, Case, dialogues, golden, known, rows, shipped, third_party
from tests.evaluation.tables import Row, percent

EXAMS, TUNED = ("final", "exam"), ("rehearsal", "procedures", "talk", "practice")
OWN = (*EXAMS, *TUNED)
DEPTHS = (1, 3, 5)
ALIKE = 0.7  # of the words of two messages


@dataclass(frozen=True, slots=True)
class Measured:
    known: Knowledge
    judged: Sequence[Judged]  # every set
    unmarked: Sequence[Judged]  # those typed with marks, the marks taken off
    seen: frozenset[str]  # ids of messages that prove little
    turns: Sequence[JudgedTurn]
    national: Sequence[tuple[str, Judged, int]]  # set, with the national names, place of the right entry
    ranking: Mapping[str, Sequence[Row]]  # title -> its table's rows
    lines: Sequence[Row]  # third parties' lines that are no questions
    accusations: Sequence[Judged]  # denunciations in other words, and what only sounds like one

    def of(self, name: str) -> list[Judged]:
        return [one for one in self.judged if one.case.set == name]

    def of_kind(self, kind: str) -> list[tuple[str, list[Judged]]]:
        found = [(name, [one for one in self.of(name) if one.case.kind == kind]) for name in OWN]
        return [(name, judged) for name, judged in found if judged]

    @property
    def lent(self) -> list[Judged]:
        return [one for one in self.judged if one.case.set not in OWN]


def measure() -> Measured:
    now = known()
    ask = asker(now)
    cases = [*(case for name in OWN for case in golden(name)), *third_party()]
    marked = [case for case in cases if unmarked(case.text) != case.text]
    return Measured(
        now,
        judge(cases, ask),
        judge(marked, lambda text: ask(unmarked(text))),
        _seen(cases, now.index),
        judge_turns((dialogue for name in OWN for dialogue in dialogues(name)), now),
        _national(),
        _ranking(now.index),
        _lines(ask),
        judge(golden("accusations"), ask),
    )


def _seen(cases: Iterable[Case], index: Index) -> frozenset[str]:
    """Word for word a phrasing, or in the exam much like a message that was tuned on: no proof of anything."""
    said = {frozenset(words_of(text)) for entry in index.entries for text in entry.texts}
    tuned = [frozenset(words_of(case.text)) for name in TUNED for case in golden(name)]
    return frozenset(
        case.id
        for case in cases
        for words in (frozenset(words_of(case.text)),)
        if words in said or (case.set in EXAMS and any(_alike(words, other) >= ALIKE for other in tuned))
    )


def _alike(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / (len(one | other) or 1)


def about_procedures(cases: Iterable[Case]) -> list[Case]:
    return [case for case in cases if case.is_ours]


def _national() -> list[tuple[str, Judged, int]]:
    if not (SHARED / "national_names.jsonl").exists():
        return []
    wide = known(national=True)
    cases = [case for name in OWN for case in about_procedures(golden(name))]
    judged = judge(cases, asker(wide))
    rank = ranker(wide.index)
    return [(one.case.set, one, place(one.case, rank(one.case.text))) for one in judged]


def ranker(index: Index) -> Rank:
    def rank(text: str) -> list[str]:
        hits = index.search(read(text, index.lexicon), 2 * max(DEPTHS))
        return [hit.code for hit in hits if hit.entry.kind is not Kind.BROAD]

    return rank


def place(case: Case, codes: Sequence[str]) -> int:
    """0 is first; far behind when it is not there at all."""
    return next((at for at, code in enumerate(codes) if code in case.codes), len(codes) + max(DEPTHS))


def _meant(index: Index) -> list[Entry]:
    """What may be meant; what is broad is only a way to ask back."""
    return [entry for entry in index.entries if entry.kind is not Kind.BROAD]


def _ranking(index: Index) -> dict[str, list[Row]]:
    rankers = {"Loa": ranker(index), **baselines(_meant(index))}
    alone = learn(shipped()[0]).index
    ours = {"Loa": ranker(alone), **baselines(_meant(alone))}
    exam = about_procedures(golden("exam"))
    sets = {
        "final": about_procedures(golden("final")),
        "exam": exam,
        "procedures": about_procedures(golden("procedures")),
    }
    lent = about_procedures(third_party())
    if lent:
        sets["third parties'"] = lent
    tables = {f"{title}, {len(cases)} questions": _places(rankers, cases) for title, cases in sets.items()}
    return {**tables, "exam, with no neighbours' matters among the entries": _places(ours, exam)}


def _places(rankers: Mapping[str, Rank], cases: Sequence[Case]) -> list[Row]:
    found: list[Row] = []
    for name, rank in rankers.items():
        typed = [place(case, rank(case.text)) for case in cases]
        bare = [place(case, rank(unmarked(case.text))) for case in cases]
        found.append((name, *within(typed), *within(bare)))
    return found


def within(places: Sequence[int]) -> list[str]:
    return [percent(sum(at < depth for at in places) / (len(places) or 1)) for depth in DEPTHS]


def _lines(ask: Ask) -> list[Row]:
    """Lines of sets nothing was tuned on; questions among the complaints are left out."""
    meant = {"complaints_smoke_30": ("complaint", "denunciation"), "smalltalk": ("smalltalk",)}
    found: list[Row] = []
    for name, outcomes in meant.items():
        texts = [row["text"] for row in rows(SHARED / f"{name}.jsonl") if row["label"] != "procedure_question"]
        if texts:
            found.append((name, outcomes[0], len(texts), sum(ask(text).outcome in outcomes for text in texts)))
    return found
