"""Learn from the dialogues what a message does to the talk, and say how that does on dialogues not learned from.

Run it again with `python -m tests.evaluation.tune_moves`; it writes `bot/vietnamese/weights.py`. Every turn is learned
from as if the turns before had been understood; a dialogue is always on one side as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from zlib import crc32

import numpy as np
import numpy.typing as npt

from bot.vietnamese import weights
from bot.vietnamese.followups import corrected
from bot.vietnamese.intents import OUTCOMES
from bot.vietnamese.moves import Candidate, Context, Move, candidates
from bot.vietnamese.retrieval import Index
from bot.vietnamese.understanding import look_up
from bot.vietnamese.words import read
from tests.evaluation.sets import Dialogue, Turn, dialogues, golden, known

TUNED = ("talk", "rehearsal", "practice")
PARTS = 5
RIDGE = 0.5
STEPS, SPEED = 400, 0.05
RECENT = 4
FRESH, OTHER = 12, 3  # every so manieth question about a procedure, and other message, is sent in a dialogue too
OURS = {"answer", "choices", "several"}
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a turn could have been, and what of it was right."""

    dialogue: str
    moves: tuple[Candidate, ...]
    right: npt.NDArray[np.bool_]


def turns(dialogue: Dialogue) -> Iterator[tuple[Turn, Context]]:
    """Every turn with what was said before it, if all of that was understood."""
    context = Context()
    for turn in dialogue.turns:
        yield turn, context
        context = _after(context, turn)


def _after(context: Context, turn: Turn) -> Context:
    topic = context.topic
    if turn.codes and OURS.intersection(turn.outcomes) and turn.outcomes[0] != "choices":
        topic = topic if topic in turn.codes else turn.codes[0]
        recent = [code for code in (context.topic, *context.recent) if code and code != topic]
    else:
        recent = [code for code in (topic, *context.recent) if code]
    offered = turn.codes if turn.outcomes[0] == "choices" else ()
    return Context(topic, tuple(dict.fromkeys(recent))[:RECENT], offered)


def choices(index: Index, found: Sequence[Dialogue]) -> Iterator[Choice]:
    for dialogue in found:
        for turn, context in turns(dialogue):
            if context.topic or len(context.choices) > 1:
                yield _choice(index, dialogue.id, turn, context)


def interruptions(index: Index, found: Sequence[Dialogue]) -> Iterator[Choice]:
    """Messages with a meaning of their own, each in the middle of one of the dialogues."""
    contexts = cycle((dialogue.id, context) for dialogue in found for _, context in turns(dialogue) if context.topic)
    cases = [case for name in TUNED for case in golden(name) if case.outcomes[0] not in ("several", "choices")]
    for at, case in enumerate(cases):
        if at % (FRESH if case.is_ours else OTHER) == 0:
            dialogue, context = next(contexts)
            turn = Turn(case.text, case.outcomes, case.codes, "")
            if context.topic not in case.codes:
                yield _choice(index, dialogue, turn, context)


def _choice(index: Index, dialogue: str, turn: Turn, context: Context) -> Choice:
    text = corrected(turn.text) if context.topic else turn.text
    words = read(text, index.lexicon)
    guess = index.intents.guess(words)
    moves = candidates(index, look_up(index, words), guess, context, corrects=text != turn.text)
    outcome = OUTCOMES.get(guess.intent, guess.intent)
    return Choice(dialogue, tuple(moves), np.array([_is_right(move, turn, outcome) for move in moves]))


def _is_right(move: Candidate, turn: Turn, outcome: str) -> bool:
    if move.move is Move.TALK:
        return outcome in turn.outcomes
    if move.move is Move.FOREIGN:
        return "not_ours" in turn.outcomes
    return bool(OURS.intersection(turn.outcomes)) and move.code in turn.codes


def fit(learned: Sequence[Choice]) -> dict[str, float]:
    """Conditional logit by gradient steps (Adam): of what could be done, the right shall be the likeliest."""
    taken = [choice for choice in learned if choice.right.any()]
    names = sorted({name for choice in taken for move in choice.moves for name in move.features})
    number = {name: at for at, name in enumerate(names)}
    x = np.zeros((sum(len(choice.moves) for choice in taken), len(names)))
    for row, move in zip(x, (move for choice in taken for move in choice.moves), strict=True):
        for name, value in move.features.items():
            row[number[name]] = value
    right = np.concatenate([choice.right for choice in taken])
    starts = np.cumsum([0, *(len(choice.moves) for choice in taken)])[:-1]
    found = _descend(x, right, starts)
    return {name: round(float(weight), 3) for name, weight in zip(names, found, strict=True)}


def _descend(x: Numbers, right: npt.NDArray[np.bool_], starts: npt.NDArray[np.int64]) -> Numbers:
    lengths = np.diff(np.r_[starts, len(x)])
    found, mean, spread = np.zeros(x.shape[1]), np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for step in range(1, STEPS + 1):
        scores = x @ found
        likely = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        share = likely / np.repeat(np.add.reduceat(likely, starts), lengths)
        good = likely * right
        wanted = good / np.repeat(np.add.reduceat(good, starts), lengths)
        slope = x.T @ (share - wanted) + RIDGE * found
        mean, spread = 0.9 * mean + 0.1 * slope, 0.999 * spread + 0.001 * slope**2
        found -= SPEED * (mean / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return found


def share_right(judged: Sequence[Choice], by: dict[str, float]) -> float:
    """Of the turns, in how many the likeliest move was right."""
    best = [int(np.argmax([move.score(by) for move in one.moves])) for one in judged]
    return float(np.mean([one.right[at] for one, at in zip(judged, best, strict=True)]))


def main() -> None:
    index = known().index
    found = [dialogue for name in TUNED for dialogue in dialogues(name)]
    spoken, interrupting = list(choices(index, found)), list(interruptions(index, found))
    learned = [*spoken, *interrupting]
    shares: dict[str, list[float]] = {"turns": [], "interruptions": []}
    for held in range(PARTS):
        by = fit([choice for choice in learned if _part(choice) != held])
        for name, judged in zip(shares, (spoken, interrupting), strict=True):
            shares[name].append(share_right([choice for choice in judged if _part(choice) == held], by))
    by = fit(learned)
    for name, judged in zip(shares, (spoken, interrupting), strict=True):
        known_ = share_right(judged, by)
        print(f"{len(judged)} {name}; not learned from {np.mean(shares[name]):.3f}, learned from {known_:.3f}")
    write(by)


def _part(choice: Choice) -> int:
    return crc32(choice.dialogue.encode()) % PARTS


def write(by: dict[str, float]) -> None:
    path = Path(weights.__file__)
    code = path.read_text(encoding="utf-8")
    lines = "".join(f"    {name!r}: {weight},\n" for name, weight in by.items() if weight).replace("'", '"')
    path.write_text(f"{code[: code.index('MOVES')]}MOVES: dict[str, float] = {{\n{lines}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
