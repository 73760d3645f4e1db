"""Weeks that the policy in training is playing, each standing at a decision; they outlive a step and a crash."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..world.engine import start
from ..world.generator import generate
from ..world.scenario import Split
from ..world.state import WeekState
from ..world.week import Recipe, Week
from .rolling import Memo

MakeWeek = Callable[[int], Week]


@dataclass
class LiveWeek:
    """One week in play. seed: its own, in its split; memo: what roll-ons of it have found out."""

    seed: int
    state: WeekState
    memo: Memo = field(default_factory=dict)


class Pool:
    """`size` live weeks; a finished one makes room for the next seed.

    seeds are taken in order from `first` on, and from `first` again after `count` of them.
    """

    def __init__(self, make: MakeWeek, size: int, first: int, count: int) -> None:
        self._make = make
        self._first = first
        self._count = count
        self.taken = 0
        self.weeks = [self._next() for _ in range(size)]

    def put(self, slot: int, state: WeekState) -> WeekState | None:
        """Move a live week on; the state of its end when it has ended, with the next seed in its place."""
        if state.end is None:
            self.weeks[slot].state = state
            return None
        self.weeks[slot] = self._next()
        return state

    def to_json(self) -> dict[str, Any]:
        """The pool as JSON-plain data."""
        return {"taken": self.taken, "weeks": [{"seed": w.seed, "state": w.state.to_json()} for w in self.weeks]}

    def restore(self, data: dict[str, Any]) -> None:
        """Take up the pool of `to_json`. Raises ValueError when it is of another size, KeyError for a missing key."""
        if len(data["weeks"]) != len(self.weeks):
            raise ValueError(f"{len(data['weeks'])} live weeks were kept, {len(self.weeks)} are wanted")
        self.taken = data["taken"]
        self.weeks = [
            LiveWeek(kept["seed"], WeekState.from_json(kept["state"], self._make(kept["seed"])))
            for kept in data["weeks"]
        ]

    def _next(self) -> LiveWeek:
        seed = self._first + self.taken % self._count
        self.taken += 1
        return LiveWeek(seed, start(self._make(seed)))


def maker(recipe: Recipe, split: Split) -> MakeWeek:
    """Makes the week of a seed."""
    return lambda seed: generate(recipe, seed, split)
