"""Rows as token ids with a weight per token, in batches of like length. Plain lists; whoever trains makes tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ..agents.turns import TurnFormat
from ..world.luck import rng
from .examples import Row
from .gist import gists_in

CHUNK = 16
"""Batches' worth of rows that are sorted by length together: like lengths meet, and every epoch meets other ones."""


class Encoded(NamedTuple):
    """One row: ids, and how much each id counts in the loss as something to be predicted (0: not at all)."""

    ids: list[int]
    weights: list[float]


class Batch(NamedTuple):
    """Rows padded on the right to one length; mask is 1 on ids that are not padding."""

    ids: list[list[int]]
    mask: list[list[int]]
    weights: list[list[float]]

    @property
    def tokens(self) -> int:
        """Ids that are not padding."""
        return sum(map(sum, self.mask))


def encode(row: Row, turns: TurnFormat, prompt_loss: float, gist_loss: float = 1.0) -> Encoded:
    """A row as ids: turn after turn; a token counts 1 in a reply, `gist_loss` in its gists, `prompt_loss` elsewhere."""
    ids: list[int] = []
    weights: list[float] = []
    for place, (seen, said) in enumerate(row.turns):
        asked, answer = turns.turn_ids(seen, first=place == 0), turns.reply_ids(said)
        ids += [*asked, *answer]
        weights += [prompt_loss] * len(asked) + _weighed(said, len(answer), turns, gist_loss)
    return Encoded(ids, weights)


def _weighed(said: str, tokens: int, turns: TurnFormat, gist_loss: float) -> list[float]:
    """The weights of a reply's tokens; a gist stands between whole words, so what precedes it has tokens of its own."""
    weights = [1.0] * tokens
    for found in gists_in(said):
        first, last = (len(turns.reply_ids(said[:place])) - 1 for place in (found.start("gist") - 1, found.end("gist")))
        weights[first:last] = [gist_loss] * (last - first)
    return weights


def batches(rows: Sequence[Encoded], tokens: int, pad: int, seed: int, epoch: int) -> Iterator[Batch]:
    """All rows once, in drawn order, in batches of at most `tokens` ids with padding; a longer row goes alone.

    pad: the id of padding. seed, epoch: key the order.
    """
    luck = rng(seed, f"epoch/{epoch}", "rows")
    order = luck.shuffled(range(len(rows)))
    groups: list[list[int]] = []
    typical = max(tokens // max(sum(len(row.ids) for row in rows) // max(len(rows), 1), 1), 1) * CHUNK
    for start in range(0, len(order), typical):
        chunk = sorted(order[start : start + typical], key=lambda place: len(rows[place].ids))
        groups += _grouped(chunk, [len(rows[place].ids) for place in chunk], tokens)
    for group in luck.shuffled(groups):
        yield _padded([rows[place] for place in group], pad)


def _grouped(places: Sequence[int], lengths: Sequence[int], tokens: int) -> list[list[int]]:
    """Places in order of length, as many together as fit."""
    groups: list[list[int]] = []
    for place, length in zip(places, lengths, strict=True):
        if groups and length * (len(groups[-1]) + 1) <= tokens:
            groups[-1].append(place)
        else:
            groups.append([place])
    return groups


def _padded(rows: Sequence[Encoded], pad: int) -> Batch:
    width = max(len(row.ids) for row in rows)
    return Batch(
        [row.ids + [pad] * (width - len(row.ids)) for row in rows],
        [[1] * len(row.ids) + [0] * (width - len(row.ids)) for row in rows],
        [row.weights + [0.0] * (width - len(row.ids)) for row in rows],
    )
