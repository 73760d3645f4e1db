"""The right answers of a week as readings: refuse what deserves a no, take on the rest, and say it well.

It reads the hidden facts: to calibrate the backlog and check the labels, never for a seat that is scored as honest.
"""

from __future__ import annotations

from functools import lru_cache

from .engine import start, threads_of
from .fast import decide
from .reading import Act, AskReading, Qualities, Reading
from .state import WeekState
from .week import Week

GOOD = Qualities(courtesy=1, clarity=1, reason=1, alternative=1, next_step=1, relevance=1, register=1)
"""A reply said as well as can be: with it the planner's values are not to be beaten by better words."""


def said(ask: str, act: Act, person: str, qualities: Qualities = GOOD, to: tuple[str, ...] = ()) -> AskReading:
    """A reading of one ask with one act, addressed to its person unless `to` names others."""
    return AskReading(ask=ask, to=to or (person,), act=act, confidence=1.0, qualities=qualities)


def right_act(state: WeekState, thread: str) -> Act:
    """The best act for an ask this week, by its label."""
    best = state.week.spec(thread).best
    return best.light[0] if state.week.need(thread) == "light" and best.light else best.real[0]


def right_reading(state: WeekState) -> Reading:
    """The labelled acts for every ask of the waiting event."""
    event = state.event
    if event is None:
        raise ValueError("the week has ended: no event is waiting for a reply")
    spec = state.week.events[event.kind]
    keys = threads_of(state, event)
    acts = [
        (ask.id, right_act(state, key), event.person if ask.sender == "*" else ask.sender)
        for key, ask in zip(keys, spec.asks, strict=True)
    ]
    return _said_well(event.id, *acts)


@lru_cache(maxsize=4096)
def _said_well(event_id: str, *acts: tuple[int, Act, str]) -> Reading:
    """The reading of (ask number, act, person) for every ask; weeks share most of theirs."""
    return Reading(reader="reference", asks=tuple(said(f"{event_id}/{ask}", act, who) for ask, act, who in acts))


def play(week: Week) -> WeekState:
    """The whole week with the right answers, rules only."""
    state = start(week)
    while state.end is None:
        state = decide(state, right_reading(state)).state
    return state
