"""Whole-week rollouts: G weeks of each seed side by side, one batched generation a turn, keys and values kept.

A row is a week: <bos> as its prompt, everything else in the completion, the policy's own tokens under the mask. Ids are
appended as they were drawn, never tokenised again.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import torch

from ..agents.decode import Said
from ..agents.prompt import compact
from ..world import direct
from ..world.engine import start
from ..world.nodes import Ports
from ..world.scoring import score
from ..world.state import WeekState
from ..world.view import observe
from ..world.week import Week
from .batch import Batch, Row, Sample, Stopwatch, Tally
from .credit import Floats, group_advantages, spread_over_tokens, turn_advantages
from .fork import KEYS, Format
from .live import MakeWeek
from .sampler import Sampler
from .settings import TrainSettings


@dataclass
class Told:
    """A week being told. ids, mask and logprobs run along; due is where in them each decision's reply begins."""

    state: WeekState
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
        """The policy's ids."""
        self.ids += said.ids
        self.mask += [1] * len(said.ids)
        self.logprobs += said.logprobs


class WeekRollout:
    """Makes the batches of episode and turn credit; keeps nothing between them but the count of seeds."""

    def __init__(
        self,
        settings: TrainSettings,
        make: MakeWeek,
        ports: Ports,
        turns: Format,
        sampler: Sampler,
        end_ids: Sequence[int],
    ) -> None:
        self._settings = settings
        self._weights = settings.reward.weights()
        self._make = make
        self._ports = ports
        self._turns = turns
        self._sampler = sampler
        self._ends = tuple(end_ids)

    def step(self, number: int) -> Batch:
        """The batch of step `number` (from 0)."""
        tally = Tally()
        with Stopwatch(tally, "world"):
            weeks = [self._week(number, place) for place in range(self._settings.weeks_alive)]
            told = [Told(start(week)) for week in weeks for _ in range(self._settings.replies)]
        self._play(told, number, tally)
        totals = [self._worth(one.state) for one in told]
        tally.finals = [score(one.state) for one in told]
        tally.ended = list(tally.finals)
        rows = [Row(one.ids[:1], one.ids[1:], one.logprobs[1:], one.mask[1:]) for one in told]
        return Batch(rows, totals, self._credited(told, totals), tally)

    def _week(self, number: int, place: int) -> Week:
        weeks = self._settings.weeks
        taken = number * self._settings.weeks_alive + place
        return self._make(weeks.first_seed + taken % weeks.seeds)

    def _play(self, told: list[Told], number: int, tally: Tally) -> None:
        """All weeks to their end; a week that has ended leaves the batch."""
        rows, live = self._sampler.rows(), list(range(len(told)))
        turn = 0
        while live:
            with Stopwatch(tally, "world"):
                fresh = [self._next_ids(told[place], turn == 0) for place in live]
            with Stopwatch(tally, "generation"):
                rows.append(fresh)
                said = self._sampler.more(rows, len(live), key=(number + 1) * KEYS + turn)
            with Stopwatch(tally, "world"):
                asyncio.run(self._answered([told[place] for place in live], said, tally))
                kept = [at for at, place in enumerate(live) if told[place].state.end is None]
                live = [live[at] for at in kept]
            if live:
                rows.keep(torch.tensor(kept))
            turn += 1

    def _next_ids(self, one: Told, first: bool) -> list[int]:
        """What the model has not read yet: the last id it drew, the end mark if it never came, and the next turn."""
        ids = self._turns.ids(observe(one.state), first=first)
        if first:
            one.read(ids)
            return ids
        last = one.ids[-1]
        unread = [last] if last in self._ends else [last, self._ends[0]]
        one.read([*unread[1:], *ids])
        return [*unread, *ids]

    async def _answered(self, told: Sequence[Told], said: Sequence[Said], tally: Tally) -> None:
        await asyncio.gather(*(self._answer(one, what, tally) for one, what in zip(told, said, strict=True)))

    async def _answer(self, one: Told, said: Said, tally: Tally) -> None:
        """One reply played: what it gained goes on record with the stretch of tokens that earned it."""
        before, text = one.state, self._turns.text(said.ids)
        assert before.event is not None  # live weeks stand at a decision
        outcome = await direct.step(before, text, self._ports)
        one.due.append(len(one.ids))
        one.say(said)
        one.events.append(before.event.id)
        one.rewards.append(self._worth(outcome.state) - self._worth(before))
        one.state = outcome.state
        tally.note(before, text, outcome, len(said.ids))
        acts = tuple(ask.act for ask in outcome.reading.asks)
        seen = compact(observe(before))
        tally.samples.append(Sample(before.week.episode_id, before.event.id, seen, text, acts, one.rewards[-1]))

    def _worth(self, state: WeekState) -> float:
        return sum(weight * part for weight, part in zip(self._weights, score(state), strict=True))

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
