"""Rows that share prompts as one line of tokens without padding, and the padded blocks in which attention reads them.

A part holds some prompts, each once, and then every reply to them but its last token, which predicts nothing. Knows
places and lengths, no model.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch

TOKENS = 2048
"""Tokens of a part, about: what a layer makes of so many stays near the processor."""
SCORES = 1 << 20
"""Attention scores of a block of one query head, about."""


class Batch(NamedTuple):
    """Prompts (prompts, columns) padded on the left, replies (rows, columns) padded on the right, each with a mask.

    which: the prompt of every row; wanted: where in the replies tokens are scored.
    """

    prompts: torch.Tensor
    prompt_mask: torch.Tensor
    replies: torch.Tensor
    reply_mask: torch.Tensor
    which: torch.Tensor
    wanted: torch.Tensor


class Heads(NamedTuple):
    """Heads of queries, heads of keys (and as many of values), and how many numbers a head has."""

    queries: int
    keys: int
    size: int

    @property
    def rows(self) -> int:
        """Heads of one token: queries, keys, values, in this order."""
        return self.queries + 2 * self.keys


class Block(NamedTuple):
    """Rows that are attended to at once, some of each prompt. replies: False for the prompts themselves.

    tokens: (prompts, rows, width), numbers of tokens in the part, anything where `real` is False.
    """

    tokens: torch.Tensor
    real: torch.Tensor
    replies: bool


class Shape(NamedTuple):
    """A block's place among the gathered heads: first query, first key and first value, and its three sizes."""

    queries: int
    keys: int
    values: int
    prompts: int
    rows: int
    width: int
    replies: bool


@dataclass(frozen=True)
class Gather:
    """Heads of all tokens put into the order of the blocks, and back.

    index: (gathered,) numbers of heads, token * heads.rows + head; back: (tokens, heads.rows), where each head's only
    real copy is; out: (tokens, heads.queries), the same for queries; into: (gathered queries,), numbers of query heads;
    holes: gathered queries that are none.
    """

    index: torch.Tensor
    back: torch.Tensor
    out: torch.Tensor
    into: torch.Tensor
    holes: torch.Tensor
    shapes: list[Shape]


@dataclass(frozen=True)
class Part:
    """Some prompts and their replies: ids and places in their rows, (tokens,).

    states: tokens whose last state predicts a scored one; state: (scored,), which of them; scored: (scored,) ids; rows,
    columns: (scored,), where in the batch's replies they stand. lengths: (prompts,), in tokens.
    """

    ids: torch.Tensor
    places: torch.Tensor
    states: torch.Tensor
    state: torch.Tensor
    scored: torch.Tensor
    rows: torch.Tensor
    columns: torch.Tensor
    lengths: torch.Tensor
    blocks: list[Block]

    def gather(self, heads: Heads) -> Gather:
        """How heads of this part's tokens are put into blocks."""
        return _gather(self, heads)

    def hidden(self, block: Block, window: int | None) -> tuple[torch.Tensor, torch.Tensor | None]:
        """What is added to a block's scores: -inf where a query may not look.

        Own keys: (width, width); those of the prompt: (prompts, 1 or width, columns), None for nothing hidden.
        """
        width, keys = block.tokens.shape[2], int(self.lengths.max())
        column = torch.arange(width)
        apart = column[:, None] - column
        own = (apart < 0) | (apart >= window if window else False)
        if not block.replies:
            return _minus(own), None
        before = torch.arange(keys)
        gone = (before >= self.lengths[:, None])[:, None, :]
        if window and keys + width > window:
            gone = gone | (self.lengths[:, None, None] + column[:, None] - before >= window)
        return _minus(own), _minus(gone) if bool(gone.any()) else None


def _minus(gone: torch.Tensor) -> torch.Tensor:
    return torch.zeros(gone.shape).masked_fill_(gone, float("-inf"))


def parts(batch: Batch) -> Iterator[Part]:
    """A batch in parts of about TOKENS tokens; prompts of about one length stay together."""
    lengths = batch.prompt_mask.sum(1)
    fed = (batch.reply_mask.sum(1) - 1).clamp(min=0)
    cost = (lengths + torch.zeros_like(lengths).index_add_(0, batch.which, fed)).tolist()
    some: list[int] = []
    for prompt in lengths.argsort(stable=True).tolist():
        if some and sum(cost[one] for one in some) + cost[prompt] > TOKENS:
            yield _part(batch, torch.tensor(some))
            some = []
        some.append(prompt)
    yield _part(batch, torch.tensor(some))


def _part(batch: Batch, prompts: torch.Tensor) -> Part:
    number = torch.full((len(batch.prompts),), -1)
    number[prompts] = torch.arange(len(prompts))
    rows = (number[batch.which] >= 0).nonzero().squeeze(1)
    which, mask = number[batch.which[rows]], batch.prompt_mask[prompts].bool()
    lengths, fed = mask.sum(1), (batch.reply_mask[rows].sum(1) - 1).clamp(min=0)
    columns = torch.arange(batch.replies.shape[1])
    read = columns < fed[:, None]
    ends = lengths.cumsum(0) - 1
    starts = int(lengths.sum()) + fed.cumsum(0) - fed
    row, column = (batch.wanted[rows] & batch.reply_mask[rows].bool()).nonzero(as_tuple=True)
    before = torch.where(column == 0, ends[which[row]], starts[row] + column - 1)
    states, state = torch.unique(before, return_inverse=True)
    return Part(
        ids=torch.cat([batch.prompts[prompts][mask], batch.replies[rows][read]]),
        places=torch.cat([(mask.cumsum(1) - 1)[mask], (lengths[which][:, None] + columns)[read]]),
        states=states,
        state=state,
        scored=batch.replies[rows[row], column],
        rows=rows[row],
        columns=column,
        lengths=lengths,
        blocks=[_prompts(lengths, ends), *_replies(which, fed, starts, lengths)],
    )


def _prompts(lengths: torch.Tensor, ends: torch.Tensor) -> Block:
    column = torch.arange(int(lengths.max()))
    real = column < lengths[:, None]
    tokens = (ends - lengths + 1)[:, None] + column
    return Block(tokens.where(real, 0)[:, None], real[:, None], False)


def _replies(which: torch.Tensor, fed: torch.Tensor, starts: torch.Tensor, lengths: torch.Tensor) -> Iterator[Block]:
    """Replies to each prompt from the shortest on, so that those of a block are of about one length."""
    counts = torch.bincount(which, minlength=len(lengths))
    order = torch.argsort(which * (int(fed.max()) + 1) + fed, stable=True)
    rank = torch.arange(len(which)) - (counts.cumsum(0) - counts)[which[order]]
    table = torch.full((len(lengths), int(counts.max())), -1)
    # The longest of every prompt stand together, also where prompts have unequally many.
    table[which[order], rank + int(counts.max()) - counts[which[order]]] = order
    longest = int(fed.max())
    at_once = max(1, SCORES // max(1, len(lengths) * longest * (int(lengths.max()) + longest)))
    for rows in table.split(at_once, 1):
        size = torch.where(rows >= 0, fed[rows], 0)
        column = torch.arange(int(size.max()))
        real = column < size[:, :, None]
        if len(column):
            yield Block((starts[rows][:, :, None] + column).where(real, 0), real, True)


def _gather(part: Part, heads: Heads) -> Gather:
    """Queries of all blocks, then keys of all, then values; within a block by prompt, key head, row, query head."""
    share = heads.queries // heads.keys
    key = torch.arange(heads.keys)
    asking = key[:, None] * share + torch.arange(share)
    queries = [
        _heads(one.tokens[:, None, :, None], one.real[:, None, :, None], asking[None, :, None, :, None], heads)
        for one in part.blocks
    ]
    rows = [
        [_heads(one.tokens[:, None], one.real[:, None], first + key[None, :, None, None], heads) for one in part.blocks]
        for first in (heads.queries, heads.queries + heads.keys)
    ]
    every = [*queries, *rows[0], *rows[1]]
    index, real = (torch.cat(kind) for kind in zip(*every, strict=True))
    back = torch.zeros(len(part.ids) * heads.rows, dtype=torch.long)
    back[index[real]] = torch.arange(len(index))[real]
    asked = sum(len(one.places) for one in queries)
    back = back.view(-1, heads.rows)
    into = index[:asked] // heads.rows * heads.queries + index[:asked] % heads.rows
    shapes = _shapes(part.blocks, [len(one.places) for one in every])
    return Gather(index, back, back[:, : heads.queries], into, (~real[:asked]).nonzero().squeeze(1), shapes)


class _Heads(NamedTuple):
    places: torch.Tensor
    real: torch.Tensor


def _heads(tokens: torch.Tensor, real: torch.Tensor, head: torch.Tensor, heads: Heads) -> _Heads:
    index = tokens * heads.rows + head
    return _Heads(index.reshape(-1), real.expand(index.shape).reshape(-1))


def _shapes(blocks: list[Block], sizes: list[int]) -> list[Shape]:
    firsts = [sum(sizes[:place]) for place in range(len(sizes))]
    count = len(blocks)
    return [
        Shape(*firsts[place::count], *block.tokens.shape, block.replies)  # type: ignore[arg-type]
        for place, block in enumerate(blocks)
    ]
