"""Which words speak for which label, learned from examples: a linear ranker trained by its mistakes.

Multiclass passive-aggressive updates (Crammer et al., 2006, PA-I), averaged over all steps: an example that does not
win by a margin pulls its own label up and the strongest rival down, by as little as is needed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Values = npt.NDArray[np.float32]
ROUNDS = 6
STEP = 0.5  # the most that one example may move
MARGIN = 1.0


@dataclass(frozen=True, slots=True)
class Example:
    ids: Ids  # of its terms
    values: Values  # their weights, of length one together
    label: int


def train(examples: Sequence[Example], terms: int, labels: int) -> Values:
    """Weights, one row a term and one column a label."""
    weights = np.zeros((terms, labels), np.float32)
    drift = np.zeros_like(weights)  # what averaging takes back
    order = np.random.default_rng(0)  # the same knowledge gives the same weights
    rows = np.empty((max((len(example.ids) for example in examples), default=0), labels), np.float32)
    for turn in range(ROUNDS):
        for at in order.permutation(len(examples)):
            _correct(examples[at], weights, drift, turn, rows)
    weights -= drift / ROUNDS
    return weights


def _correct(example: Example, weights: Values, drift: Values, turn: int, rows: Values) -> None:
    ids, values, label = example.ids, example.values, example.label
    taken = np.take(weights, ids, axis=0, out=rows[: len(ids)], mode="clip")  # "clip" lets it write without a copy
    scores = values @ taken
    own = scores[label]
    scores[label] = -np.inf
    rival = scores.argmax()
    loss = MARGIN - (own - scores[rival])
    if loss <= 0:
        return
    change = min(STEP, loss / 2) * values
    weights[ids, label] += change
    weights[ids, rival] -= change
    change *= turn
    drift[ids, label] += change
    drift[ids, rival] -= change
