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
    right=(0.345, 6.189, 2.632, -0.58, 0.683, -2.52, 0.476),
    vague=(-0.436, -2.558, -1.26, 1.84, 0.283, -1.512, -2.64, -0.091, 1.469, 1.504, 1.279),
    two=(
        4.231,
        1.259,
        3.362,
        1.922,
        0.107,
        0.535,
        2.593,
        0.996,
        -3.983,
        -0.865,
        -0.111,
        -1.071,
        0.247,
        -3.726,
        -1.69,
        2.568,
        -0.402,
        -1.167,
        -1.207,
        1.174,
        0.545,
        -1.427,
        -1.027,
        -4.631,
    ),
    sure=0.8,
    possible=0.5,
    asks=0.25,
    foreign=0.4,
    near=0.05,
    both=0.3,
    talk=0.2,
)
