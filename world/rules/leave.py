"""The leave: asked to withdraw it, Arjun gives in or insists; Sundar then grants, refuses, or stays silent."""

from __future__ import annotations

from ..clock import DAY_MINUTES, at_time
from ..luck import draw
from ..state import WeekState
from .common import DEMO, THURSDAY, Deed, enqueue, hurt, lift, meet, overlooked

DECIDES = at_time(2, 17)
"""Wednesday 17:00."""
FIRST = "leave/1"
"""The canonical ask; the refused and the silent leave are asks of their own."""


def leave(state: WeekState, deed: Deed) -> WeekState:
    """Answering Sundar about the leave: withdrawing settles it, anything that insists puts it up for decision."""
    if state.leave != "pending" and deed.thread == FIRST:
        return state
    if deed.takes:
        state = state._replace(leave="refused", decide_at=-1)
        return meet(state, deed)
    if not deed.refuses:
        return state
    if deed.need == "real":
        state = overlooked(state, deed)
    if deed.reading.act == "escalate":
        state = hurt(state, deed.person, state.week.recipe.tuning.over_head)
    later = deed.thread != FIRST
    when = min(deed.event.at + 90, at_time(THURSDAY, 9)) if later else max(DECIDES, deed.event.at + 60)
    return state._replace(leave="pending", decide_at=when, leave_odds=_odds(state, deed, later))


def _odds(state: WeekState, deed: Deed, later: bool) -> float:
    """Chance of a yes: Sundar's trust, how it was asked, and the cover that there really is."""
    tuning = state.week.recipe.tuning
    quality = deed.reading.qualities
    odds = tuning.leave_base + tuning.leave_trust * state.minds[deed.person].trust
    odds += tuning.leave_asked * (deed.reading.act == "request")
    odds += tuning.leave_reason * quality.reason + tuning.leave_cover * max(quality.alternative, quality.next_step)
    odds += tuning.leave_cover if deed.need == "light" else tuning.leave_uncovered
    return min(max(odds * (tuning.leave_second if later else 1.0), 0.0), 1.0)


def decide(state: WeekState) -> WeekState:
    """Sundar's decision: granted, or a refusal, or silence, each of which reaches Arjun once."""
    seed, count = state.week.seed, state.leave_round + 1
    state = state._replace(decide_at=-1, leave_round=count)
    if draw(seed, f"leave#{count}", "granted") < state.leave_odds:
        return _grant(state)
    if count > 1:
        return state._replace(leave="refused")
    kind = (
        "leave_silent" if draw(seed, "leave", "silence") < state.week.recipe.tuning.leave_silence else "leave_refused"
    )
    state = state if kind == "leave_silent" else state._replace(leave="refused")
    return enqueue(state, state.at + 20, kind, about=FIRST)


def _grant(state: WeekState) -> WeekState:
    """Thursday is free: cover does the day's work when it stands, promises due that day move to Friday."""
    tuning = state.week.recipe.tuning
    state = lift(state._replace(leave="granted"), state.week.spec(FIRST).sender, tuning.granted_lift)
    helper = state.minds.get(state.week.spec(FIRST).owner or "")
    covered = state.week.need(FIRST) == "light" and helper is not None and helper.trust >= tuning.cover_trust
    if covered:
        state = state._replace(backlog=max(state.backlog - 420 * tuning.cover_share, state.done))
    moved = tuple(
        p._replace(due=min(p.due + DAY_MINUTES, DEMO)) if p.status == "open" and p.due // DAY_MINUTES == THURSDAY else p
        for p in state.promises
    )
    queue = tuple(q._replace(at=q.at + DAY_MINUTES) if q.at // DAY_MINUTES == THURSDAY else q for q in state.queue)
    return state._replace(promises=moved, queue=tuple(sorted(queue)))
