"""Floors a little under the figures of `docs/answer-quality.md`: a change that breaks understanding fails here."""

from collections.abc import Sequence
from functools import cache

import pytest

from tests.evaluation.score import FINE, Ask, Judged, JudgedTurn, asker, judge, judge_turns, share, unmarked
from tests.evaluation.sets import dialogues, golden, known

SETS = ("exam", "rehearsal", "procedures")


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


@pytest.mark.parametrize(("name", "floor"), [("exam", 0.9), ("rehearsal", 0.87), ("procedures", 0.91)])
def test_most_questions_are_answered_at_once(name: str, floor: float) -> None:
    assert share(judged(name), "right") >= floor


@pytest.mark.parametrize("name", SETS)
def test_hardly_a_question_ends_elsewhere_than_at_its_answer_or_a_choice_with_it(name: str) -> None:
    assert share(judged(name), *FINE) >= 0.93


@pytest.mark.parametrize("name", SETS)
def test_wrong_answers_are_rare(name: str) -> None:
    assert share(judged(name), "wrong answer") <= 0.02


def test_marks_are_hardly_needed() -> None:
    ours = [case for case in golden("exam") if case.is_ours]
    bare = judge(ours, lambda text: ask()(unmarked(text)))

    assert share(bare, "right") >= share(judged("exam"), "right") - 0.03


@pytest.mark.parametrize(("name", "floor"), [("exam", 0.93), ("rehearsal", 0.85), ("talk", 0.8)])
def test_what_is_not_ours_is_handed_on_or_refused(name: str, floor: float) -> None:
    assert share(judged(name, "scope"), "right") >= floor


@pytest.mark.parametrize(("name", "floor"), [("exam", 0.87), ("rehearsal", 0.82), ("talk", 0.88)])
def test_what_is_no_question_is_known_for_what_it_is(name: str, floor: float) -> None:
    assert share(judged(name, "intent"), "right") >= floor


@pytest.mark.parametrize(("name", "floor"), [("exam", 0.84), ("rehearsal", 0.76), ("talk", 0.86)])
def test_follow_ups_are_taken_up(name: str, floor: float) -> None:
    later = [one for one in turns(name) if one.at]

    assert sum(one.is_right for one in later) / len(later) >= floor
