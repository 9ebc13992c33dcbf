"""How sure is sure. `CALIBRATION` is written by `python -m tests.evaluation.tune` from the tuning questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

Logistic = tuple[float, ...]  # a weight for each feature, and the constant last


@dataclass(frozen=True, slots=True)
class Calibration:
    right: Logistic  # of `understanding.features`: is the first hit right?
    vague: Logistic  # of `understanding.vague_features`: would a clerk ask back?
    two: Logistic  # of `several.features`: are these two matters?
    sure: float  # at least so likely to be right: answered
    possible: float  # at least so likely: asked back
    asks: float  # at least so likely that a clerk would: asked back all the same
    foreign: float  # at least so likely to be a neighbour's matter: said whose it is
    near: float  # so close behind the best score an entry is one of the choices
    both: float  # at least so likely: two matters
    talk: float  # so far ahead of a question another intent must be

    def sureness(self, features: Sequence[float]) -> float:
        return _logistic(self.right, features)

    def vagueness(self, features: Sequence[float]) -> float:
        return _logistic(self.vague, features)

    def sureness_of_both(self, features: Sequence[float]) -> float:
        return _logistic(self.two, features)


def _logistic(weights: Logistic, features: Sequence[float]) -> float:
    """0..1"""
    total = sum(weight * value for weight, value in zip(weights, (*features, 1.0), strict=True))
    return 1 / (1 + exp(-total))


CALIBRATION = Calibration(
    right=(0.445, 5.504, 0.923, -0.21, 0.119),
    vague=(0.129, -3.723, -2.316, 2.28, 0.507, -1.465, -2.564, 0.931),
    two=(1.642, -1.914, -3.302, 6.406, 0.323, 3.866, 1.801, -7.403),
    sure=0.85,
    possible=0.3,
    asks=0.5,
    foreign=0.4,
    near=0.1,
    both=0.5,
    talk=0.2,
)
