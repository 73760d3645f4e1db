"""Whole-week rollouts: G weeks of each seed side by side, one batched generation a turn.

A row is a week: <bos> as its prompt, everything else in the completion, the policy's own tokens under the mask. Ids are
appended as they were drawn, never tokenised again. With context `week` the model has read the row so far, and keys and
values are kept; with context `turn` every decision begins with a <bos> of its own, and is all that the model sees
(`training/decisions.py`). Where the weeks are played is `training/inplay.py`'s matter.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch

from ..agents.decode import Rows, Said
from ..agents.prompt import compact
from ..world.observation import Observation
from ..world.scoring import Scores
from .batch import Batch, Noted, Row, Sample, Stopwatch, Tally
from .credit import Floats, group_advantages, spread_over_tokens, turn_advantages
from .fork import KEYS, Format
from .inplay import InPlay, Standing, Weeks
from .sampler import Sampler
from .settings import TrainSettings


@dataclass
class Told:
    """A week being told. ids, mask and logprobs run along; due is where in them each decision's reply begins."""

    ids: list[int] = field(default_factory=list)
    mask: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    rewards: list[float] = field(default_factory=list)
    due: list[int] = field(default_factory=list)

    def read(self, ids: Sequence[int]) -> None:
        """Ids that are not the policy's."""
        self.ids += ids
        self.mask += [0] * len(ids)
        self.logprobs += [0.0] * len(ids)

    def say(self, said: Said) -> None:
        """The policy's ids: one decision."""
        self.due.append(len(self.ids))
        self.ids += said.ids
        self.mask += [1] * len(said.ids)
        self.logprobs += said.logprobs


class WeekRollout:
    """Makes the batches of episode and turn credit; keeps nothing between them but the count of seeds."""

    def __init__(
        self,
        settings: TrainSettings,
        weeks: Weeks,
        turns: Format,
        sampler: Sampler,
        end_ids: Sequence[int],
    ) -> None:
        self._settings = settings
        self._weights = settings.reward.weights()
        self._weeks = weeks
        self._turns = turns
        self._sampler = sampler
        self._ends = tuple(end_ids)

    def step(self, number: int) -> Batch:
        """The batch of step `number` (from 0). Raises RunError when weeks are played elsewhere and cannot go on."""
        tally = Tally()
        seeds = self._seeds(number)
        told = [Told() for _ in seeds]
        with ExitStack() as stack:
            with Stopwatch(tally, "world"):
                play = stack.enter_context(self._weeks.begin(seeds))
            self._play(told, play, number, tally)
            tally.finals = [one.scores for one in play.standing]
        totals = [self._worth(scores) for scores in tally.finals]
        tally.ended = list(tally.finals)
        rows = [Row(one.ids[:1], one.ids[1:], one.logprobs[1:], one.mask[1:]) for one in told]
        return Batch(rows, totals, self._credited(told, totals), tally)

    def _seeds(self, number: int) -> list[int]:
        """The seed of every row; those of a group share one."""
        weeks, alive = self._settings.weeks, self._settings.weeks_alive
        taken = range(number * alive, (number + 1) * alive)
        return [weeks.first_seed + place % weeks.seeds for place in taken for _ in range(self._settings.replies)]

    def _play(self, told: Sequence[Told], play: InPlay, number: int, tally: Tally) -> None:
        """All weeks to their end; a week that has ended leaves the batch."""
        rows, live = None if self._settings.decisions else self._sampler.rows(), list(range(len(told)))
        turn = 0
        while live:
            before = {place: play.standing[place] for place in live}
            with Stopwatch(tally, "world"):
                first = rows is None or turn == 0
                fresh = [self._next_ids(told[place], _seen(one), first) for place, one in before.items()]
            with Stopwatch(tally, "generation"):
                said = self._said(rows, fresh, key=(number + 1) * KEYS + turn)
            with Stopwatch(tally, "world"):
                replies = {place: self._turns.text(one.ids) for place, one in zip(live, said, strict=True)}
                taken = play.answer(replies)
                for place, what, how in zip(live, said, taken, strict=True):
                    told[place].say(what)
                    self._tell(told[place], before[place], play.standing[place].scores, replies[place], how, tally)
                    tally.add(replies[place], how, len(what.ids))
                kept = [at for at, place in enumerate(live) if play.standing[place].seen is not None]
                live = [live[at] for at in kept]
            if live and rows is not None:
                rows.keep(torch.tensor(kept))
            turn += 1

    def _said(self, rows: Rows | None, fresh: list[list[int]], key: int) -> list[Said]:
        """A reply to what each live week shows: behind all of its row, or behind this alone."""
        if rows is None:
            return self._sampler.replies(fresh, 1, key)
        rows.append(fresh)
        return self._sampler.more(rows, len(fresh), key)

    def _next_ids(self, one: Told, seen: Observation, first: bool) -> list[int]:
        """What the model has not read yet: the last id it drew, the end mark if it never came, and the next turn."""
        ids = self._turns.ids(seen, first=first)
        if first:
            one.read(ids)
            return ids
        last = one.ids[-1]
        unread = [last] if last in self._ends else [last, self._ends[0]]
        one.read([*unread[1:], *ids])
        return [*unread, *ids]

    def _tell(self, one: Told, before: Standing, after: Scores, text: str, how: Noted, tally: Tally) -> None:
        """What a reply gained goes on record; its tokens are the last that were said."""
        seen = _seen(before)
        one.events.append(seen.event.id)
        one.rewards.append(self._worth(after) - self._worth(before.scores))
        tally.samples.append(Sample(seen.episode_id, seen.event.id, compact(seen), text, how.acts, one.rewards[-1]))

    def _worth(self, scores: Scores) -> float:
        return sum(weight * part for weight, part in zip(self._weights, scores, strict=True))

    def _credited(self, told: Sequence[Told], totals: Sequence[float]) -> list[Floats] | Floats:
        """Advantages a row, or a token of the completion."""
        settings = self._settings
        if settings.credit == "episode":
            rewards = np.array(totals).reshape(settings.weeks_alive, settings.replies)
            return group_advantages(rewards, settings.scale).reshape(-1)
        found = turn_advantages(
            [one.events for one in told],
            [one.rewards for one in told],
            settings.replies,
            settings.gamma,
            settings.scale,
        )
        return [self._on_tokens(one, advantages) for one, advantages in zip(told, found, strict=True)]

    def _on_tokens(self, one: Told, advantages: Floats) -> Floats:
        """A decision's advantage from its first token to the next decision's; the mask leaves out what is not his."""
        edges = [at - 1 for at in one.due] + [len(one.ids) - 1]
        lengths = [edges[0], *(after - before for before, after in pairwise(edges))]
        return spread_over_tokens([0.0, *advantages], lengths, len(one.ids) - 1)


def _seen(standing: Standing) -> Observation:
    assert standing.seen is not None  # live weeks stand at a decision
    return standing.seen
