"""Floors a little under the figures of `docs/answer-quality.md`: a change that breaks understanding fails here."""

from collections.abc import Sequence
from functools import cache

import pytest

from tests.evaluation.score import FINE, Ask, Judged, JudgedTurn, asker, judge, judge_turns, share, unmarked
from tests.evaluation.sets import dialogues, golden, known

SETS = ("final", "exam", "rehearsal", "procedures")


@cache
def ask() -> Ask:
    return asker(known())


@cache
def judged(name: str, kind: str = "") -> Sequence[Judged]:
    """Questions about procedures, or all of a kind."""
    cases = (case for case in golden(name) if (case.kind == kind if kind else case.is_ours))
    return judge(cases, ask())


@cache
def turns(name: str) -> Sequence[JudgedTurn]:
    return judge_turns(dialogues(name), known())


@pytest.mark.parametrize(
    ("name", "floor"), [("final", 0.92), ("exam", 0.89), ("rehearsal", 0.87), ("procedures", 0.91)]
)
def test_most_questions_are_answered_at_once(name: str, floor: float) -> None:
    assert share(judged(name), "right") >= floor


@pytest.mark.parametrize("name", SETS)
def test_hardly_a_question_ends_elsewhere_than_at_its_answer_or_a_choice_with_it(name: str) -> None:
    assert share(judged(name), *FINE) >= 0.93


@pytest.mark.parametrize(
    ("name", "most"), [("final", 0.02), ("exam", 0.02), ("rehearsal", 0.035), ("procedures", 0.03)]
)
def test_wrong_answers_are_rare(name: str, most: float) -> None:
    assert share(judged(name), "wrong answer") <= most


@pytest.mark.parametrize("name", ["final", "exam"])
def test_hardly_anyone_is_asked_back_needlessly(name: str) -> None:
    assert share(judged(name), "right choices", "wrong choices") <= 0.07


@pytest.mark.parametrize(("name", "floor"), [("final", 0.55), ("exam", 0.5), ("rehearsal", 0.58), ("talk", 0.5)])
def test_what_may_mean_several_things_is_asked_back(name: str, floor: float) -> None:
    assert share(judged(name, "ask_back"), "right choices") >= floor


@pytest.mark.parametrize(("name", "floor"), [("final", 0.66), ("exam", 0.73), ("rehearsal", 0.77), ("talk", 0.77)])
def test_two_matters_are_both_taken_up(name: str, floor: float) -> None:
    assert share(judged(name, "several"), "right") >= floor


def test_marks_are_hardly_needed() -> None:
    ours = [case for case in golden("exam") if case.is_ours]
    bare = judge(ours, lambda text: ask()(unmarked(text)))

    assert share(bare, "right") >= share(judged("exam"), "right") - 0.03


@pytest.mark.parametrize(("name", "floor"), [("final", 0.88), ("exam", 0.93), ("rehearsal", 0.85), ("talk", 0.8)])
def test_what_is_not_ours_is_handed_on_or_refused(name: str, floor: float) -> None:
    assert share(judged(name, "scope"), "right") >= floor


@pytest.mark.parametrize(("name", "floor"), [("final", 0.8), ("exam", 0.87), ("rehearsal", 0.82), ("talk", 0.88)])
def test_what_is_no_question_is_known_for_what_it_is(name: str, floor: float) -> None:
    assert share(judged(name, "intent"), "right") >= floor


@pytest.mark.parametrize(("name", "floor"), [("final", 0.86), ("exam", 0.84), ("rehearsal", 0.8), ("talk", 0.9)])
def test_follow_ups_are_taken_up(name: str, floor: float) -> None:
    later = [one for one in turns(name) if one.at]

    assert sum(one.is_right for one in later) / len(later) >= floor


def test_half_of_the_denunciations_in_words_nobody_taught_are_seen() -> None:
    assert share(judged("accusations", "denunciation"), "right") >= 0.45


def test_hardly_anything_that_only_sounds_like_a_denunciation_is_taken_for_one() -> None:
    others = [*judged("accusations", "complaint"), *judged("accusations", "question")]

    assert share(others, "taken for denunciation") <= 0.04
