"""Scripted protagonists that do not read: random, greedy, decliner, ignorer, one fixed act, one fixed text."""

from __future__ import annotations

from ..world.luck import rng
from ..world.observation import Observation
from ..world.reading import ACTS, Act
from .scene import kind_of, week_seed
from .writer import write

EAGER = (
    "Of course!",
    "Absolutely, no problem at all!",
    "Always happy to help!",
    "Anything for the team!",
    "Sure thing!",
)
"""How a people-pleaser begins; followed by a proper acceptance."""


class Random:
    """A random act for every ask, `ignore` and `unclear` included; the same seed draws the same acts and words."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    async def reply(self, obs: Observation) -> str:
        """A reply that carries one drawn act per ask."""
        seed = week_seed(obs, self._seed)
        luck = rng(seed, obs.event.id, "act")
        return write(kind_of(obs.event.id), [luck.choice(ACTS) for _ in obs.event.asks], obs, seed)


class FixedAct:
    """One speech act to everything, in words that fit the event."""

    def __init__(self, act: Act, seed: int = 0) -> None:
        self._act: Act = act
        self._seed = seed

    async def reply(self, obs: Observation) -> str:
        """The act for every ask of the event."""
        acts: list[Act] = [self._act] * len(obs.event.asks)
        return write(kind_of(obs.event.id), acts, obs, week_seed(obs, self._seed))


class Greedy(FixedAct):
    """The people-pleaser: accepts everything, warmly and in varied words."""

    def __init__(self, seed: int = 0) -> None:
        super().__init__("accept", seed)

    async def reply(self, obs: Observation) -> str:
        """A yes to every ask; now and then an eager word in front."""
        text = await super().reply(obs)
        luck = rng(week_seed(obs, self._seed), obs.event.id, "eager")
        return f"{luck.choice(EAGER)} {text}" if len(obs.event.asks) == 1 and luck.uniform() < 0.4 else text


class FixedText:
    """The same text to everything; "" ignores everything."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def reply(self, obs: Observation) -> str:
        """The text, whatever the event."""
        return self._text
