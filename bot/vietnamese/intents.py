"""What kind of message it is: a question, or a complaint, a greeting, a wish to see someone...

Learned from example lines by the same ranker as the entries, but over all words: here the fillers tell. A question is
the rule and anything else the exception, so another intent must win clearly.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt

import numpy as np

from bot.vietnamese.ranking import Examples, train
from bot.vietnamese.words import Words

QUESTION = "question"
KNOWN = 1.0  # lead of just what an example line says
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
        lines = [(intent, terms) for intent, terms in lines if terms]
        self.labels = tuple(sorted({intent for intent, _ in lines}))
        number = {intent: at for at, intent in enumerate(self.labels)}
        self._ids: dict[str, int] = {}
        ids = [self._ids.setdefault(term, len(self._ids)) for _, terms in lines for term in terms]
        lengths = np.array([len(terms) for _, terms in lines], np.int32)
        values = np.repeat(1 / np.sqrt(lengths), lengths).astype(np.float32)
        labels = np.array([number[intent] for intent, _ in lines], np.int32)
        taught = Examples(np.array(ids, np.int32), values, lengths, labels)
        self._learned = train(taught, len(self._ids), len(self.labels))
        self._question = number.get(QUESTION, -1)
        self._lines = {words.folded: intent for intent, read in examples.items() for words in read}

    def guess(self, words: Words) -> Guess:
        terms = _terms(words)
        known = [self._ids[term] for term in terms if term in self._ids]
        if not known or len(self.labels) < 2:
            return Guess("", -1.0)
        scores = self._learned.scores(known, [1 / sqrt(len(terms))] * len(known))
        question = scores[self._question] if self._question >= 0 else 0.0
        scores[self._question] = -np.inf
        best = int(scores.argmax())
        guess = Guess(self.labels[best], float(scores[best] - question))
        known_line = self._lines.get(words.folded)
        return Guess(known_line, max(guess.lead, KNOWN)) if known_line else guess


def _terms(words: Words) -> list[str]:
    folded = ["^", *(word.folded for word in words.words), "$"]
    return list(dict.fromkeys((*folded[1:-1], *(f"{one} {other}" for one, other in pairwise(folded)))))
