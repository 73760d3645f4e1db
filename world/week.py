"""A week before it is played: the static value that a scenario, a seed and a split give."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .persona import Persona
from .scenario import AskSpec, EventSpec, Need, Scenario, Split, Wordings
from .tuning import TUNING, Tuning


class Recipe(NamedTuple):
    """All that weeks are made from: scenario, wordings by event kind, personas by id, and the constants.

    usual: the personas that the sprint is sized with, so that swapping one changes no Monday; None: those in the seats.
    """

    scenario: Scenario
    wordings: Mapping[str, Wordings]
    personas: Mapping[str, Persona]
    tuning: Tuning = TUNING
    usual: Mapping[str, Persona] | None = None


class Week(NamedTuple):
    """One generated week. facts is fact -> value (hidden); times is canonical kind -> week minute; backlog in minutes.

    refuse holds the ask ids that deserve a no; events is kind -> spec.
    """

    recipe: Recipe
    seed: int
    split: Split
    episode_id: str
    facts: dict[str, str]
    times: dict[str, int]
    refuse: frozenset[str]
    backlog: float
    events: Mapping[str, EventSpec]

    def spec(self, thread: str) -> AskSpec:
        """The spec of an ask id such as "slack_pair/2". Raises KeyError or IndexError for an unknown one."""
        kind, _, number = thread.partition("/")
        return self.events[kind].asks[int(number) - 1]

    def sender_of(self, effect: str) -> str:
        """Who asks for the first thing of an effect ("unblock" -> "priya"); "" when the scenario has none."""
        asks = (ask for spec in self.events.values() for ask in spec.asks)
        return next((ask.sender for ask in asks if ask.effect == effect), "")

    @property
    def refusals(self) -> list[str]:
        """The canonical asks that deserve a no, sorted."""
        return sorted(ask for ask in self.refuse if ask.partition("/")[0] in self.times)

    def need(self, thread: str) -> Need:
        """Whether the need behind an ask is "real" or "light" this week."""
        return "light" if thread in self.refuse else "real"
