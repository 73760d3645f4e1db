"""Fork rollouts: at the decision every live week stands at, G replies, each played, read and rolled on to Friday.

One of the G, drawn by keyed luck, is what really happens in that week; so the states come from the policy itself.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np

from ..agents.decode import Said
from ..agents.menu import after, labelled
from ..agents.prompt import compact
from ..world import direct
from ..world.acts import OPEN
from ..world.engine import threads_of
from ..world.luck import rng
from ..world.nodes import Ports, StepOutcome
from ..world.observation import Observation
from ..world.reading import Act
from ..world.scoring import Scores, score
from ..world.state import WeekState
from ..world.view import observe
from .batch import Batch, Row, Sample, Stopwatch, Tally
from .credit import Floats, explored_advantages, group_advantages, most_apart
from .live import LiveWeek, Pool
from .rolling import roll_on
from .sampler import Sampler
from .settings import TrainSettings

STAGGER = 11
"""Decisions of a usual week, over which the first weeks are spread, so that a step does not hold one kind of event."""
KEYS = 1_000
"""Keys of random numbers a step may use."""


class Format(Protocol):
    """Observations to ids, and ids to text (`agents/turns.py`)."""

    def ids(self, obs: Observation, first: bool) -> list[int]: ...  # noqa: D102

    def text(self, ids: Sequence[int]) -> str: ...  # noqa: D102


class Fork(NamedTuple):
    """One reply at a live week's decision, and what came of it; `end` is the week rolled on to Friday."""

    reply: str
    outcome: StepOutcome
    end: Scores
    value: float


class ForkRollout:
    """Makes the batches of fork credit, one a step, and keeps the live weeks between them."""

    def __init__(
        self,
        settings: TrainSettings,
        pool: Pool,
        ports: Ports,
        turns: Format,
        sampler: Sampler,
        explorer: Sampler | None = None,
    ) -> None:
        self._settings = settings
        self._weights = settings.reward.weights()
        self.pool = pool
        self._ports = ports
        self._turns = turns
        self._sampler = sampler
        self._explorer = explorer
        self._drawn = settings.candidates or settings.replies
        self.spread = False

    def step(self, number: int) -> Batch:
        """The batch of step `number` (from 0); the first one spreads the live weeks over the week before."""
        if not self.spread:
            self._spread()
        tally = Tally()
        live = self.pool.weeks
        with Stopwatch(tally, "world"):
            seen = [observe(week.state) for week in live]
            prompts = [self._turns.ids(obs, first=True) for obs in seen]
        with Stopwatch(tally, "generation"):
            said = self._said(prompts, (number + 1) * KEYS)
        with Stopwatch(tally, "world"):
            forks = asyncio.run(self._played(live, said, tally))
            self._tell(tally, live, seen, [group[: self._drawn] for group in forks])
            self._move_on(forks, tally)
        return self._batch(prompts, said, np.array([[fork.value for fork in group] for group in forks]), tally)

    def _said(self, prompts: Sequence[Sequence[int]], key: int) -> list[list[Said]]:
        """For every state the policy's own candidates, and then the explorer's."""
        groups = _groups(self._sampler.replies(prompts, self._drawn, key), self._drawn)
        explore = self._settings.explore
        if self._explorer is None or explore is None:
            return groups
        others = _groups(self._explorer.replies(prompts, explore.candidates, key + 1), explore.candidates)
        return [own + other for own, other in zip(groups, others, strict=True)]

    def _batch(self, prompts: Sequence[list[int]], said: Sequence[list[Said]], values: Floats, tally: Tally) -> Batch:
        """Rows and advantages of the replies that differ most, and of the best that the explorer found."""
        own, others = values[:, : self._drawn], values[:, self._drawn :]
        kept = most_apart(own, self._settings.replies)
        advantages = np.take_along_axis(group_advantages(own, self._settings.scale), kept, axis=1)
        if others.size:
            best = np.argsort(-others, axis=1, kind="stable")[:, : self._settings.group - self._settings.replies]
            found = explored_advantages(own, np.take_along_axis(others, best, axis=1), self._settings.scale)
            kept, advantages = np.hstack([kept, best + self._drawn]), np.hstack([advantages, found])
        advantages = np.where(advantages < 0, self._settings.negative * advantages, advantages)
        rows = [
            Row(prompt, group[place].ids, group[place].logprobs)
            for prompt, group, places in zip(prompts, said, kept, strict=True)
            for place in places
        ]
        rewards = np.take_along_axis(values, kept, axis=1).reshape(-1).tolist()
        return Batch(rows, rewards, advantages.reshape(-1), tally, own.reshape(-1).tolist())

    async def _played(self, live: Sequence[LiveWeek], said: Sequence[list[Said]], tally: Tally) -> list[list[Fork]]:
        """The forks of every live week."""
        return list(
            await asyncio.gather(*(self._group(week, group, tally) for week, group in zip(live, said, strict=True)))
        )

    async def _group(self, week: LiveWeek, said: Sequence[Said], tally: Tally) -> list[Fork]:
        """Replies to one state; the same words are played once. The policy's own ones are counted."""
        texts = [self._turns.text(one.ids) for one in said]
        outcomes = {text: await direct.step(week.state, text, self._ports) for text in dict.fromkeys(texts)}
        usual = _usual(week.state, [outcomes[text] for text in texts[: self._drawn]])
        played: dict[str, Fork] = {}
        for text, outcome in outcomes.items():
            end = score(roll_on(outcome.state, week.memo, usual | _unread(week.state, outcome)))
            played[text] = Fork(text, outcome, end, self._worth(end))
        for text, one in list(zip(texts, said, strict=True))[: self._drawn]:
            tally.note(week.state, text, played[text].outcome, len(one.ids))
        return [played[text] for text in texts]

    def _worth(self, scores: Scores) -> float:
        return sum(weight * part for weight, part in zip(self._weights, scores, strict=True))

    def _tell(
        self, tally: Tally, live: Sequence[LiveWeek], seen: Sequence[Observation], forks: Sequence[Sequence[Fork]]
    ) -> None:
        """Scores, regrets against the labelled act said well and rolled on alike, and one reply a week to read."""
        for week, obs, group in zip(live, seen, forks, strict=True):
            best = self._worth(score(roll_on(after(week.state, labelled(week.state)), week.memo)))
            tally.finals += [fork.end for fork in group]
            tally.regrets += [best - fork.value for fork in group]
            acts = tuple(ask.act for ask in group[0].outcome.reading.asks)
            tally.samples.append(
                Sample(obs.episode_id, obs.event.id, compact(obs), group[0].reply, acts, group[0].value)
            )

    def _move_on(self, forks: Sequence[Sequence[Fork]], tally: Tally) -> None:
        """One reply of each group happens."""
        for slot, group in enumerate(forks):
            before = self.pool.weeks[slot].state
            self._put(slot, before, group[_happens(before, self._drawn)].outcome, tally)

    def _put(self, slot: int, before: WeekState, outcome: StepOutcome, tally: Tally) -> None:
        ended = self.pool.put(slot, outcome.state)
        if ended is not None:
            tally.ended.append(score(ended))

    def _spread(self) -> None:
        """Play slot i of n on by i * 11 / n decisions, with the policy as it is."""
        size = len(self.pool.weeks)
        ahead = [slot * STAGGER // size for slot in range(size)]
        for turn in range(max(ahead)):
            slots = [slot for slot in range(size) if ahead[slot] > turn]
            states = [self.pool.weeks[slot].state for slot in slots]
            prompts = [self._turns.ids(observe(state), first=True) for state in states]
            said = self._sampler.replies(prompts, 1, key=turn)
            for slot, state, one in zip(slots, states, said, strict=True):
                outcome = asyncio.run(direct.step(state, self._turns.text(one.ids), self._ports))
                self._put(slot, state, outcome, Tally())
        self.spread = True


def _groups(said: list[Said], size: int) -> list[list[Said]]:
    return [said[first : first + size] for first in range(0, len(said), size)]


def _usual(state: WeekState, outcomes: Sequence[StepOutcome]) -> dict[str, Act]:
    """By thread, the act with which most replies of a group closed it; `unclear` where none did."""
    assert state.event is not None  # a live week stands at a decision
    usual: dict[str, Act] = {}
    for place, thread in enumerate(threads_of(state, state.event)):
        acts: list[Act] = [outcome.reading.asks[place].act for outcome in outcomes]
        closing: Counter[Act] = Counter([act for act in acts if act not in OPEN])
        usual[thread] = closing.most_common(1)[0][0] if closing else "unclear"
    return usual


def _unread(state: WeekState, outcome: StepOutcome) -> dict[str, Act]:
    """Threads on which nobody understood this reply: asked back, it is not understood either, so it earns nothing."""
    assert state.event is not None  # a live week stands at a decision
    asks = zip(threads_of(state, state.event), outcome.reading.asks, strict=True)
    return {thread: "unclear" for thread, ask in asks if ask.act == "unclear"}


def _happens(state: WeekState, size: int) -> int:
    """Which of the replies happens, by the week's own luck."""
    assert state.event is not None  # a live week stands at a decision
    return rng(state.week.seed, state.event.id, "fork").index(size)
