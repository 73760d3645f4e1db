"""Subword regularisation: now and then what is seen comes in smaller pieces than the tokenizer makes of it.

A small model that meets every word as one token learns words by heart; one that has met their pieces, too, understands
words that nobody showed it. After BPE-dropout (Provilkov et al. 2020, arXiv:1910.13267), undoing merges instead of
leaving them out, since the tokenizers at hand draw theirs from a generator that cannot be seeded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ..agents.turns import TurnFormat

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


class CutTurns(TurnFormat):
    """Turns in which tokens of what is seen are cut into the two they were merged from, and those again.

    share: the chance of a cut, 0..1. seed: keys the draws, which depend on the order in which turns are made. Replies
    stay whole. Raises ValueError for a tokenizer that merges nothing.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerFast, share: float, seed: int) -> None:
        super().__init__(tokenizer)
        self._merged = merged(tokenizer)
        self._share = share
        self._luck = np.random.default_rng(seed)

    def turn_ids(self, seen: str, first: bool) -> list[int]:
        """As `TurnFormat.turn_ids`, in pieces."""
        return [piece for whole in super().turn_ids(seen, first) for piece in self._pieces(whole)]

    def _pieces(self, whole: int) -> Iterator[int]:
        parts = self._merged.get(whole)
        if parts is None or self._luck.random() >= self._share:
            yield whole
        else:
            for part in parts:
                yield from self._pieces(part)


def merged(tokenizer: PreTrainedTokenizerFast) -> dict[int, tuple[int, int]]:
    """Token -> the two it was first merged from; tokens of one character and marks have none. Raises ValueError."""
    model = json.loads(tokenizer.backend_tokenizer.to_str())["model"]
    if not model.get("merges"):
        raise ValueError(f"its tokenizer ({model['type']}) has no merges to undo: leave data.cut at 0")
    ids: dict[str, int] = model["vocab"]
    found: dict[int, tuple[int, int]] = {}
    for left, right in (pair if isinstance(pair, list) else pair.split(" ") for pair in model["merges"]):
        found.setdefault(ids[left + right], (ids[left], ids[right]))
    return found
