"""Which words speak for which label, learned from examples: a linear ranker trained by its mistakes.

Multiclass passive-aggressive updates (Crammer et al., 2006, PA-I), averaged over all steps: an example that does not
win by a margin pulls its own label up and the strongest rival down, by as little as is needed. A few examples are
looked at together, so that numpy does the work.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Values = npt.NDArray[np.float32]
ROUNDS = 5
STEP = 0.5  # the most that one example may move
MARGIN = 1.0
TOGETHER, FEW = 32, 50  # of few examples less are looked at together, for each must see what the others changed


@dataclass(frozen=True, slots=True)
class Examples:
    """Of all examples, one after another: the ids and values of their terms, each example's values of length one."""

    ids: Ids
    values: Values
    lengths: Ids  # how many terms each example has; at least one
    labels: Ids

    def __len__(self) -> int:
        return len(self.labels)

    def shuffled(self, order: npt.NDArray[np.int64]) -> "Examples":
        lengths = self.lengths[order]
        places = np.repeat(_starts(self.lengths)[order] - _starts(lengths), lengths) + np.arange(lengths.sum())
        return Examples(self.ids[places], self.values[places], lengths, self.labels[order])


def _starts(lengths: Ids) -> Ids:
    return np.cumsum(lengths, dtype=np.int32) - lengths


class Ranker:
    """What each term says for each label; most say nothing of most, and only what they say is kept."""

    def __init__(self, weights: Values) -> None:
        terms, self._labels = np.nonzero(weights != 0)
        self._weights = weights[terms, self._labels]
        self._ends = np.searchsorted(terms, np.arange(len(weights) + 1)).tolist()
        self._size = weights.shape[1]

    def scores(self, ids: list[int], values: list[float]) -> Values:
        """One for each label."""
        if not ids:
            return np.zeros(self._size, np.float32)
        spans = [slice(self._ends[at], self._ends[at + 1]) for at in ids]
        said = np.concatenate([self._weights[span] for span in spans])
        said *= np.repeat(np.array(values, np.float32), [span.stop - span.start for span in spans])
        labels = np.concatenate([self._labels[span] for span in spans])
        return np.bincount(labels, said, self._size).astype(np.float32)


def train(examples: Examples, terms: int, labels: int, plain: int | None = None) -> Ranker:
    """`plain`: how many labels are; those after them are broad, and their examples never pull a plain one down."""
    weights = np.zeros((terms, labels), np.float32)
    drift = np.zeros((terms, labels), np.float32)  # what averaging takes back; most of neither is ever touched
    order = np.random.default_rng(0)  # the same knowledge gives the same weights
    for turn in range(ROUNDS):
        for few in _in_turn(examples.shuffled(order.permutation(len(examples)))):
            for to, change in _corrections(few, weights, labels if plain is None else plain):
                cells = few.ids * labels + np.repeat(to, few.lengths)
                moved = few.values * np.repeat(change, few.lengths)
                np.add.at(weights.reshape(-1), cells, moved)
                np.add.at(drift.reshape(-1), cells, moved * turn)
    weights -= drift / ROUNDS
    return Ranker(weights)


def _in_turn(examples: Examples) -> Iterator[Examples]:
    ends = np.r_[0, np.cumsum(examples.lengths)]
    together = max(1, min(TOGETHER, len(examples) // FEW))
    for first in range(0, len(examples), together):
        some = slice(first, first + together)
        lengths, labels = examples.lengths[some], examples.labels[some]
        terms = slice(ends[first], ends[first + len(labels)])
        yield Examples(examples.ids[terms], examples.values[terms], lengths, labels)


def _corrections(few: Examples, weights: Values, plain: int) -> Iterator[tuple[Ids, Values]]:
    """Labels, one for each example, and how much they move."""
    said = weights[few.ids]
    said *= few.values[:, None]
    scores = np.add.reduceat(said, _starts(few.lengths), axis=0)
    each = np.arange(len(few))
    own = scores[each, few.labels]
    scores[each, few.labels] = -np.inf
    pull = np.zeros(len(few), np.float32)
    for first, last in ((0, plain), (plain, weights.shape[1])):
        if first < last:
            rivals = first + scores[:, first:last].argmax(axis=1)
            step = np.clip((MARGIN - (own - scores[each, rivals])) / 2, 0, STEP)
            yield rivals, np.where(few.labels < last, -step, 0)
            pull = np.maximum(pull, np.where(few.labels >= first, step, 0))
    yield few.labels, pull
