"""Rows that hold a week's decisions one behind the other, each of which the model saw alone: scored as it saw them.

A decision begins with the <bos> of its prompt. Nothing is seen across it, and places count from it.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any, NamedTuple

import torch
from torch.nn.utils.rnn import pad_sequence

from .settings import Precision
from .shared import Scored, score_completions


class _Decision(NamedTuple):
    """Columns [first, said) of a row are what is seen, [said, end) the reply."""

    row: int
    first: int
    said: int
    end: int


def score_decisions(
    model: Any,  # noqa: ANN401 - any causal model of transformers
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor,
    wanted: torch.Tensor,
    begins: int,
    temperature: float = 1.0,
    precision: Precision = "float32",
) -> Scored:
    """Log-probabilities and entropies of the replies in rows of decisions; 0 at all other completion tokens.

    input_ids, attention_mask: (rows, prompt + tokens). wanted: (rows, tokens), 1 at what the policy said, anything at
    padding. begins: the id that every decision begins with, where it is not the policy's own.
    """
    tokens = wanted.shape[1]
    own = attention_mask.clone()
    own[:, :-tokens] = 0
    own[:, -tokens:] *= wanted
    starts = (input_ids == begins) & attention_mask.bool() & (own == 0)
    found = list(_decisions(starts, own))
    seen = [input_ids[one.row, one.first : one.said] for one in found]
    said = [input_ids[one.row, one.said : one.end] for one in found]
    (prompts, prompt_mask), (replies, reply_mask) = _padded(seen, "left"), _padded(said, "right")
    scored = score_completions(
        model,
        torch.cat([prompts, replies], 1),
        torch.cat([prompt_mask, reply_mask], 1),
        replies.shape[1],
        temperature,
        precision=precision,
    )
    real = reply_mask.bool()
    # Replies stand in `found`'s order, which is that of their columns row by row, and so of `nonzero`.
    places = own[:, -tokens:].nonzero(as_tuple=True)
    empty = torch.zeros(wanted.shape, device=input_ids.device)
    return Scored(*(empty.index_put(places, values[real].float()) for values in scored))


def _decisions(starts: torch.Tensor, own: torch.Tensor) -> Iterator[_Decision]:
    """Every decision that has a reply, row by row."""
    for row, (here, mine) in enumerate(zip(starts.tolist(), own.tolist(), strict=True)):
        firsts = [column for column, begun in enumerate(here) if begun]
        for first, following in pairwise([*firsts, len(mine)]):
            said = [column for column in range(first, following) if mine[column]]
            if said:
                yield _Decision(row, first, said[0], said[-1] + 1)


def _padded(parts: list[torch.Tensor], side: str) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids (parts, widest) with 0 on one side, and their mask."""
    return (
        pad_sequence(parts, batch_first=True, padding_side=side),
        pad_sequence([torch.ones_like(part) for part in parts], batch_first=True, padding_side=side),
    )
