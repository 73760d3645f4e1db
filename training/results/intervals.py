"""95% intervals over training seeds and weeks. Numbers in, figures out; over one seed it is `episodes.stats`.

Every seed plays the same weeks, so a resample draws seeds first (with replacement), then weeks, and gives all drawn
seeds the same weeks: a hard week is hard for every seed, and weeks drawn anew for each seed would average that away
(the two-way bootstrap of Owen 2007, "The pigeonhole bootstrap"; it errs on the wide side). With three seeds there are
ten different draws of them: an interval then knows little of how seeds vary, and the table gives each seed beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...episodes.stats import BOOTSTRAP_SEED, CHUNK, EMPTY, RESAMPLES, Figure, Table, bootstrap
from .rows import Key, Rows

WORDS = (
    "Intervals: bootstrap, 1000 resamples, 2.5 and 97.5 percentiles; over weeks, and where several training seeds are "
    "taken together over seeds, then weeks (the same weeks for every drawn seed)."
)


def over_seeds(parts: Sequence[Table], wholes: Sequence[Table]) -> list[Figure]:
    """Per column the ratio sum(parts) / sum(wholes) over seeds (items) and weeks (rows), with its interval.

    Raises ValueError: no seed, or seeds with different weeks.
    """
    if len({table.shape for table in (*parts, *wholes)}) != 1:
        raise ValueError("every seed must have the same weeks and figures")
    if len(parts) == 1 or not len(parts[0]):
        return bootstrap(parts[0], wholes[0])
    part, whole = np.stack(parts), np.stack(wholes)
    weeks = (whole.sum(axis=0) > 0).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = part.sum(axis=(0, 1)) / whole.sum(axis=(0, 1))
    resampled = _resampled(part, whole)
    return [
        _figure(float(mean), resampled[:, column], int(count)) if count else EMPTY.copy()
        for column, (mean, count) in enumerate(zip(means, weeks, strict=True))
    ]


def _figure(mean: float, resampled: np.ndarray, weeks: int) -> Figure:
    low, high = np.nanpercentile(resampled, (2.5, 97.5))
    return Figure(mean=mean, low=float(low), high=float(high), n=weeks)


def _resampled(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """(resamples, columns) ratios; part and whole are (seeds, weeks, columns)."""
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    seeds, weeks, _ = part.shape
    found = []
    for _ in range(RESAMPLES // CHUNK):
        of_seeds = rng.multinomial(seeds, np.full(seeds, 1.0 / seeds), size=CHUNK).astype(float)
        of_weeks = rng.multinomial(weeks, np.full(weeks, 1.0 / weeks), size=CHUNK).astype(float)
        sums = [np.einsum("rs,srk->rk", of_seeds, of_weeks @ table) for table in (part, whole)]
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append(sums[0] / sums[1])
    return np.concatenate(found)


def means(group: Sequence[Rows], keys: Sequence[Key]) -> list[Figure]:
    """The figures of some players taken together, all of one seed each."""
    tables = [rows.table(keys) for rows in group]
    return over_seeds([parts for parts, _ in tables], [wholes for _, wholes in tables])


def gaps(group: Sequence[Rows], other: Rows, keys: Sequence[Key]) -> list[Figure]:
    """Per figure the mean of group - other over the same weeks. Raises ValueError for other weeks."""
    base = _values(other, keys)
    tables = [_values(rows, keys) - base for rows in group]
    return over_seeds(tables, [np.ones_like(table) for table in tables])


def fraction(group: Sequence[Rows], of: np.ndarray, key: Key) -> Figure:
    """Sum of a figure as a share of (weeks,) reference values over the same weeks."""
    tables = [rows.means(key)[:, None] for rows in group]
    return over_seeds(tables, [of[:, None] for _ in tables])[0]


def _values(rows: Rows, keys: Sequence[Key]) -> Table:
    return np.stack([rows.means(key) for key in keys], axis=1)
