"""The sections of `docs/answer-quality.md` on all that is no plain question about one of our procedures."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tests.evaluation import notes
from tests.evaluation.measured import EXAMS, Measured
from tests.evaluation.score import Judged, JudgedTurn, grouped
from tests.evaluation.tables import Row, listed, of_all, of_share, table

WRONG = ("wrong answer", "wrong choices", "sent away", "refused")


def scope(measured: Measured) -> list[str]:
    lent = [one for one in measured.lent if "not_ours" in one.case.outcomes]
    rows = []
    for name, judged in (*measured.of_kind("scope"), ("third parties'", lent)):
        came = Counter(one.got.outcome for one in judged if one.verdict == "right")
        wrong = [sum(one.verdict == verdict for one in judged) for verdict in ("wrong answer", "wrong choices")]
        fine = sum(came.values())
        if judged:
            rows.append((name, len(judged), of_share(fine, len(judged)), came["not_ours"], came["unknown"], *wrong,
                         len(judged) - fine - sum(wrong)))  # fmt: skip
    heads = ("set", "questions", "right", "handed on", "refused", "answered all the same", "asked back", "other")
    return ["## Not our matter", "", notes.SCOPE, *table(heads, rows)]


def ask_back(measured: Measured) -> list[str]:
    heads = ("set", "questions", "choice with an accepted entry", "answered about one", "wrong", "other")
    return ["## Words that need a question back", "", notes.ASK_BACK,
            *table(heads, _counted(measured, "ask_back", (("right choices",), ("right",), WRONG)))]  # fmt: skip


def several(measured: Measured) -> list[str]:
    heads = ("set", "messages", "both", "one of two", "asked back", "wrong", "other")
    verdicts = (("right",), ("one of two",), ("right choices",), WRONG)
    return ["## Two matters in one message", "", notes.SEVERAL,
            *table(heads, _counted(measured, "several", verdicts))]  # fmt: skip


def _counted(measured: Measured, kind: str, verdicts: Sequence[Sequence[str]]) -> Iterable[Row]:
    for name, judged in measured.of_kind(kind):
        counts = [sum(one.verdict in group for one in judged) for group in verdicts]
        total = len(judged)
        yield (name, total, of_share(counts[0], total), *counts[1:], total - sum(counts))


def intents(measured: Measured) -> list[str]:
    rows = []
    for name, judged in measured.of_kind("intent"):
        rows.append(_intent(f"**{name}**", "**all**", judged))
        for wanted, of_one in sorted(grouped(judged, lambda case: case.outcomes[0]).items()):
            rows.append(_intent(name, wanted, of_one))
    lines = ["## No question at all", "", notes.INTENTS]
    lines += table(("set", "right would be", "messages", "right", "what came instead"), rows)
    if measured.lines:
        lines += table(("third parties' lines", "right would be", "messages", "right"), measured.lines)
    return lines


def _intent(name: str, wanted: str, judged: Sequence[Judged]) -> Row:
    right = sum(one.verdict == "right" for one in judged)
    instead = Counter(one.got.outcome for one in judged if one.verdict != "right")
    return name, wanted, len(judged), of_share(right, len(judged)), listed(instead)


def accusations(measured: Measured) -> list[str]:
    rows = []
    for kind, judged in grouped(measured.accusations, lambda case: case.kind).items():
        forgotten = sum(one.got.outcome == "denunciation" for one in judged)
        right = sum(one.verdict == "right" for one in judged)
        rows.append((kind, len(judged), of_share(forgotten, len(judged)), of_share(right, len(judged))))
    heads = ("what it is", "messages", "taken for a denunciation", "right")
    return ["## Denunciations in other words", "", notes.ACCUSATIONS, *table(heads, rows)]


def dialogues(measured: Measured) -> list[str]:
    rows = []
    for name in (*EXAMS, "rehearsal", "talk", "practice"):
        turns = [one for one in measured.turns if one.dialogue.set == name]
        later = [one for one in turns if one.at]
        faceted = [one for one in turns if one.turn.facet and one.is_right]
        rows.append((name, len({one.dialogue.id for one in turns}), _right(turns), _right(later),
                     sum(one.is_wrong_answer for one in later), _faceted(faceted), _whole(turns)))  # fmt: skip
    heads = ("set", "dialogues", "turns right", "of these after the first", "answered about another entry",
             "facet right", "dialogues without a slip")  # fmt: skip
    return ["## Dialogues", "", notes.DIALOGUES, *table(heads, rows)]


def _right(turns: Sequence[JudgedTurn]) -> str:
    return of_all(sum(one.is_right for one in turns), len(turns))


def _faceted(turns: Sequence[JudgedTurn]) -> str:
    return of_all(sum(one.got.facet == one.turn.facet for one in turns), len(turns))


def _whole(turns: Sequence[JudgedTurn]) -> int:
    return len({one.dialogue.id for one in turns} - {one.dialogue.id for one in turns if not one.is_right})
