"""Choose the numbers of `bot/vietnamese/calibration.py` from the tuning questions, and say how they do on others.

Run it again with `python -m tests.evaluation.tune`. Questions of one label are always together, in the part that is
tuned on or in the part that is judged; the golden set "exam" is never used here.
"""

import pprint
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from zlib import crc32

import numpy as np

from bot.vietnamese import calibration
from bot.vietnamese.calibration import CALIBRATION, Calibration
from bot.vietnamese.intents import Guess
from bot.vietnamese.meaning import settle
from bot.vietnamese.retrieval import Index, Kind
from bot.vietnamese.several import Cut, cuts
from bot.vietnamese.understanding import Found, look_up, vague_features
from bot.vietnamese.words import read
from tests.evaluation.score import verdict
from tests.evaluation.sets import REFUSED, Case, golden, known, third_party

TUNED = ("procedures", "talk", "rehearsal", "practice")
FOLDS = 5
RIDGE = 0.3
GRIDS: dict[str, tuple[float, ...]] = {
    "possible": (0.2, 0.3, 0.4, 0.5),
    "foreign": (0.4, 0.5, 0.6),
    "both": (0.3, 0.4, 0.5, 0.6, 0.7),
    "near": (0.05, 0.1, 0.15, 0.2, 0.3, 0.4),
    "talk": (-0.3, -0.2, -0.15, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2),  # above, complaints are taken for questions
}

# as low as these allow: of the questions about one procedure so many may be answered about another, or asked back
SURE, WRONG = (0.8, 0.85, 0.9, 0.95), 0.03  # below, one answer in five would be wrong
ASKS, NEEDLESS = (0.05, 0.07, 0.09, 0.11, 0.13, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5), 0.05


@dataclass(frozen=True, slots=True)
class Looked:
    case: Case
    found: Found
    guess: Guess
    ways: tuple[Cut, ...]  # to cut it in two


def look(index: Index, cases: Iterable[Case]) -> list[Looked]:
    looked = []
    for case in cases:
        words = read(case.text, index.lexicon)
        found = look_up(index, words)
        looked.append(Looked(case, found, index.intents.guess(words), tuple(cuts(index, case.text, found))))
    return looked


def mean_cost(index: Index, looked: Sequence[Looked], by: Calibration) -> float:
    """The cost of a question; labels count alike, however many questions they have."""
    sizes = Counter(one.case.group for one in looked)
    return sum(cost(index, one, by) / sizes[one.case.group] for one in looked) / len(sizes)


def cost(index: Index, looked: Looked, by: Calibration) -> float:
    """What it costs a citizen: a wrong answer most, then being refused, then being asked."""
    case = looked.case
    got = settle(index, replace(looked.found, by=by), looked.guess, looked.ways)
    right = bool(set(got.codes[:1] if got.outcome == "answer" else got.choices) & set(case.codes))
    if case.outcomes == ("several",):
        return 0.0 if verdict(case, got) == "right" else 1.5
    if case.outcomes in (("answer",), ("choices",)):
        return _cost_of_ours(case, got.outcome, right)
    if got.outcome in case.outcomes:
        return 0.0
    return {"answer": 2.0, "choices": 1.2}.get(got.outcome, 1.0)


def _cost_of_ours(case: Case, outcome: str, right: bool) -> float:
    if outcome == "answer":
        return (0.0 if "answer" in case.outcomes else 1.0) if right or not case.codes else 2.0
    if outcome == "choices":
        return (1.2 if "answer" in case.outcomes else 0.0) if right or not case.codes else 1.2
    return 1.5 if outcome in REFUSED else 2.0


def fit_right(looked: Sequence[Looked], by: Calibration) -> Calibration:
    """Was the first hit right?"""
    taken = [one for one in looked if one.found.hits and one.case.outcomes[0] in ("answer", *REFUSED)]
    return replace(by, right=_regress([(one.found.features, _is_right(one)) for one in taken]))


def fit_vague(index: Index, looked: Sequence[Looked], by: Calibration) -> Calibration:
    """Would a clerk ask back?"""
    asked = [one for one in looked if one.case.outcomes[0] in ("answer", "choices") and not one.found.named]
    taken = [one for one in asked if len(one.found.procedures) > 1]
    return replace(
        by, vague=_regress([(vague_features(index, one.found), one.case.outcomes[0] == "choices") for one in taken])
    )


def fit_two(looked: Sequence[Looked], by: Calibration) -> Calibration:
    """Is it two matters? The cut that looks likeliest so far, and every right one, a few times round."""
    taken = [one for one in looked if one.case.outcomes[0] in ("answer", "several") and not one.found.named]
    for _ in range(3):
        samples = []
        for one in taken:
            likeliest = max(one.ways, key=lambda way: by.sureness_of_both(way.features), default=None)
            samples += [(way.features, right) for way in one.ways if (right := _parts(one, way)) or way is likeliest]
        by = replace(by, two=_regress(samples))
    return by


def _parts(looked: Looked, way: Cut) -> bool:
    """Are these the two matters?"""
    return looked.case.outcomes == ("several",) and verdict(looked.case, way.both()) == "right"


def _regress(samples: Sequence[tuple[Sequence[float], bool]]) -> tuple[float, ...]:
    """Logistic regression by Newton steps, a little held back."""
    x = np.array([[*features, 1.0] for features, _ in samples])
    y = np.array([label for _, label in samples], float)
    weights = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ weights))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + RIDGE * np.eye(len(weights))
        weights += np.linalg.solve(hessian, x.T @ (y - p) - RIDGE * weights)
    return tuple(float(round(value, 3)) for value in weights)


def _is_right(looked: Looked) -> bool:
    first = looked.found.hits[0].entry
    if looked.case.outcomes == ("answer",):
        return first.code in looked.case.codes
    return first.kind is Kind.NEIGHBOUR


def fit(index: Index, looked: Sequence[Looked]) -> Calibration:
    """The weights, then each threshold in turn, twice round."""
    best = fit_two(looked, fit_vague(index, looked, fit_right(looked, CALIBRATION)))
    for _ in range(2):
        for name, grid in GRIDS.items():
            ways = [replace(best, **{name: value}) for value in grid]  # type: ignore[arg-type]
            best = min(ways, key=lambda way: mean_cost(index, looked, way))
        best = _limited(index, looked, best)
    return best


def _limited(index: Index, looked: Sequence[Looked], by: Calibration) -> Calibration:
    """As ready to answer, and to ask, as is allowed."""
    clear = [one for one in looked if one.case.outcomes == ("answer",)]
    by = _lowest([replace(by, sure=value) for value in SURE], lambda way: _wrong(index, clear, way) <= WRONG)
    return _lowest([replace(by, asks=value) for value in ASKS], lambda way: _needless(index, clear, way) <= NEEDLESS)


def _lowest(ways: Sequence[Calibration], is_fine: Callable[[Calibration], bool]) -> Calibration:
    return next((way for way in ways if is_fine(way)), ways[-1])


def _wrong(index: Index, clear: Sequence[Looked], by: Calibration) -> float:
    got = [settle(index, replace(one.found, by=by), one.guess, one.ways) for one in clear]
    misses = [not set(answer.codes[:1]) & set(one.case.codes) for one, answer in zip(clear, got, strict=True)]
    return sum(miss and answer.outcome == "answer" for miss, answer in zip(misses, got, strict=True)) / len(clear)


def _needless(index: Index, clear: Sequence[Looked], by: Calibration) -> float:
    got = (settle(index, replace(one.found, by=by), one.guess, one.ways) for one in clear)
    return sum(answer.outcome == "choices" for answer in got) / len(clear)


def tuning_cases() -> list[Case]:
    own = [case for name in TUNED for case in golden(name)]
    return [*own, *third_party()]


def main() -> None:
    index = known().index
    looked = look(index, tuning_cases())
    fold = [crc32(one.case.group.encode()) % FOLDS for one in looked]
    ways, costs = [], []
    for held in range(FOLDS):
        ways.append(fit(index, [one for one, at in zip(looked, fold, strict=True) if at != held]))
        judged = [one for one, at in zip(looked, fold, strict=True) if at == held]
        costs.append(mean_cost(index, judged, ways[-1]))
        print(f"part {held}: cost {costs[-1]:.3f} on {len(judged)} questions not tuned on; {ways[-1]}")
    # of a threshold that the parts disagree on, what most of them can live with
    middle = {name: float(np.median([getattr(way, name) for way in ways])) for name in GRIDS}
    chosen = _limited(index, looked, replace(fit(index, looked), **middle))  # type: ignore[arg-type]
    tuned = mean_cost(index, looked, chosen)
    print(f"mean {np.mean(costs):.3f}; on all, tuned on all: {tuned:.3f}")
    write(chosen)


def write(chosen: Calibration) -> None:
    path = Path(calibration.__file__)
    code = path.read_text(encoding="utf-8")
    values = "".join(f"    {name}={getattr(chosen, name)!r},\n" for name in chosen.__slots__)
    path.write_text(f"{code[: code.index('CALIBRATION = ')]}CALIBRATION = Calibration(\n{values})\n", encoding="utf-8")
    pprint.pp(chosen)


if __name__ == "__main__":
    main()
