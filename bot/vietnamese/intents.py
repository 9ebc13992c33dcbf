"""What kind of message it is: a question, or a complaint, a greeting, a wish to see someone...

Learned from example lines by the same ranker as the entries, but over all words: here the fillers tell. A question is
the rule and anything else the exception, so another intent must win clearly. Whether somebody is accused is learned
apart, over the words and over what a story of wrongdoing is made of: it must be seen in words nobody taught us.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import sqrt

import numpy as np

from bot.vietnamese.deeds import deeds
from bot.vietnamese.ranking import Examples, Values, train
from bot.vietnamese.words import Words

QUESTION, DENUNCIATION = "question", "denunciation"
KNOWN = 1.0  # lead of just what an example line says
# intents that are told apart to be answered apart, and what they are together
OUTCOMES = {
    **dict.fromkeys(("greeting", "thanks", "goodbye", "agreement", "refusal", "who", "laughter"), "smalltalk"),
    **dict.fromkeys(("vague", "back", "news", "stop"), "menu"),
    "suggestion": "complaint",
    "track": "status",
}
Line = tuple[str, list[str]]  # what it is, and the terms in which it is said


@dataclass(frozen=True, slots=True)
class Guess:
    intent: str  # the likeliest that is no question
    lead: float  # over a question; below zero a question is likelier
    accuses: float = -1.0  # how far ahead of all else it is that somebody is accused


NOTHING = Guess("", -1.0)


class Learned:
    """Which label the lines of words speak for."""

    def __init__(self, lines: Iterable[Line]) -> None:
        told = [(label, terms) for label, terms in lines if terms]
        self.labels = tuple(sorted({label for label, _ in told}))
        number = {label: at for at, label in enumerate(self.labels)}
        self._ids: dict[str, int] = {}
        ids = [self._ids.setdefault(term, len(self._ids)) for _, said in told for term in said]
        lengths = np.array([len(said) for _, said in told], np.int32)
        values = np.repeat(1 / np.sqrt(lengths), lengths).astype(np.float32)
        labels = np.array([number[label] for label, _ in told], np.int32)
        taught = Examples(np.array(ids, np.int32), values, lengths, labels)
        self._ranker = train(taught, len(self._ids), len(self.labels))

    def scores(self, terms: list[str]) -> Values | None:
        """One for each label; None when there is nothing to tell by."""
        known = [self._ids[term] for term in terms if term in self._ids]
        if not known or len(self.labels) < 2:
            return None
        return self._ranker.scores(known, [1 / sqrt(len(terms))] * len(known))


class Intents:
    def __init__(self, examples: Mapping[str, Sequence[Words]], questions: Iterable[Words]) -> None:
        lines = [(intent, words) for intent, read in examples.items() for words in read]
        self._lines = {words.folded: intent for intent, words in lines if intent != QUESTION}
        lines += [(QUESTION, words) for words in questions]
        said = [(label, _said(words)) for label, words in lines]
        self._kinds = Learned(said)
        self._stories = Learned(
            (label, terms + _done(words)) for (label, words), (_, terms) in zip(lines, said, strict=True)
        )

    def guess(self, words: Words) -> Guess:
        said = _said(words)
        scores, labels = self._kinds.scores(said), self._kinds.labels
        if scores is None:
            return NOTHING
        question = labels.index(QUESTION) if QUESTION in labels else -1
        asked = scores[question] if question >= 0 else 0.0
        scores[question] = -np.inf
        best = int(scores.argmax())
        guess = Guess(labels[best], float(scores[best] - asked), self._accuses(said + _done(words)))
        known_line = self._lines.get(words.folded)
        return replace(guess, intent=known_line, lead=max(guess.lead, KNOWN)) if known_line else guess

    def _accuses(self, told: list[str]) -> float:
        scores, labels = self._stories.scores(told), self._stories.labels
        if scores is None or DENUNCIATION not in labels:
            return NOTHING.accuses
        own = labels.index(DENUNCIATION)
        return float(scores[own] - np.delete(scores, own).max())


def _said(words: Words) -> list[str]:
    folded = ["^", *(word.folded for word in words.words), "$"]
    return list(dict.fromkeys((*folded[1:-1], *(f"{one} {other}" for one, other in pairwise(folded)))))


def _done(words: Words) -> list[str]:
    """Who does what to what, whatever is between."""
    kinds = deeds([word.folded for word in words.words])
    return list(dict.fromkeys((*kinds, *(f"{one} {other}" for one, other in combinations(kinds, 2)))))
