"""What a state can still reach: an upper bound of every component, for a search that must not miss the best week.

Admissible by relaxation: coming events cost nothing, whatever is still open turns out right and well said, and time
passes without them. Knows the luck, as the search does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import sqrt

from .acts import REFUSES, TAKES
from .clock import DAY_MINUTES, WEEK_END, at_time
from .luck import draw
from .passage import advance
from .ports import Mind
from .rules.common import DEMO, THURSDAY
from .rules.leave import DECIDES, FIRST
from .scoring import Scores, clip, energy, score, technical
from .state import Thread, WeekState

MOST_ANSWERS = 3
"""Answers that one open matter can still see: the ask, a push, a question back."""
DAY_WORK = 420
"""Minutes of sprint work that a full cover does on the day off."""


def upper(state: WeekState, most_note: float, most_refusal: float, weights: Scores) -> float:
    """The most that the weighted score can still come to.

    most_note (0..1) is the best note a reply can get, most_refusal the best quality of a no.
    """
    if state.end is not None:
        return sum(weight * value for weight, value in zip(weights, score(state), strict=True))
    fixed = Scores(
        0, communication_left(state, most_note), boundary_left(state, most_refusal), 0, relations_left(state)
    )
    worldly = max(
        weights.technical_resolution * technical(end) + weights.energy_to_friday * energy(end) for end in eased(state)
    )
    return worldly + sum(weight * value for weight, value in zip(weights, fixed, strict=True))


def _waiting(state: WeekState) -> dict[str, int]:
    """Canonical ask -> events that are about it, at the door or on their way."""
    out: dict[str, int] = {}
    for entry in (*state.queue, *((state.event,) if state.event else ())):
        spec = state.week.events[entry.kind]
        keys = [f"{entry.kind}/{ask.id}" for ask in spec.asks] if spec.at else [entry.about]
        for key in keys:
            if key:
                out[key] = out.get(key, 0) + 1
    return out


def communication_left(state: WeekState, most_note: float) -> float:
    """The mean note when every coming answer gets the best one."""
    waiting = _waiting(state)
    notes = [_note_left(state, key, thread, waiting.get(key, 0), most_note) for key, thread in state.threads.items()]
    return sum(notes) / max(len(notes), 1)


def _note_left(state: WeekState, key: str, thread: Thread, waiting: int, most_note: float) -> float:
    more = MOST_ANSWERS * waiting + _surprises(state, key)
    spoilt = any(p.thread == key and p.status == "broken" for p in state.promises) or (thread.unmet and not more)
    total, count = sum(thread.notes), len(thread.notes)
    if not count and not more:
        return 0.0
    most = max(total / count if count else 0.0, (total + more * most_note) / (count + more) if more else 0.0)
    return most * (0.5 if spoilt else 1.0)


def _surprises(state: WeekState, key: str) -> int:
    """Answers about an ask whose events are not on their way yet: the leave's end, the nights' pages, the late form."""
    if key == FIRST:
        return 2 * MOST_ANSWERS if state.leave != "granted" else 0
    effect = state.week.spec(key).effect
    if effect == "oncall":
        return len(state.nights) * MOST_ANSWERS
    return MOST_ANSWERS if effect == "form" and state.form > 0 else 0


def boundary_left(state: WeekState, most_refusal: float) -> float:
    """The boundary score when every ask without an answer that counts gets the right one."""
    waiting = _waiting(state)
    light = right = real = taken = 0
    quality = 0.0
    for key, thread in state.threads.items():
        undecided = thread.first_act is None and waiting.get(key, 0) > 0
        if thread.need == "light":
            light += 1
            if undecided or thread.first_act in REFUSES:
                right += 1
                quality += most_refusal if undecided else thread.first_quality
        else:
            real += 1
            taken += undecided or thread.first_act in TAKES
    if not light or not real or not right:
        return 0.0
    return sqrt(right / light * taken / real) * quality / right


def relations_left(state: WeekState) -> float:
    """Trust when everyone is only pleased from now on, as often as they can be."""
    tuning = state.week.recipe.tuning
    trusts = [_trust_left(state, who) for who in state.minds]
    return clip((0.5 * sum(trusts) / len(trusts) + 0.5 * min(trusts) - tuning.trust_low) / tuning.trust_span)


def _trust_left(state: WeekState, who: str) -> float:
    tuning = state.week.recipe.tuning
    waiting = _waiting(state)
    keys = [key for key in waiting if state.week.spec(key).sender == who]
    answers = MOST_ANSWERS * sum(waiting[key] for key in keys) + 2
    answers += sum(_surprises(state, key) for key, thread in state.threads.items() if thread.person == who)
    kept = sum(p.to == who and p.status == "open" for p in state.promises) + 2 * len(keys)
    left = (1 - state.minds[who].trust) * (1 - tuning.rise) ** answers
    return 1 - left * (1 - tuning.kept) ** kept * (1 - tuning.helped) ** (len(keys) + 1)


def eased(state: WeekState) -> Iterator[WeekState]:
    """The ends of the week if nothing more came: as the leave stands, and with it granted where it still can be."""
    open_state = _without_events(state)
    if state.leave == "granted" or not _can_be_granted(state):
        yield _pass(open_state)
        return
    yield _pass(open_state._replace(leave="refused" if state.leave == "refused" else "pending"))
    yield _pass(open_state, grant_at=max(DECIDES if state.leave_round == 0 else state.at, state.at))


def _without_events(state: WeekState) -> WeekState:
    """The state with nothing to come, everyone's best trust, favours returned, staging up as soon as it can be."""
    minds = {who: Mind(_trust_left(state, who)) for who in state.minds}
    waiting = _waiting(state)
    blocked = state.blocked and not any(state.week.spec(key).effect == "unblock" for key in waiting)
    return state._replace(
        event=None,
        queue=(),
        minds=minds,
        restore_at=_up_again(state, waiting),
        blocked=blocked,
        decide_at=-1,
        nights=(),
        counts=dict.fromkeys(state.week.events, 99),
        backlog=max(state.backlog - _favours(state), state.done),
    )


def _up_again(state: WeekState, waiting: Mapping[str, int]) -> int:
    """The earliest minute at which staging can still come up; as arranged when nothing about it is to be answered."""
    pending = [key for key in waiting if state.week.spec(key).effect == "restore"]
    if state.restored >= 0 or not pending:
        return state.restore_at
    owner_fix = state.week.recipe.tuning.owner_fix
    by_hand = state.at + state.week.spec(pending[0]).minutes
    soonest = max(min(by_hand, state.week.times["staging"] + owner_fix), state.at)
    return int(soonest if state.restore_at < 0 else min(state.restore_at, soonest))


def _favours(state: WeekState) -> float:
    """Sprint minutes that returned favours can still take over."""
    favour = state.week.events.get("favour")
    if favour is None:
        return 0.0
    waiting = (*state.queue, *((state.event,) if state.event else ()))
    coming = favour.most - state.counts.get("favour", 0) + sum(entry.kind == "favour" for entry in waiting)
    return float(favour.asks[0].minutes * coming)


def _pass(state: WeekState, grant_at: int = -1) -> WeekState:
    """Time until the end of the week, with a grant of the leave on the way; a bad morning's review is moved."""
    tuning = state.week.recipe.tuning
    while state.at < WEEK_END and state.end is None:
        if 0 <= grant_at <= state.at:
            state, grant_at = _granted(state), -1
        before = state.energy
        state = advance(state, min(_next_morning(state.at), grant_at if grant_at > state.at else WEEK_END, WEEK_END))
        if before < state.energy:
            rested = min(state.energy, tuning.wrecked) + tuning.review_moved
            state = state._replace(energy=max(state.energy, rested))
    return state._replace(end=state.end or "friday")


def _next_morning(at: int) -> int:
    morning = at_time(at // DAY_MINUTES, 7)
    return morning if at < morning else morning + DAY_MINUTES


def _granted(state: WeekState) -> WeekState:
    """The leave granted, with cover wherever the week allows it."""
    saved = DAY_WORK * state.week.recipe.tuning.cover_share if state.week.need(FIRST) == "light" else 0.0
    promises = tuple(
        p._replace(due=min(p.due + DAY_MINUTES, DEMO)) if p.status == "open" and p.due // DAY_MINUTES == THURSDAY else p
        for p in state.promises
    )
    return state._replace(leave="granted", promises=promises, backlog=max(state.backlog - saved, state.done))


def _can_be_granted(state: WeekState) -> bool:
    """Whether luck and the best possible odds still allow a yes before Thursday."""
    if FIRST not in state.threads or state.at >= at_time(THURSDAY, 10):
        return False
    if state.leave == "refused" and _waiting(state).get(FIRST, 0) == 0:
        return False
    tuning = state.week.recipe.tuning
    most = tuning.leave_base + tuning.leave_trust + tuning.leave_asked + tuning.leave_reason + tuning.leave_cover
    most += tuning.leave_cover if state.week.need(FIRST) == "light" else tuning.leave_uncovered
    draws = (draw(state.week.seed, f"leave#{count}", "granted") for count in (1, 2) if count > state.leave_round)
    return any(luck < most for luck in draws)
