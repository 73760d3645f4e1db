"""Intervals: bootstrap over weeks, paired differences, pass^k. Numbers in, figures out; knows no records."""

from __future__ import annotations

from collections.abc import Iterator
from math import comb
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

RESAMPLES, CHUNK = 1000, 50
BOOTSTRAP_SEED = 20240
Table = NDArray[np.float64]
"""Weeks down, figures across."""


class Figure(TypedDict):
    """A mean with its 95% interval over weeks, and how many weeks it rests on; None when there are none."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


EMPTY = Figure(mean=None, low=None, high=None, n=0)


def bootstrap(parts: Table, wholes: Table) -> list[Figure]:
    """Per column the ratio sum(parts) / sum(wholes) over weeks (rows), with the 2.5 and 97.5 percentiles of resamples.

    A week whose whole is 0 has no say in that column; a plain mean has wholes of 1.
    """
    weeks, columns = parts.shape
    counts = (wholes > 0).sum(axis=0)
    if weeks == 0:
        return [EMPTY.copy() for _ in range(columns)]
    with np.errstate(invalid="ignore", divide="ignore"):
        means = parts.sum(axis=0) / wholes.sum(axis=0)
        resampled = np.concatenate([(draws @ parts) / (draws @ wholes) for draws in _draws(weeks)])
    lows, highs = _limits(resampled)
    return [
        Figure(mean=float(mean), low=float(low), high=float(high), n=int(count)) if count else EMPTY.copy()
        for mean, low, high, count in zip(means, lows, highs, counts, strict=True)
    ]


def _limits(resampled: Table) -> Table:
    """(2, columns): the 2.5 and 97.5 percentiles of every column, resamples without a say in it left out."""
    limits = np.percentile(resampled, (2.5, 97.5), axis=0)
    for column in np.flatnonzero(np.isnan(resampled).any(axis=0) & ~np.isnan(resampled).all(axis=0)):
        limits[:, column] = np.nanpercentile(resampled[:, column], (2.5, 97.5))
    return limits


def mean_figures(values: Table) -> list[Figure]:
    """The plain mean of every column with its interval."""
    return bootstrap(values, np.ones_like(values))


def paired(first: Table, second: Table) -> list[Figure]:
    """Per column the mean of second - first over the same weeks, row by row. Raises ValueError for unequal shapes."""
    if first.shape != second.shape:
        raise ValueError(f"paired weeks must be the same on both sides, not {first.shape} and {second.shape}")
    return mean_figures(second - first)


def unpaired(first: Table, second: Table) -> list[Figure]:
    """Per column mean(second) - mean(first) of two sets of weeks that have nothing in common; n is the smaller one."""
    if not len(first) or not len(second):
        return [EMPTY.copy() for _ in range(first.shape[1])]
    gaps = second.mean(axis=0) - first.mean(axis=0)
    drawn = [
        (two @ second) / len(second) - (one @ first) / len(first)
        for one, two in zip(_draws(len(first)), _draws(len(second), BOOTSTRAP_SEED + 1), strict=True)
    ]
    low, high = np.percentile(np.concatenate(drawn), (2.5, 97.5), axis=0)
    size = min(len(first), len(second))
    return [
        Figure(mean=float(g), low=float(lo), high=float(hi), n=size) for g, lo, hi in zip(gaps, low, high, strict=True)
    ]


def pass_k(passed: int, weeks: int, k: int) -> float | None:
    """pass^k: the chance that k weeks, drawn without replacement, all pass; None when there are fewer than k.

    Raises ValueError for impossible counts.
    """
    if not 0 <= passed <= weeks or k < 1:
        raise ValueError(f"pass^{k} of {passed} passed weeks among {weeks} makes no sense")
    return comb(passed, k) / comb(weeks, k) if weeks >= k else None


def _draws(weeks: int, seed: int = BOOTSTRAP_SEED) -> Iterator[Table]:
    """How often each week comes in each resample, in chunks that keep 10,000 weeks small."""
    rng = np.random.default_rng(seed)
    for _ in range(RESAMPLES // CHUNK):
        yield rng.multinomial(weeks, np.full(weeks, 1.0 / weeks), size=CHUNK).astype(float)
