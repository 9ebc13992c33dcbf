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
    right=(-0.042, 5.852, 1.888, -0.067, 1.705, -1.493, -0.076),
    vague=(-0.485, -2.188, -1.421, 2.566, -0.103, -1.618, -2.537, -0.288, 1.869, 1.282, 1.204),
    two=(
        5.237,
        -0.175,
        3.047,
        1.985,
        0.022,
        0.907,
        2.708,
        0.932,
        -4.114,
        -0.434,
        -0.013,
        -0.791,
        -0.41,
        -4.392,
        -1.255,
        2.092,
        0.09,
        -0.947,
        -0.875,
        1.123,
        0.764,
        0.218,
        -0.888,
        -4.375,
    ),
    sure=0.8,
    possible=0.2,
    asks=0.2,
    foreign=0.4,
    near=0.05,
    both=0.4,
    talk=0.2,
)
