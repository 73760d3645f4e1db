"""Does it matter whom it is said to? Every recorded reply put to the twin of its event, whose need is the other one.

The rest of the week goes by the labels, rules only, but for the asks of that very reply: whoever comes back about them
hears the same act again, so that a judgement which the reply lacks does not come from the labels. Somebody who says
the same whatever the facts are loses on average as little in the twins as in his own weeks.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..agents.menu import Choice, after, asked, labelled
from ..episodes.rebuild import states_of, week_of_record
from ..episodes.record import WeekRecord
from ..episodes.stats import Figure, bootstrap
from ..world import direct
from ..world.acts import REFUSES, TAKES
from ..world.engine import deeds, threads_of
from ..world.generator import twin
from ..world.nodes import Ports
from ..world.reading import Act, Reading
from ..world.scoring import score
from ..world.state import Queued, WeekState
from ..world.week import Recipe, Week

ALIKE = 0.02
"""A reply that loses at most this much of a week's total against the labelled act, in both weeks, suits everybody."""
SHOWN = 10
LEAST_GAP, MOST_ALIKE = 0.05, 0.05
"""How much more a reply must lose in the twin than where it was said, and the share of replies that may suit both.

Scripted policies that do not read come to gaps from -0.03 to 0, the careful agent and the oracle to 0.08 and 0.11.
"""


class Swap(NamedTuple):
    """One reply and one ask of it that flips in the twin. own, other: lost total there against the labelled act.

    acts: as it was read in its own week and in the twin.
    """

    seed: int
    event: str
    ask: str
    need: str
    reply: str
    acts: tuple[Act, Act]
    own: float
    other: float

    @property
    def suits_both(self) -> bool:
        """Whether it loses next to nothing in either week."""
        return max(self.own, self.other) <= ALIKE

    @property
    def right_twice(self) -> bool:
        """Whether the reader took one text for the no that is due in one week and for the yes in the other."""
        no, yes = self.acts if self.need == "light" else self.acts[::-1]
        return no in REFUSES and yes in TAKES


class Swapped(NamedTuple):
    """Some swaps in figures: losses of total, the gap between them, and shares 0..1 with intervals over weeks."""

    swaps: int
    own: Figure
    other: Figure
    gap: Figure
    suits_both: Figure
    right_twice: Figure


def swaps(record: WeekRecord, recipe: Recipe, ports: Ports) -> list[Swap]:
    """Every canonical reply of a week at the twin of each of its asks. Raises RunError and UsageError.

    Raises RunError when the record does not fit its week, UsageError when the recipe is another one.
    """
    week = week_of_record(record, recipe)
    states = list(states_of(record, week))
    found: list[Swap] = []
    for place, step in enumerate(record.steps):
        if not week.events[_waiting(states[place]).kind].at:
            continue
        end = _value(states[place + 1], _said(states[place], step.reading))
        own = _best(states[place]) - end
        found += [_swap(record, states[place], place, other, ports, own) for other in _twins(week, states[place])]
    return found


def _twins(week: Week, state: WeekState) -> Iterator[Week]:
    """The twins whose one flipped fact is about an ask of the waiting event."""
    spec = week.events[_waiting(state).kind]
    for fact in dict.fromkeys(fact for ask in spec.asks for fact in ask.refuse_when):
        if week.recipe.scenario.facts[fact].twin:
            yield twin(week, fact)


def _swap(record: WeekRecord, state: WeekState, place: int, other: Week, ports: Ports, own: float) -> Swap:
    """The reply of one step in a twin that was played alike until then."""
    step = record.steps[place]
    there = _at(record, other, place)
    outcome = asyncio.run(direct.step(there, step.reply, ports))
    lost = _best(there) - _value(outcome.state, _said(there, outcome.reading))
    (ask,) = sorted((state.week.refuse ^ other.refuse) & set(threads_of(state, _waiting(state))))[:1]
    acts = (_said(state, step.reading)[ask], _said(there, outcome.reading)[ask])
    return Swap(record.seed, step.event, ask, state.week.need(ask), step.reply, acts, own, lost)


def _waiting(state: WeekState) -> Queued:
    assert state.event is not None  # a recorded step has an event
    return state.event


def _at(record: WeekRecord, week: Week, place: int) -> WeekState:
    """The state of a twin at the same step."""
    return next(state for number, state in enumerate(states_of(record, week)) if number == place)


def _said(state: WeekState, reading: Reading) -> dict[str, Act]:
    """Thread -> the act that counts."""
    return {deed.thread: deed.reading.act for deed in deeds(state, reading)}


def _best(state: WeekState) -> float:
    """The total after the labelled acts, said well."""
    return _value(state, {})


def _value(state: WeekState, said: Mapping[str, Act]) -> float:
    """The total at the end of the week; what was said about an ask is said again, the rest goes by the labels."""
    while state.event is not None:
        asks = zip(asked(state), labelled(state), strict=True)
        state = after(state, tuple(Choice(said.get(ask.thread, usual.act)) for ask, usual in asks))
    return score(state).total


def summed(found: Sequence[Swap]) -> dict[str, Swapped]:
    """The figures by the ask that flips, and of "all"."""
    asks = sorted({swap.ask for swap in found})
    return {"all": _figures(found)} | {ask: _figures([swap for swap in found if swap.ask == ask]) for ask in asks}


def _figures(found: Sequence[Swap]) -> Swapped:
    """Means over swaps; those of one week are drawn together."""
    by_week: dict[int, list[tuple[float, ...]]] = {}
    for swap in found:
        row = (swap.own, swap.other, swap.other - swap.own, float(swap.suits_both), float(swap.right_twice))
        by_week.setdefault(swap.seed, []).append(row)
    rows = [np.array(by_week[seed]) for seed in sorted(by_week)]
    parts = np.array([row.sum(axis=0) for row in rows]).reshape(len(rows), 5)
    wholes = np.array([[float(len(row))] * 5 for row in rows]).reshape(len(rows), 5)
    return Swapped(len(found), *bootstrap(parts, wholes))


def bars(figures: Swapped) -> dict[str, bool]:
    """What the swaps of a policy that reads must hold."""
    gap, alike = figures.gap, figures.suits_both["mean"] or 0.0
    return {
        f"loses {LEAST_GAP:.2f} more in the twin": (gap["mean"] or 0.0) >= LEAST_GAP and (gap["low"] or 0.0) > 0.0,
        f"at most {MOST_ALIKE:.0%} of replies suit both": alike <= MOST_ALIKE,
        "no text is right in both": not figures.right_twice["mean"],
    }


def universal(found: Sequence[Swap], shown: int = SHOWN) -> list[Swap]:
    """The replies that suit both weeks best, each text and ask once, the least loss first."""
    best = sorted((swap for swap in found if swap.suits_both), key=lambda swap: (max(swap.own, swap.other), swap))
    once: dict[tuple[str, str], Swap] = {}
    for swap in best:
        once.setdefault((swap.ask, swap.reply), swap)
    return list(once.values())[:shown]
