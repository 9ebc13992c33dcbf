"""How like a question is to the nearest of an entry's known phrasings.

Both are sets of weighted terms. Their likeness is Tversky's: what they share, over that plus a part of what only one
of them has. What only the question has costs more - a word we do not know is a question we may not answer - but what
only the phrasing has costs too, so that "đăng ký khai tử" means the plain procedure and not "đăng ký lại khai tử".
"""

from collections import Counter
from collections.abc import Sequence
from math import log

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
ONLY_QUESTION, ONLY_PHRASING = 0.6, 0.35
UNKNOWN_PAIR = 0.3  # two words that never stood side by side say little about it
LEAST = 0.02


class Nearest:
    """`phrasings`: the terms of each, with their content; `owners`: ascending, the entry of each phrasing."""

    def __init__(self, phrasings: Sequence[dict[str, float]], owners: Sequence[int], entries: int) -> None:
        rows = np.repeat(np.arange(len(phrasings)), [len(terms) for terms in phrasings])
        names = [term for terms in phrasings for term in terms]
        uses = Counter(names)
        self.ids = {term: at for at, term in enumerate(sorted(uses, key=lambda term: uses[term] == 1))}
        self.shared = sum(count > 1 for count in uses.values())  # ids below this are used more than once
        columns = np.fromiter((self.ids[term] for term in names), np.int32, len(names))
        contents = np.fromiter((c for terms in phrasings for c in terms.values()), np.float32, len(names))
        self._columns, self._content_of = columns, contents  # in the order of the phrasings
        self._phrasing_ends = np.cumsum([0, *map(len, phrasings)])
        order = np.argsort(columns, kind="stable")
        self._rows, self._contents = rows[order], contents[order]
        self._ends = np.searchsorted(columns[order], np.arange(len(self.ids) + 1))
        owner = np.asarray(owners, np.int32)
        self._owners = owner[self._rows]  # of the phrasings in which each term stands
        self._starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else owner
        self._rarest = log(1 + entries)
        self._counts = np.bincount(owner, minlength=entries)
        self.weights = self._telling(owner[rows], columns, self._counts)
        self._sizes = np.bincount(rows, contents * self.weights[columns], len(phrasings)).astype(np.float32)

    def _telling(
        self, owners: npt.NDArray[np.int32], columns: npt.NDArray[np.int32], counts: npt.NDArray[np.int64]
    ) -> Numbers:
        """How much a term tells about the entry: the less evenly the entries use it, the more."""
        pairs, uses = np.unique(columns.astype(np.int64) << 32 | owners, return_counts=True)
        terms, rate = pairs >> 32, uses / counts[pairs & 0xFFFFFFFF]
        total = np.bincount(terms, rate, len(self.ids))
        share = rate / total[terms]
        spread = -np.bincount(terms, share * np.log(share), len(self.ids))
        telling: Numbers = np.maximum(self._rarest - spread, LEAST).astype(np.float32)
        return telling

    def terms_of(self, phrasing: int) -> tuple[npt.NDArray[np.int32], Numbers]:
        """The ids and contents of a phrasing's terms."""
        span = slice(self._phrasing_ends[phrasing], self._phrasing_ends[phrasing + 1])
        return self._columns[span], self._content_of[span]

    def weight(self, term: str) -> float:
        at = self.ids.get(term)
        if at is None:
            return UNKNOWN_PAIR if " " in term else self._rarest
        return float(self.weights[at])

    def rate(self, term: str, entry: int) -> float:
        """0..1, in how many of the entry's phrasings the term stands."""
        at = self.ids.get(term)
        if at is None:
            return 0.0
        owners = self._owners[self._ends[at] : self._ends[at + 1]]  # ascending, as the rows are
        return float(owners.searchsorted(entry, "right") - owners.searchsorted(entry)) / float(self._counts[entry])

    def likeness(self, terms: dict[str, float]) -> Numbers:
        """0..1 for each entry that has phrasings, in their order."""
        shared = np.zeros(len(self._sizes), np.float32)
        size = 0.0
        for term, content in terms.items():
            at, weight = self.ids.get(term), self.weight(term)
            size += content * weight
            if at is None:
                continue
            span = slice(self._ends[at], self._ends[at + 1])
            shared[self._rows[span]] += weight * np.minimum(self._contents[span], content)
        only_question = np.maximum(size - shared, 0)
        only_phrasing = np.maximum(self._sizes - shared, 0)
        like = shared / (shared + ONLY_QUESTION * only_question + ONLY_PHRASING * only_phrasing + 1e-9)
        return np.maximum.reduceat(like, self._starts)
