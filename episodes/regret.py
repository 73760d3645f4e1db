"""Regret in the record: the week's optimum V*, and per decision what it lost of what could still be had."""

from __future__ import annotations

from ..agents.planner import Search, plan
from ..agents.worth import worth
from ..world.week import Week
from .rebuild import states_of
from .record import WeekRecord

OPTIMUM = Search(expansions=50)
"""For V*: as good a week as `wlf oracle` finds, with a wider bound."""
GLANCE = Search(width=1)
"""For the worth of the states on the way; a week has a dozen."""


def with_regret(record: WeekRecord, week: Week, search: Search = OPTIMUM, quick: Search = GLANCE) -> WeekRecord:
    """The record with v_star and every step's regret filled in.

    A step's regret is the best total found before it less the best one found after it, never under 0. `v_star` is the
    plan from Monday, the value of perfect information for scripted coworkers and well-worded replies; a text read as
    better than `world.reference.GOOD` can exceed it. Raises RunError when record and week do not fit.
    """
    states = list(states_of(record, week))
    best = plan(states[0], search)
    worths = [best.value, *(worth(state, quick) for state in states[1:])]
    for place in range(len(worths) - 2, -1, -1):
        worths[place] = max(worths[place], worths[place + 1])
    steps = tuple(
        step.model_copy(update={"regret": worths[number] - worths[number + 1]})
        for number, step in enumerate(record.steps)
    )
    v_star = {"value": best.value, "kind": best.kind, "bound": best.bound}
    return record.model_copy(update={"steps": steps, "v_star": v_star})


def beats_plan(record: WeekRecord) -> bool:
    """Whether a week came to more than its V*: the plan was a beam's, or the replies were worded better than `GOOD`."""
    return record.v_star is not None and record.total > record.v_star["value"] + 1e-6
