"""Which knowledge entry a question is about, and how sure that is.

A question and each phrasing of each entry are sets of folded syllables and pairs of neighbours, weighted by how few
entries know them. Their likeness is Tversky's: what they share, over that plus a part of what only one of them has.
What only the question has costs more - a word we do not know is a question we may not answer - but what only the
phrasing has costs too, so that "đăng ký khai tử" means the plain procedure and not "đăng ký lại khai tử".
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bot.vietnamese.words import read

ONLY_QUESTION, ONLY_PHRASING = 0.6, 0.35
PAIR = 0.6  # two neighbours are a Vietnamese word more often than not, but dialects and fillers break them up


@dataclass(frozen=True, slots=True)
class Entry:
    """What the index knows of a knowledge entry: its names and the ways in which citizens say it."""

    code: str
    phrasings: tuple[str, ...]  # the official name first


@dataclass(frozen=True, slots=True)
class Hit:
    code: str
    likeness: float  # 0..1, of the entry's nearest phrasing
    coverage: float  # 0..1, how much of what the question is about the entry knows in any phrasing


class Index:
    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        texts = [_terms(read(text).content) for entry in self.entries for text in entry.phrasings]
        owner = [number for number, entry in enumerate(self.entries) for _ in entry.phrasings]
        self._owner = np.array(owner, np.int32)
        self._known = _known(texts, owner)
        self._rarest = float(np.log(1 + len(self.entries)))
        self._weights = {term: self._weight(term, len(found)) for term, found in self._known.items()}
        self._postings = _postings(texts)
        self._sizes = np.array([sum(self._weights[term] for term in terms) for terms in texts], np.float32)

    def search(self, content: Sequence[str], limit: int = 6) -> list[Hit]:
        """The entries nearest to a question's content words, best first."""
        terms = _terms(content)
        if not terms or not self.entries:
            return []
        best = np.zeros(len(self.entries), np.float32)
        np.maximum.at(best, self._owner, self._likeness(terms))
        order = np.argsort(-best, kind="stable")[:limit]
        return [Hit(self.entries[n].code, float(best[n]), self._coverage(content, int(n))) for n in order if best[n]]

    def _likeness(self, terms: set[str]) -> npt.NDArray[np.float32]:
        shared = np.zeros(len(self._owner), np.float32)
        for term in terms & self._postings.keys():
            shared[self._postings[term]] += self._weights[term]
        size = sum(self._weights.get(term, self._weight(term, 0)) for term in terms)
        likeness: npt.NDArray[np.float32] = shared / (
            shared + ONLY_QUESTION * (size - shared) + ONLY_PHRASING * (self._sizes - shared)
        )
        return likeness

    def _weight(self, term: str, known_by: int) -> float:
        """A syllable no entry knows weighs as much as the rarest; a pair no entry knows says little."""
        if " " in term:
            return PAIR * self._idf(known_by) if known_by else PAIR * 0.3
        return self._idf(known_by) if known_by else self._rarest

    def _idf(self, known_by: int) -> float:
        return float(np.log(1 + (len(self.entries) - known_by + 0.5) / (known_by + 0.5)))

    def _coverage(self, content: Sequence[str], entry: int) -> float:
        weights = {term: self._weights.get(term, self._rarest) for term in set(content)}
        known = sum(weight for term, weight in weights.items() if entry in self._known.get(term, ()))
        return known / (sum(weights.values()) or 1.0)


def _terms(content: Sequence[str]) -> set[str]:
    return {*content, *(f"{a} {b}" for a, b in pairwise(content))}


def _known(texts: list[set[str]], owner: list[int]) -> dict[str, set[int]]:
    known: dict[str, set[int]] = defaultdict(set)
    for number, terms in zip(owner, texts, strict=True):
        for term in terms:
            known[term].add(number)
    return dict(known)


def _postings(texts: list[set[str]]) -> dict[str, npt.NDArray[np.int32]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for number, terms in enumerate(texts):
        for term in terms:
            rows[term].append(number)
    return {term: np.array(numbers, np.int32) for term, numbers in rows.items()}
