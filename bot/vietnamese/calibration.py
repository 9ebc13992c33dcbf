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
    right=(-0.163, 5.842, 1.655, -0.323, 1.769, -1.074, 0.145),
    vague=(-0.611, -1.964, -1.153, 2.873, 0.318, -1.49, -2.595, -0.095, 2.017, 1.086, 0.922),
    two=(
        4.768,
        0.112,
        3.379,
        1.732,
        0.067,
        0.792,
        2.768,
        0.832,
        -4.198,
        -0.74,
        -0.112,
        -1.03,
        0.215,
        -4.47,
        -1.264,
        2.714,
        -0.064,
        -1.034,
        -1.076,
        1.199,
        0.93,
        -1.0,
        -0.722,
        -4.511,
    ),
    sure=0.8,
    possible=0.2,
    asks=0.2,
    foreign=0.4,
    near=0.05,
    both=0.4,
    talk=0.05,
)
