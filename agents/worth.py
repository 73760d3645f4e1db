"""What acts are worth along a week: Q and regret of every act at an event, and whether the scenario's labels hold.

Like the planner it knows hidden facts and luck: regret is measured against perfect information.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..world.acts import REFUSES, TAKES
from ..world.reading import Act
from ..world.scenario import Need
from ..world.state import WeekState
from .menu import FULL, Choice, Move, after, asked, labelled
from .planner import QUICK, WITHOUT_BOUNDARY, Search, finish, plan, value

ALL_ACTS: tuple[Act, ...] = (*FULL, "acknowledge", "unclear")


class ActWorth(NamedTuple):
    """One act for one ask: the best total after it (q), and how much less that is than after the best act."""

    ask: str
    act: Act
    q: float
    regret: float


class LabelCheck(NamedTuple):
    """One canonical ask: its need, and how much refusing gains over taking it on, on the four other components."""

    ask: str
    need: Need
    gain: float

    @property
    def agrees(self) -> bool:
        """Whether the side that the label names wins."""
        return (self.gain > 0) == (self.need == "light")


def worth(state: WeekState, search: Search = QUICK) -> float:
    """The best total that is found from a state."""
    return plan(state, search).value


def acts_at(state: WeekState, search: Search = QUICK) -> list[ActWorth]:
    """Q and regret of every act for every ask of the waiting event.

    One ask is varied at a time; a second ask of the event gets its labelled answer, the rest of the week the best one.
    """
    usual = labelled(state)
    out: list[ActWorth] = []
    for place, ask in enumerate(asked(state)):
        found: dict[Act, float] = {act: worth(after(state, _with(usual, place, act)), search) for act in ALL_ACTS}
        most = max(found.values())
        out += [ActWorth(ask.id, act, q, most - q) for act, q in found.items()]
    return out


def _with(move: Move, place: int, act: Act) -> Move:
    return (*move[:place], Choice(act), *move[place + 1 :])


def check_labels(state: WeekState, moves: Mapping[str, Move]) -> Iterator[LabelCheck]:
    """Q(refuse) - Q(take on) without the boundary component, for every canonical ask on the path of some moves.

    After either side everything else goes by the labels; a side is worth its best act.
    """
    search = replace(QUICK, width=0, weights=WITHOUT_BOUNDARY)
    while state.event is not None:
        move = moves.get(state.event.id) or labelled(state)
        if state.week.events[state.event.kind].at:
            for place, ask in enumerate(asked(state)):
                if not state.week.spec(ask.thread).refuse_when:
                    continue
                refuse, take = (
                    max(_quick(after(state, _with(labelled(state), place, act)), search) for act in FULL if act in side)
                    for side in (REFUSES, TAKES)
                )
                yield LabelCheck(ask.thread, state.week.need(ask.thread), refuse - take)
        state = after(state, move)


def _quick(state: WeekState, search: Search) -> float:
    return value(finish(state, search).state, search)
