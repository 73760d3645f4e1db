"""Weeks by the rules alone: acts in, scores out, no text and no reader. What searches over acts are made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from ..world.acts import REFUSES
from ..world.engine import start, threads_of
from ..world.fast import decide
from ..world.luck import draw
from ..world.reading import Act, Reading
from ..world.reference import right_act, said
from ..world.scoring import Scores, score
from ..world.state import WeekState
from ..world.week import Week


class Asked(NamedTuple):
    """One ask at the door: the matter it belongs to (a canonical ask, or a spawned event's own), and round 0 or 1."""

    matter: str
    round: int


Choose = Callable[[WeekState, Asked], Act]
"""Decides one ask. The state holds hidden facts: whoever should be blind must not look."""


def play(week: Week, choose: Choose) -> WeekState:
    """The whole week, every answer said as well as a good text can say it."""
    state = start(week)
    while state.event is not None:
        event = state.event
        spec = state.week.events[event.kind]
        asks = []
        for key, ask in zip(threads_of(state, event), spec.asks, strict=True):
            person = event.person if ask.sender == "*" else ask.sender
            asks.append(said(f"{event.id}/{ask.id}", choose(state, asked(state, key)), person))
        state = decide(state, Reading.model_construct(schema_=1, reader="rules", asks=tuple(asks))).state
    return state


def asked(state: WeekState, key: str) -> Asked:
    """An ask of the waiting event as a blind table knows it."""
    thread = state.threads.get(key)
    return Asked(key, min(thread.rounds, 1) if thread else 0)


def scores(week: Week, choose: Choose) -> Scores:
    """The five components of a week that is played so."""
    return score(play(week, choose))


def labelled(state: WeekState, ask: Asked) -> Act:
    """The right answer by the scenario's labels."""
    return right_act(state, ask.matter)


def noisy(share: float) -> Choose:
    """Reads the facts right in this share (0..1) of the asks, and acts by the labels on what it read."""

    def choose(state: WeekState, ask: Asked) -> Act:
        best = state.week.spec(ask.matter).best
        wrong = bool(best.light) and draw(state.week.seed, ask.matter, "misread") >= share
        light = (state.week.need(ask.matter) == "light") != wrong
        return (best.light if light and best.light else best.real)[0]

    return choose


def tabled(table: Mapping[Asked, Act], default: Act = "accept") -> Choose:
    """Looks up the act; blind to everything but which ask it is and whether it comes again."""
    return lambda state, ask: table.get(ask, default)


def always(act: Act) -> Choose:
    """One act to everything."""
    return lambda state, ask: act


def refuses_first(state: WeekState, ask: Asked) -> Act:
    """No at first, yes to whoever insists."""
    light = state.week.spec(ask.matter).best.light
    fitting: list[Act] = [act for act in light if act in REFUSES]
    if ask.round > 0:
        return "accept"
    return fitting[0] if fitting else "decline"
