"""Rules of operations: who restores staging, who carries the pager, who sits in the 22:30 call."""

from __future__ import annotations

from ..acts import OPEN, TAKES
from ..clock import day_of
from ..state import WeekState
from .common import Deed, lift, meet, refuse, refuse_real

STAYS_UP = TAKES | OPEN
"""Acts after which the 06:00 page has ended his night: fixing it, and waiting for an answer."""
LAST_NIGHT = 3
"""Thursday, the last night before the demo."""


def restore(state: WeekState, deed: Deed) -> WeekState:
    """Staging is down at 06:00: Arjun fixes it, the owner on shift does, or nobody does for hours."""
    tuning = state.week.recipe.tuning
    now, act = deed.event.at, deed.reading.act
    if state.restored >= 0:
        return state
    if deed.event.kind == "staging" and act in STAYS_UP:
        state = state._replace(energy=state.energy - tuning.wake_lost / 60 * tuning.sleep_hour)
    if deed.takes:
        drain = deed.minutes / 60 * tuning.drain_hour * tuning.overtime_drain
        state = state._replace(energy=state.energy - drain, restore_at=int(now + deed.minutes))
        collision = tuning.collision_minutes if deed.need == "light" else 0.0
        return meet(state._replace(backlog=state.backlog + collision), deed)
    if act in ("ask", "unclear"):
        return state
    if deed.need == "light":
        handed = deed.spec.owner in deed.reading.to if act == "delegate" else act == "escalate"
        wait = tuning.owner_fix if handed else tuning.owner_unasked_fix
    else:
        wait = tuning.nobody_fix
    due = int(state.week.times["staging"] + wait)
    state = state._replace(restore_at=max(now + 30, due) if state.restore_at < 0 else state.restore_at)
    return refuse_real(state, deed, milder=frozenset()) if deed.need == "real" else state


def oncall(state: WeekState, deed: Deed) -> WeekState:
    """The swap: one quiet night when someone is in hospital, three nights of a release week when it is a trip."""
    tonight = min(day_of(deed.event.at), LAST_NIGHT)
    if deed.takes:
        last = tonight if deed.need == "real" else min(tonight + 2, LAST_NIGHT)
        state = state._replace(nights=tuple(range(tonight, last + 1)))
        return (
            meet(state, deed) if deed.need == "real" else lift(state, deed.person, state.week.recipe.tuning.swap_lift)
        )
    return state if deed.reading.act in ("ask", "unclear") else refuse(state, deed)


def late_call(state: WeekState, deed: Deed) -> WeekState:
    """The 22:30 standup: once when his part is on the agenda; who comes without need is expected every night."""
    tonight = min(day_of(deed.event.at), LAST_NIGHT)
    if deed.takes:
        last = tonight if deed.need == "real" else LAST_NIGHT
        return meet(state._replace(calls=tuple(range(tonight, last + 1))), deed)
    return state if deed.reading.act in ("ask", "unclear") else refuse(state, deed)
