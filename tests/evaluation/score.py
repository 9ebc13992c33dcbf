"""What became of the questions: each is judged once and then counted in many ways."""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from bot.messages import Incoming, Kind
from bot.vietnamese.fold import fold
from bot.vietnamese.understanding import Understood
from handlers.citizens.rules import decide
from handlers.citizens.talk import Conversation, Knowledge, Situation, after
from handlers.staff.terminal.asking import NOWHERE
from tests.conftest import NOON
from tests.evaluation.sets import GOLDEN, Case, Dialogue, Turn, rows

Ask = Callable[[str], Understood]
FINE = ("right", "right choices")
# of a question about one of our procedures; what is neither is taken for talk
VERDICTS = ("right", "right choices", "wrong answer", "wrong choices", "sent away", "refused")


@dataclass(frozen=True, slots=True)
class Judged:
    case: Case
    got: Understood
    verdict: str


@dataclass(frozen=True, slots=True)
class JudgedTurn:
    dialogue: Dialogue
    at: int
    got: Understood

    @property
    def turn(self) -> Turn:
        return self.dialogue.turns[self.at]

    @property
    def is_right(self) -> bool:
        accepted = set(self.turn.codes)
        if self.got.outcome not in self.turn.outcomes:
            return False
        if self.got.outcome == "choices":
            return not accepted or bool(set(self.got.choices) & accepted)
        return self.got.outcome not in ("answer", "several") or not accepted or bool({*self.got.codes[:1]} & accepted)

    @property
    def is_wrong_answer(self) -> bool:
        return self.got.outcome == "answer" and not self.is_right


def said(known: Knowledge, text: str, conversation: Conversation) -> tuple[Understood, Conversation]:
    """What the whole bot takes a message for: its rules know some fixed words besides what is understood."""
    situation = Situation(Incoming("ask", NOON, Kind.MESSAGE, text), fold(text), conversation, NOWHERE, known, NOON)
    outcome = decide(situation)
    then = after(situation, outcome)
    if outcome.means == outcome.understood.outcome:
        return outcome.understood, then
    return Understood(outcome.means, (then.procedure,) if outcome.means == "answer" else ()), then


def asker(known: Knowledge) -> Ask:
    """Every question the first of its conversation."""
    return lambda text: said(known, text, Conversation())[0]


def unmarked(text: str) -> str:
    """As someone without a Vietnamese keyboard types it."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def judge(cases: Iterable[Case], ask: Ask) -> list[Judged]:
    return [Judged(case, got, verdict(case, got)) for case in cases for got in (ask(case.text),)]


def judge_turns(dialogues: Iterable[Dialogue], known: Knowledge) -> list[JudgedTurn]:
    judged = []
    for dialogue in dialogues:
        conversation = Conversation()
        for at, turn in enumerate(dialogue.turns):
            got, conversation = said(known, turn.text, conversation)
            judged.append(JudgedTurn(dialogue, at, got))
    return judged


def share(judged: Sequence[Judged], *verdicts: str) -> float:
    return sum(one.verdict in verdicts for one in judged) / (len(judged) or 1)


def grouped(judged: Iterable[Judged], by: Callable[[Case], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[by(one.case)].append(one)
    return dict(groups)


def verdict(case: Case, got: Understood) -> str:
    """One of VERDICTS, or "one of two" of several matters, or "taken for" another intent."""
    if case.outcomes == ("several",):
        return _verdict_of_several(case, got)
    if case.is_ours or case.outcomes == ("choices",):
        return _verdict_of_ours(set(case.codes), got)
    if got.outcome in case.outcomes:
        misses = got.outcome == "answer" and case.codes and not set(got.codes[:1]) & set(case.codes)
        return "wrong answer" if misses else "right"
    return _otherwise(got)


def _verdict_of_ours(accepted: set[str], got: Understood) -> str:
    if got.outcome in ("answer", "several"):
        return "right" if not accepted or set(got.codes[:1]) & accepted else "wrong answer"
    if got.outcome == "choices":
        return "right choices" if not accepted or set(got.choices) & accepted else "wrong choices"
    return _otherwise(got)


def _verdict_of_several(case: Case, got: Understood) -> str:
    """Right is both in any order; where only one matter is ours the other must be handed on."""
    matters = _alternatives().get(case.id) or [{code} for code in case.codes]
    ours: set[str] = set().union(*matters)
    if got.outcome == "several" and _are_all(matters, got.codes) and (len(matters) > 1 or got.neighbour):
        return "right"
    if got.outcome in ("answer", "several"):
        return "one of two" if set(got.codes[:2]) & ours else "wrong answer"
    return _verdict_of_ours(ours, got)


def _are_all(matters: Sequence[set[str]], codes: Sequence[str]) -> bool:
    return len(codes) == len(matters) and all(any(code in matter for code in codes) for matter in matters)


def _otherwise(got: Understood) -> str:
    return _OTHERWISE.get(got.outcome, f"taken for {got.outcome}")


_OTHERWISE = {
    "answer": "wrong answer", "several": "wrong answer", "choices": "wrong choices", "not_ours": "sent away",
    "unknown": "refused",
}  # fmt: skip


@cache
def _alternatives() -> dict[str, list[set[str]]]:
    """For several matters in one message what else each may be."""
    found = (row for path in sorted(GOLDEN.glob("*.jsonl")) for row in rows(path) if row.get("alt"))
    return {row["id"]: [set(codes) for codes in row["alt"]] for row in found}
