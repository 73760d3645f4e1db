"""Replies drawn by TRL's own generation, which is vLLM where the run says so; the same verbs as `LocalSampler`.

Rows are sent whole on every turn: vLLM keeps the keys and values of what it has seen by itself.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import Any

import torch

from ..agents.decode import Said
from .sampler import PRIME


class SentRows:
    """Rows of ids that grow turn by turn, kept on our side."""

    def __init__(self) -> None:
        self.ids: list[list[int]] = []

    def append(self, ids: Sequence[Sequence[int]]) -> None:
        """Further ids of every row. Raises ValueError for a wrong number of them."""
        if not self.ids:
            self.ids = [[] for _ in ids]
        for row, more in zip(self.ids, ids, strict=True):
            row += more

    def keep(self, rows: torch.Tensor) -> None:
        """Go on with these rows only, in this order."""
        self.ids = [list(self.ids[place]) for place in rows.tolist()]


class TrainerSampler:
    """Asks the trainer for replies; `trainer` is set once there is one.

    Where the trainer generates by itself, seed and key name the random numbers; log-probabilities are unknown (nan).
    vLLM has its own random numbers: a run with it can be resumed, but is not the same run to the last digit.
    """

    def __init__(self, seed: int) -> None:
        self.trainer: Any = None
        self._seed = seed

    def replies(self, prompts: Sequence[Sequence[int]], repeat: int, key: int) -> list[Said]:
        """`repeat` replies to every prompt, those of one prompt side by side."""
        return self._said([list(prompt) for prompt in prompts for _ in range(repeat)], key)

    def rows(self) -> Any:  # noqa: ANN401 - `SentRows`, which takes the place of `Rows`
        """An empty batch of rows that grow turn by turn."""
        return SentRows()

    def more(self, rows: Any, count: int, key: int) -> list[Said]:  # noqa: ANN401
        """A further reply in each row; its last id is the first of what is appended next, as with `Rows`."""
        said = self._said(rows.ids[:count], key)
        for row, one in zip(rows.ids, said, strict=True):
            row += one.ids[:-1]
        return said

    def _said(self, ids: list[list[int]], key: int) -> list[Said]:
        torch.manual_seed(self._seed * PRIME + key)
        # Private, and the one call that covers generate, continuous batching and vLLM; the rollouts call nothing else.
        completions, logprobs = self.trainer._generate_single_turn(ids, None, {}, num_generations=1)
        if logprobs is None:
            logprobs = [[nan] * len(one) for one in completions]
        return [
            Said([int(token) for token in one], [float(value) for value in values])
            for one, values in zip(completions, logprobs, strict=True)
        ]
