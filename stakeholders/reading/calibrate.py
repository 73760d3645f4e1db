"""From scores to probabilities one can trust: temperature, threshold, calibration error, risk and coverage."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Table = NDArray[np.float64]
Acts = NDArray[np.int64]
BINS = 10


class Outcome(NamedTuple):
    """How sure the model was of each example (0..1), and whether it was right."""

    sure: Table
    right: NDArray[np.bool_]


def chances(scores: Table, temperature: float) -> Table:
    """Softmax of scores / temperature, row by row."""
    scaled = scores / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)


def outcome(odds: Table, acts: Acts) -> Outcome:
    """The best act's probability of each row, and whether it is the true one."""
    return Outcome(odds.max(axis=1), odds.argmax(axis=1) == acts)


def temperature_of(scores: Table, acts: Acts) -> float:
    """The temperature (0.02..1, 2% steps) with the least log loss."""

    def loss(temperature: float) -> float:
        odds = chances(scores, temperature)
        return float(-np.log(odds[np.arange(len(acts)), acts] + 1e-12).mean())

    return round(min(np.geomspace(0.02, 1.0, 198).tolist(), key=loss), 4)


def threshold_of(seen: Outcome, precision: float) -> float:
    """The lowest confidence (0.3..0.95, steps of .01) from which on this share is right."""
    for step in range(30, 96):
        kept = seen.sure >= step / 100
        if kept.any() and seen.right[kept].mean() >= precision:
            return step / 100
    return 0.95


def calibration_error(seen: Outcome, bins: int = BINS) -> float:
    """Expected calibration error over equal bins of confidence, 0..1."""
    place = np.minimum((seen.sure * bins).astype(int), bins - 1)
    gaps = [
        (place == each).mean() * abs(seen.right[place == each].mean() - seen.sure[place == each].mean())
        for each in range(bins)
        if (place == each).any()
    ]
    return float(sum(gaps))


class Point(NamedTuple):
    """One point of the risk-coverage curve: from this confidence on, this share is answered, and this share right."""

    confidence: float
    coverage: float
    right: float


def curve(seen: Outcome, points: int = 50) -> list[Point]:
    """Coverage against correctness, from the surest 2% to all."""
    order = np.argsort(-seen.sure, kind="stable")
    sure, right = seen.sure[order], np.cumsum(seen.right[order]) / np.arange(1, len(order) + 1)
    ends = [max(1, round(len(order) * step / points)) for step in range(1, points + 1)]
    return [Point(float(sure[end - 1]), end / len(order), float(right[end - 1])) for end in ends]
