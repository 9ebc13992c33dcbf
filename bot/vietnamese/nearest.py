"""How like a question is to the nearest of an entry's known phrasings.

Both are sets of weighted terms. Their likeness is Tversky's: what they share, over that plus a part of what only one
of them has. What only the question has costs more - a word we do not know is a question we may not answer - but what
only the phrasing has costs too, so that "đăng ký khai tử" means the plain procedure and not "đăng ký lại khai tử".
"""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from math import log

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float32]
Places = npt.NDArray[np.int32]
ONLY_QUESTION, ONLY_PHRASING = 0.6, 0.35
UNKNOWN_PAIR = 0.3  # two words that never stood side by side say little about it
LEAST = 0.02


class Nearest:
    """`phrasings`: the terms of each, with their content; `owners`: ascending, the entry of each phrasing."""

    def __init__(self, phrasings: Iterable[Mapping[str, float]], owners: Sequence[int], entries: int) -> None:
        self.ids, self.columns, self.contents, self.lengths = _flat(phrasings)
        uses = np.bincount(self.columns, minlength=len(self.ids))
        self.shared = int((uses > 1).sum())  # ids below this are used more than once
        rows = np.repeat(np.arange(len(self.lengths), dtype=np.int32), self.lengths)
        order = np.argsort(self.columns, kind="stable")
        self._rows = rows[order].astype(np.intp)
        self._ends = np.r_[0, np.cumsum(uses)].tolist()
        owner = np.asarray(owners, np.int32)
        self._starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else owner
        self._rarest = log(1 + entries)
        self._uses, self._rates = _uses(self.columns, owner[rows], np.bincount(owner, minlength=entries))
        self.weights = self._telling()
        weighed = self.contents * self.weights[self.columns]
        self._sizes = np.bincount(rows, weighed, len(self.lengths)).astype(np.float32)
        self._weighed = weighed[order]

    def _telling(self) -> Numbers:
        """How much a term tells about the entry: the less evenly the entries use it, the more."""
        terms = self._uses >> 32
        total = np.bincount(terms, self._rates, len(self.ids))
        share = self._rates / total[terms]
        spread = -np.bincount(terms, share * np.log(share), len(self.ids))
        telling: Numbers = np.maximum(self._rarest - spread, LEAST).astype(np.float32)
        return telling

    def weight(self, term: str) -> float:
        at = self.ids.get(term)
        if at is None:
            return UNKNOWN_PAIR if " " in term else self._rarest
        return self.weights.item(at)

    def rates(self, terms: Iterable[str], entry: int) -> Numbers:
        """0..1 for each term, in how many of the entry's phrasings it stands."""
        wanted = np.array([self.ids.get(term, -1) for term in terms], np.int64) << 32 | entry
        at = np.minimum(self._uses.searchsorted(wanted), len(self._uses) - 1)
        return np.where(self._uses[at] == wanted, self._rates[at], 0)

    def likeness(self, terms: Mapping[str, float]) -> Numbers:
        """0..1 for each entry that has phrasings, in their order."""
        known = [(at, content) for term, content in terms.items() if (at := self.ids.get(term)) is not None]
        if not known:
            return np.zeros(len(self._starts), np.float32)
        size = sum(content * self.weight(term) for term, content in terms.items())
        spans = [slice(self._ends[at], self._ends[at + 1]) for at, _ in known]
        said = np.array([content for _, content in known], np.float32) * self.weights[[at for at, _ in known]]
        here = np.concatenate([self._weighed[span] for span in spans])
        np.minimum(here, np.repeat(said, [span.stop - span.start for span in spans]), out=here)
        rows = np.concatenate([self._rows[span] for span in spans])
        shared = np.bincount(rows, here, len(self._sizes)).astype(np.float32)
        only_question = np.maximum(size - shared, 0)
        only_phrasing = np.maximum(self._sizes - shared, 0)
        like = shared / (shared + ONLY_QUESTION * only_question + ONLY_PHRASING * only_phrasing + 1e-9)
        return np.maximum.reduceat(like, self._starts)


def _flat(phrasings: Iterable[Mapping[str, float]]) -> tuple[dict[str, int], Places, Numbers, Places]:
    """The ids of all terms, those used once last; and phrasing after phrasing ids, contents, and how many they are."""
    ids: dict[str, int] = {}
    columns, contents, lengths = array("i"), array("f"), array("i")
    for terms in phrasings:
        columns.extend([ids.setdefault(term, len(ids)) for term in terms])
        contents.extend(terms.values())
        lengths.append(len(terms))
    found = np.frombuffer(columns, np.int32) if columns else np.zeros(0, np.int32)
    rank = np.empty(len(ids), np.int32)
    rank[np.argsort(np.bincount(found, minlength=len(ids)) == 1, kind="stable")] = np.arange(len(ids))
    named = dict(zip(ids, rank.tolist(), strict=True))
    return named, rank[found], np.array(contents, np.float32), np.array(lengths, np.int32)


def _uses(columns: Places, owners: Places, counts: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], Numbers]:
    """Which entry uses which term, as `term << 32 | entry` in ascending order, and in how many of its phrasings."""
    pairs, times = np.unique(columns.astype(np.int64) << 32 | owners, return_counts=True)
    return pairs, (times / counts[pairs & 0xFFFFFFFF]).astype(np.float32)
