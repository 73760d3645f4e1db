"""Rows as token ids with a weight per token, in batches of like length. Plain lists; whoever trains makes tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

from ..agents.turns import TurnFormat
from ..world.luck import rng
from .examples import Row
from .gist import gists_in

T = TypeVar("T")
CHUNK = 16
"""Batches' worth of rows that are sorted by length together: like lengths meet, and every epoch meets other ones."""


class Encoded(NamedTuple):
    """One row of ids, the drafts of each turn standing before what was sent and unseen by all that follows.

    weights: how much an id counts in the loss as something to be predicted (0: not at all). places: where it stands
    in the row as a reader would know it. branches: 0, or the number of the draft it belongs to. sources: the column
    that predicts it. An id sees what comes before it in its own branch and in branch 0.
    """

    ids: list[int]
    weights: list[float]
    places: list[int]
    branches: list[int]
    sources: list[int]


class Batch(NamedTuple):
    """Rows padded on the right to one length; padding is in branch -1 and weighs 0."""

    ids: list[list[int]]
    weights: list[list[float]]
    places: list[list[int]]
    branches: list[list[int]]
    sources: list[list[int]]

    @property
    def tokens(self) -> int:
        """Ids that are not padding."""
        return sum(branch >= 0 for row in self.branches for branch in row)


def encode(
    row: Row, turns: TurnFormat, prompt_loss: float, gist_loss: float = 1.0, every: int = 1, phase: int = 0
) -> Encoded:
    """A row as ids: turn after turn; a token counts 1 in a reply, `gist_loss` in its gists, `prompt_loss` elsewhere.

    every: of what is seen one token in so many is predicted and counts so many times, which is the same in the mean and
    spares most of the logits; phase: which ones, other ones for every row.
    """
    made = Encoded([], [], [], [], [])
    place, branch = 0, 0
    for turn in row.turns:
        first = not made.ids
        asked = turns.turn_ids(turn.seen, first)
        kept = (phase - len(made.ids)) % every
        weights = [prompt_loss * every * (column % every == kept) for column in range(len(asked))]
        if first:
            weights[0] = 0.0  # nothing stands before it that could predict it
        _add(made, asked, weights, place, 0, max(len(made.ids) - 1, 0))
        place += len(asked)
        fork = len(made.ids) - 1
        for draft in turn.drafts:
            branch += 1
            answer = turns.reply_ids(draft)
            _add(made, answer, _weighed(draft, len(answer), turns, gist_loss), place, branch, fork)
        answer = turns.reply_ids(turn.said)
        _add(made, answer, _weighed(turn.said, len(answer), turns, gist_loss), place, 0, fork)
        place += len(answer)
    return made


def _add(made: Encoded, ids: Sequence[int], weights: Sequence[float], place: int, branch: int, source: int) -> None:
    """Put ids at the end of a row; the first of them is predicted from column `source`, the others from their left."""
    column = len(made.ids)
    made.ids.extend(ids)
    made.weights.extend(weights)
    made.places.extend(range(place, place + len(ids)))
    made.branches.extend([branch] * len(ids))
    made.sources.extend([source, *range(column, column + len(ids) - 1)])


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

    def filled(column: Sequence[list[T]], filler: T) -> list[list[T]]:
        return [values + [filler] * (width - len(values)) for values in column]

    return Batch(
        filled([row.ids for row in rows], pad),
        filled([row.weights for row in rows], 0.0),
        filled([row.places for row in rows], 0),
        filled([row.branches for row in rows], -1),
        filled([row.sources for row in rows], 0),
    )
