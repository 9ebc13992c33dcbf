"""`docs/answer-quality.md`: the figures of the judged questions as tables."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from tests.evaluation import notes, report_talk
from tests.evaluation.measured import EXAMS, OWN, TUNED, Measured, within
from tests.evaluation.score import FINE, VERDICTS, Judged, grouped, share
from tests.evaluation.tables import Row, listed, of_share, percent, table

LENT = "third parties'"
WORST = 25
COSTLIEST = ("wrong answer", "sent away", "wrong choices", "refused")  # before whatever else went wrong


def report(measured: Measured) -> str:
    sections = (
        _sets, _questions, _marks, report_talk.scope, report_talk.ask_back, report_talk.several, report_talk.intents,
        report_talk.accusations, report_talk.dialogues, _national, _ranking, _third_parties, _worst,
    )  # fmt: skip
    lines = chain.from_iterable((*section(measured), "") for section in sections)
    return "\n".join((notes.WHAT, *lines, notes.CALIBRATION, notes.TRIED, notes.SPEED))


def _sets(measured: Measured) -> list[str]:
    uses = (*((name, "tuned on") for name in TUNED), *((name, "only judged") for name in EXAMS))
    rows = [(name, len(measured.of(name)), _seen(measured, measured.of(name)), use) for name, use in uses]
    lent = "tuned on, not shipped" if measured.lent else "did not lie beside the repository"
    rows.append((LENT, len(measured.lent), _seen(measured, measured.lent), lent))
    return ["## The questions", *table(("set", "questions", "seen", "use"), rows), "", notes.SETS]


def _seen(measured: Measured, judged: Sequence[Judged]) -> int:
    return sum(one.case.id in measured.seen for one in judged)


def _about_procedures(measured: Measured) -> list[tuple[str, list[Judged]]]:
    sets = (*((name, measured.of(name)) for name in OWN), (LENT, measured.lent))
    asked = [(name, [one for one in judged if one.case.is_ours]) for name, judged in sets]
    return [(name, judged) for name, judged in asked if judged]


def _questions(measured: Measured) -> list[str]:
    heads = ("set", "kind", "questions", "right", "asked back", "wrong answer", "asked back wrongly", "sent away",
             "refused", "other")  # fmt: skip
    rows: list[Row] = []
    for name, judged in _about_procedures(measured):
        new = [one for one in judged if one.case.id not in measured.seen]
        rows += [_verdicts(f"**{name}**", "**all**", judged), _verdicts(name, "without what was seen", new)]
        kinds = grouped(judged, lambda case: case.kind) if name in OWN else {}
        rows += [_verdicts(name, kind, of_kind) for kind, of_kind in sorted(kinds.items())]
    return ["## Questions about our procedures", "", notes.VERDICTS, *table(heads, rows)]


def _verdicts(name: str, kind: str, judged: Sequence[Judged]) -> Row:
    first, *others = (sum(one.verdict == verdict for one in judged) for verdict in VERDICTS)
    total = len(judged)
    return (name, kind, total, of_share(first, total), *others, total - first - sum(others))


def _marks(measured: Measured) -> list[str]:
    bare = {one.case.id: one for one in measured.unmarked}
    rows = []
    for name, judged in _about_procedures(measured):
        typed = [one for one in judged if one.case.id in bare]
        rows.append((name, len(typed), *_with_and_without(typed, [bare[one.case.id] for one in typed])))
    heads = ("set", "questions with marks", "right", "without marks", "difference", "wrong answers", "without marks")
    return ["## With and without diacritics", "", notes.MARKS, *table(heads, rows)]


def _with_and_without(typed: Sequence[Judged], bare: Sequence[Judged]) -> Row:
    right, then = share(typed, "right"), share(bare, "right")
    wrong = [sum(one.verdict == "wrong answer" for one in judged) for judged in (typed, bare)]
    return (percent(right), percent(then), f"{(then - right) * 100:+.1f} points", *wrong)


def _national(measured: Measured) -> list[str]:
    rows = []
    for name in OWN:
        found = [(judged, place) for of, judged, place in measured.national if of == name]
        if found:
            judged = [one for one, _ in found]
            first, three, _ = within([place for _, place in found])
            shares = (percent(share(judged, *verdicts)) for verdicts in (FINE[:1], FINE[1:], ("wrong answer",)))
            rows.append((name, len(found), first, three, *shares))
    heads = ("set", "questions", "right entry first", "among the first three", "answered right", "asked back",
             "wrong answer")  # fmt: skip
    told = table(heads, rows) if rows else ["", "*The catalogue did not lie beside the repository.*"]
    return ["## With the names of the national catalogue", "", notes.NATIONAL, *told]


def _ranking(measured: Measured) -> list[str]:
    heads = ("ranker", "first", "first three", "first five", "without marks: first", "first three", "first five")
    lines = ["## Against the usual ways to rank", "", notes.RANKING]
    for title, rows in measured.ranking.items():
        lines += ["", f"**{title}**", *table(heads, rows)]
    return lines


def _third_parties(measured: Measured) -> list[str]:
    if not measured.lent:
        return []
    rows = []
    for kind, judged in sorted(grouped(measured.lent, lambda case: f"{case.set} | {case.kind}").items()):
        wrong = Counter(one.verdict for one in judged if one.verdict not in FINE)
        right, asked = (sum(one.verdict == verdict for one in judged) for verdict in FINE)
        rows.append((kind, len(judged), of_share(right, len(judged)), asked, listed(wrong)))
    heads = ("set", "kind", "questions", "right", "asked back", "what went wrong")
    return ["## Third parties' questions by kind", *table(heads, rows), "", notes.THIRD_PARTIES]


def _worst(measured: Measured) -> list[str]:
    """The costliest first, each set in its turn, so that no set hides another."""
    own = [one for name in OWN for one in measured.of(name) if one.verdict not in (*FINE, "one of two")]
    place = {verdict: at for at, verdict in enumerate(COSTLIEST)}
    turn: Counter[tuple[str, str]] = Counter()
    ordered = []
    for one in own:
        turn[one.case.set, one.verdict] += 1
        ordered.append((place.get(one.verdict, len(place)), turn[one.case.set, one.verdict], one))
    worst = [one for *_, one in sorted(ordered, key=lambda each: each[:2])[:WORST]]
    rows = [
        (one.case.set, one.case.text.replace("|", "/"), _wanted(measured, one), _came(measured, one)) for one in worst
    ]
    told = f"{len(own)} of our own {sum(len(measured.of(name)) for name in OWN)} went wrong; the costliest {len(rows)}:"
    return ["## Honest worst cases", "", told, *table(("set", "message", "right would be", "came"), rows)]


def _wanted(measured: Measured, judged: Judged) -> str:
    return _names(measured, judged.case.codes[:2]) or " or ".join(judged.case.outcomes)


def _came(measured: Measured, judged: Judged) -> str:
    got = judged.got
    neighbour = measured.known.neighbours.get(got.neighbour)
    codes = got.choices if got.outcome == "choices" else got.codes[:1] if got.outcome == "answer" else got.codes[:2]
    about = neighbour.name if neighbour else _names(measured, () if got.outcome == "unknown" else codes[:2])
    return f"{got.outcome}: {about}" if about else got.outcome


def _names(measured: Measured, codes: Sequence[str]) -> str:
    return "; ".join(measured.known.procedures[code].short for code in codes if code in measured.known.procedures)
