"""Weeks in play: what a whole-week rollout needs of whoever plays them, and the ones that are played in this process.

Knows no tokens and no credit. `training/served.py` plays them on a server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import NamedTuple, Protocol

from ..world import direct
from ..world.engine import start
from ..world.nodes import Ports
from ..world.observation import Observation
from ..world.scoring import Scores, score
from ..world.state import WeekState
from ..world.view import observe
from .batch import Noted, noted
from .live import MakeWeek


class Standing(NamedTuple):
    """Where a week stands. seen: the decision that waits, None once the week is over; scores: as of now."""

    seen: Observation | None
    scores: Scores


class InPlay(Protocol):
    """The weeks of one step, side by side, named by their place."""

    @property
    def standing(self) -> Sequence[Standing]:
        """Where each week stands."""
        ...

    def answer(self, replies: Mapping[int, str]) -> list[Noted]:
        """Play one reply in each of these weeks, by place; how each was taken, in their order. Raises RunError."""
        ...


class Weeks(Protocol):
    """Who plays weeks."""

    def begin(self, seeds: Sequence[int]) -> AbstractContextManager[InPlay]:
        """A week of each seed from Monday on, for as long as the block lasts. Raises RunError."""
        ...


class HereWeeks:
    """Plays in this process. ports: the seats beside Arjun's."""

    def __init__(self, make: MakeWeek, ports: Ports) -> None:
        self._make = make
        self._ports = ports

    @contextmanager
    def begin(self, seeds: Sequence[int]) -> Iterator[InPlay]:
        """A week of each seed from Monday on; one seed makes one week, however often it is named."""
        made = {seed: self._make(seed) for seed in dict.fromkeys(seeds)}
        yield HereInPlay([start(made[seed]) for seed in seeds], self._ports)


class HereInPlay:
    """Weeks as states."""

    def __init__(self, states: Sequence[WeekState], ports: Ports) -> None:
        self._states = list(states)
        self._ports = ports
        self.standing = [_standing(state, score(state)) for state in states]

    def answer(self, replies: Mapping[int, str]) -> list[Noted]:
        """Play one reply in each of these weeks, by place; how each was taken, in their order."""
        return asyncio.run(self._answered(replies))

    async def _answered(self, replies: Mapping[int, str]) -> list[Noted]:
        return list(await asyncio.gather(*(self._answer(place, text) for place, text in replies.items())))

    async def _answer(self, place: int, text: str) -> Noted:
        before = self._states[place]
        outcome = await direct.step(before, text, self._ports)
        self._states[place] = outcome.state
        self.standing[place] = _standing(outcome.state, outcome.scores)
        return noted(before, text, outcome)


def _standing(state: WeekState, scores: Scores) -> Standing:
    return Standing(observe(state) if state.end is None else None, scores)
