"""What kind of message it is: a question, or a complaint, a greeting, a wish to see someone...

Learned from example lines by the same ranker as the entries, but over all words: here the fillers tell. A question is
the rule and anything else the exception, so another intent must win clearly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np

from bot.vietnamese.ranking import Example, Ids, Values, train
from bot.vietnamese.words import Words

QUESTION = "question"
# intents that are told apart to be answered apart, and what they are together
OUTCOMES = {
    **dict.fromkeys(("greeting", "thanks", "goodbye", "agreement", "refusal", "who", "laughter"), "smalltalk"),
    **dict.fromkeys(("vague", "back", "news", "stop"), "menu"),
    "suggestion": "complaint",
    "track": "status",
}


@dataclass(frozen=True, slots=True)
class Guess:
    intent: str  # the likeliest that is no question
    lead: float  # over a question; below zero a question is likelier


class Intents:
    def __init__(self, examples: Mapping[str, Sequence[Words]], questions: Iterable[Words]) -> None:
        lines = [(intent, _terms(words)) for intent, read in examples.items() for words in read]
        lines += [(QUESTION, _terms(words)) for words in questions]
        self.labels = tuple(sorted({intent for intent, _ in lines}))
        number = {intent: at for at, intent in enumerate(self.labels)}
        self._ids = {term: at for at, term in enumerate(dict.fromkeys(term for _, terms in lines for term in terms))}
        taught = [Example(*self._unit(terms), number[intent]) for intent, terms in lines]
        self._weights = train(taught, len(self._ids), len(self.labels))
        self._question = number.get(QUESTION, -1)

    def _unit(self, terms: Sequence[str]) -> tuple[Ids, Values]:
        known = [self._ids[term] for term in terms if term in self._ids]
        return np.array(known, np.int32), np.full(len(known), 1 / sqrt(len(terms) or 1), np.float32)

    def guess(self, words: Words) -> Guess:
        ids, values = self._unit(_terms(words))
        if not len(ids) or len(self.labels) < 2:
            return Guess("", -1.0)
        scores = values @ self._weights[ids]
        question = scores[self._question] if self._question >= 0 else 0.0
        scores[self._question] = -np.inf
        best = int(scores.argmax())
        return Guess(self.labels[best], float(scores[best] - question))


def _terms(words: Words) -> list[str]:
    folded = ["^", *(word.folded for word in words.words), "$"]
    return list(dict.fromkeys((*folded[1:-1], *(f"{one} {other}" for one, other in pairwise(folded)))))
