"""A subword encoder trained from scratch in numpy: hashed words and characters -> vectors -> one layer -> acts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

WIDTH = 48
STEPS = 70
RATE = 0.02
DECAY = 1e-4
SEED = 7


class Adam:
    """Adam with decoupled decay for a list of arrays, changed in place."""

    def __init__(self, parameters: list[NDArray[np.float32]]) -> None:
        self.parameters = parameters
        self.mean = [np.zeros_like(each) for each in parameters]
        self.square = [np.zeros_like(each) for each in parameters]
        self.step = 0

    def update(self, slopes: list[NDArray[np.float32]]) -> None:
        """One step of RATE against the slopes."""
        self.step += 1
        scale = RATE * (1 - 0.999**self.step) ** 0.5 / (1 - 0.9**self.step)
        for value, slope, mean, square in zip(self.parameters, slopes, self.mean, self.square, strict=True):
            mean += 0.1 * (slope - mean)
            square += 0.001 * (slope * slope - square)
            value -= scale * mean / (np.sqrt(square) + 1e-8) + RATE * DECAY * value


def scores(table: csr_matrix, acts: NDArray[np.int64], hidden: csr_matrix, classes: int) -> NDArray[np.float64]:
    """Log probabilities of the acts of `hidden` rows by an encoder trained on `table`; full batches, fixed seed."""
    used = np.unique(table.indices)
    small, other = table[:, used].astype(np.float32), hidden[:, used].astype(np.float32)
    turned = small.T.tocsr()
    luck = np.random.default_rng(SEED)
    vectors = luck.normal(0, 0.1, (len(used), WIDTH)).astype(np.float32)
    out = luck.normal(0, 0.1, (WIDTH, classes)).astype(np.float32)
    bias = np.zeros(classes, dtype=np.float32)
    adam = Adam([vectors, out, bias])
    goal = np.eye(classes, dtype=np.float32)[acts]
    for _ in range(STEPS):
        layer = np.tanh(small @ vectors)
        kept = layer * (luck.random(layer.shape) > 0.2).astype(np.float32) * 1.25
        error = (_softmax(kept @ out + bias) - goal) / len(acts)
        back = (error @ out.T) * (1 - layer * layer)
        adam.update([turned @ back, kept.T @ error, error.sum(axis=0)])
    return np.log(_softmax(np.tanh(other @ vectors) @ out + bias).astype(np.float64) + 1e-9)


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)
