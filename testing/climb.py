"""Keyword stuffing by search: a hill-climb over bags of phrases against the reader and the rubric's note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..agents.attacks import Stuffer
from ..stakeholders.reading.local import LocalReader
from ..world.acts import REFUSES, TAKES
from ..world.clock import Moment, moment
from ..world.engine import deeds, start
from ..world.event import Event
from ..world.fast import decide
from ..world.luck import Luck, rng
from ..world.reference import right_reading
from ..world.scoring import refusal_quality, reply_note
from ..world.state import WeekState
from ..world.view import event_of
from ..world.week import Week
from .pool import phrases

EVALUATIONS, RESTARTS = 2000, 4
MOST_PHRASES = 6
PROBES = 12


class Probe(NamedTuple):
    """One event that a bag is tried at."""

    state: WeekState
    event: Event
    now: Moment


class Bag(NamedTuple):
    """A bag of phrases, its value on the probes (0..1), and how many bags were tried."""

    phrases: tuple[str, ...]
    value: float
    tried: int


def probes(weeks: Sequence[Week], most: int = PROBES) -> list[Probe]:
    """Events of these weeks, met as if everything before had been answered well; every n-th, so that kinds vary."""
    found = []
    for week in weeks:
        state = start(week)
        while state.event is not None:
            found.append(Probe(state, event_of(state), moment(state.at)))
            state = decide(state, right_reading(state)).state
    return found[:: max(len(found) // most, 1)][:most]


def value(text: str, at: Sequence[Probe], reader: LocalReader) -> float:
    """What the reader and the rubric make of one text at these events: its note, and half a point for a right side."""
    total, count = 0.0, 0
    for probe in at:
        for deed in deeds(probe.state, reader.read_now(probe.event, text, probe.now)):
            light = deed.need == "light"
            side = refusal_quality(deed.reading) if light and deed.reading.act in REFUSES else 0.0
            side = 1.0 if not light and deed.reading.act in TAKES else side
            total += (reply_note(deed.reading, deed, 0) + 0.5 * side) / 1.5
            count += 1
    return total / max(count, 1)


def climb(
    at: Sequence[Probe], reader: LocalReader, evaluations: int = EVALUATIONS, restarts: int = RESTARTS, seed: int = 0
) -> list[Bag]:
    """The best bag of every restart, best first; each restart has an equal share of the evaluations."""
    pool = phrases()
    budget = evaluations // restarts
    found = [_climb(at, reader, pool, budget, rng(seed, f"restart {number}", "climb")) for number in range(restarts)]
    return sorted(found, key=lambda bag: -bag.value)


def _climb(at: Sequence[Probe], reader: LocalReader, pool: Sequence[str], budget: int, luck: Luck) -> Bag:
    bag = tuple(luck.shuffled(pool)[: 1 + luck.index(MOST_PHRASES)])
    best = value(" ".join(bag), at, reader)
    for _ in range(budget - 1):
        other = _neighbour(bag, pool, luck)
        worth = value(" ".join(other), at, reader)
        if worth >= best:
            bag, best = other, worth
    return Bag(bag, best, budget)


def _neighbour(bag: tuple[str, ...], pool: Sequence[str], luck: Luck) -> tuple[str, ...]:
    """One phrase added, dropped, replaced, or moved."""
    move = luck.choice(("add", "drop", "replace", "replace", "swap"))
    place = luck.index(len(bag))
    if move == "add" and len(bag) < MOST_PHRASES:
        return (*bag[:place], luck.choice(pool), *bag[place:])
    if move == "drop" and len(bag) > 1:
        return (*bag[:place], *bag[place + 1 :])
    if move == "swap" and len(bag) > 1:
        return (*bag[place:], *bag[:place])
    return (*bag[:place], luck.choice(pool), *bag[place + 1 :])


def stuffer(bag: Bag, seed: int = 0) -> Stuffer:
    """The policy that says this bag."""
    return Stuffer(bag.phrases, seed)
