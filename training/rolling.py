"""The rest of a week by the careful policy at the level of acts: what a state is worth to somebody sensible.

Whoever asks back about this very decision is answered as the policy in training would have answered at once: otherwise
a reply that nobody understands would earn the careful policy's judgement, and gibberish beat a wrong yes.

Acts are the careful protagonist's, read from the same observations; their words are taken as said well, so nothing is
written or read and a fork costs a millisecond or two. What he meant before is the act on record.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..agents.careful import SURE, decide
from ..agents.clues import clues, weigh
from ..agents.menu import Choice, Move, after, asked
from ..agents.scene import AGAIN
from ..world.acts import OPEN, REFUSES
from ..world.reading import Act
from ..world.state import Queued, WeekState
from ..world.view import energy_band, event_of, observe

LEAVE_AGAIN = frozenset({"leave_refused", "leave_silent"})
LEAVE = "leave/1"
LOOKS_UP = "pager_night"
"""The one kind that turns on the calendar; other acts follow from an event's words and his energy."""
Usual = Mapping[str, Act]
"""Ask id -> the act by which the policy in training usually closes it."""
Memo = dict[tuple[str, str, str], Move]
"""Event id, its wording and the energy band -> the acts; of one week."""


def roll_on(state: WeekState, memo: Memo | None = None, usual: Usual | None = None) -> WeekState:
    """The end of the week from a state; the same luck for the same week, whatever came before.

    memo: acts known already, shared between forks of one week. usual: the act that closes a thread which was left open.
    """
    known: Memo = {} if memo is None else memo
    while state.event is not None:
        state = after(state, careful_move(state, state.event, known, usual or {}))
    return state


def careful_move(state: WeekState, event: Queued, memo: Memo, usual: Usual) -> Move:
    """The careful acts at the waiting event; the usual one where a thread is open."""
    if event.kind in AGAIN:
        thread = state.threads.get(event.about)
        if event.about in usual and thread is not None and thread.first_act is None:
            return (Choice(usual[event.about]),)
        return (Choice(_again(state, event)),)
    if event.kind in LEAVE_AGAIN:
        return (Choice(_leave_again(state)),)
    key = (event.id, event.wording, energy_band(state.energy))
    if event.kind == LOOKS_UP or key not in memo:
        obs = observe(state)
        memo[key] = tuple(Choice(decide(obs, number)) for number in range(1, len(obs.event.asks) + 1))
    return memo[key]


def _again(state: WeekState, event: Queued) -> Act:
    """A push or a question back: stay with the act on record, unless the new text speaks clearly against it."""
    thread = state.threads.get(event.about)
    act = thread.first_act if thread and thread.first_act not in OPEN else None
    plan = clues().plans.get(event.about)
    if plan is None:
        return act or "accept"
    bias = int(energy_band(state.energy) == "drained")
    verdict = weigh(plan.fact, event_of(state).body, bias)
    if act is None or verdict.margin >= SURE:
        act = plan.acts[verdict.value]
    return "decline" if act == "delegate" and asked(state)[0].thread.startswith("staging") else act


def _leave_again(state: WeekState) -> Act:
    """Held on to it the first time: asked for once more, with the cover; else let go."""
    thread = state.threads.get(LEAVE)
    return "request" if thread is not None and thread.first_act in REFUSES else "accept"
