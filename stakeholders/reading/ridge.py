"""A linear model by ridge regression in closed form, and what it says of groups it never saw, without refitting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.sparse import csr_matrix

from ...world.reading import ACTS
from .features import DIMENSIONS, Features

PENALTY = 0.3
"""Added to the diagonal of the kernel; chosen by held-out voices and asks."""
BIAS = 0.3
"""The kernel between any two examples that comes from the constant feature."""

Table = NDArray[np.float64]


class Fitted(NamedTuple):
    """Weights (DIMENSIONS x acts), the constant per act, and the inverse and dual weights that held-out groups need."""

    weights: Table
    bias: Table
    inverse: Table
    dual: Table


def matrix(found: Sequence[Features]) -> csr_matrix:
    """Feature matrix, one row per example."""
    values = np.concatenate([row.values for row in found])
    columns = np.concatenate([row.buckets for row in found])
    ends = np.cumsum([0, *(len(row.buckets) for row in found)])
    table = csr_matrix((values, columns, ends), shape=(len(found), DIMENSIONS))
    table.sum_duplicates()
    return table


def targets(acts: NDArray[np.int64]) -> Table:
    """1 for the act, the same small negative number for the others; a row adds up to 0."""
    goal = np.full((len(acts), len(ACTS)), -1.0 / (len(ACTS) - 1))
    goal[np.arange(len(acts)), acts] = 1.0
    return goal


def fit_ridge(table: csr_matrix, acts: NDArray[np.int64], penalty: float = PENALTY) -> Fitted:
    """The weights with the least squared error plus penalty; one solution, so the same on every machine."""
    kernel = (table @ table.T).toarray() + BIAS
    kernel[np.diag_indices_from(kernel)] += penalty
    factor = cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    inverse = cho_solve(factor, np.eye(len(acts)), overwrite_b=True, check_finite=False)
    dual = inverse @ targets(acts)
    return Fitted(table.T @ dual, BIAS * dual.sum(axis=0), inverse, dual)


def left_out(model: Fitted, acts: NDArray[np.int64], groups: NDArray[np.int64]) -> Table:
    """Scores of every example by a model that never saw its group (block leave-one-out, exact)."""
    goal = targets(acts)
    scores = np.zeros_like(goal)
    for group in np.unique(groups):
        block = np.flatnonzero(groups == group)
        scores[block] = goal[block] - np.linalg.solve(model.inverse[np.ix_(block, block)], model.dual[block])
    return scores


def folds(names: Sequence[str], count: int) -> NDArray[np.int64]:
    """A fold number per example; a name is never in two folds, and folds are of similar size."""
    sizes: dict[str, int] = {}
    for name in names:
        sizes[name] = sizes.get(name, 0) + 1
    load = [0] * count
    place: dict[str, int] = {}
    for name in sorted(sizes, key=lambda each: (-sizes[each], each)):
        place[name] = load.index(min(load))
        load[place[name]] += sizes[name]
    return np.array([place[name] for name in names])
