"""Weeks and readings for the tests of the world: rules only, no text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from work_life_firewall.config import load_recipe
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.engine import Outcome, deeds, start, threads_of
from work_life_firewall.world.fast import decide
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reading import ACTS, Act, Commitment, Qualities, Reading
from work_life_firewall.world.reference import GOOD, right_act, said
from work_life_firewall.world.rules import RULES
from work_life_firewall.world.rules.common import Deed
from work_life_firewall.world.scenario import Split
from work_life_firewall.world.state import Queued, WeekState
from work_life_firewall.world.week import Recipe, Week

Choose = Callable[[WeekState, str], Act]
"""(state, thread) -> act: a way to play a week."""


@cache
def recipe() -> Recipe:
    """The shipped recipe."""
    return load_recipe()


@cache
def week(number: int = 0, split: Split = "validation") -> Week:
    """The number-th week of a split."""
    return generate(recipe(), seeds(split, 1, number)[0])


def weeks(count: int, split: Split = "validation") -> list[Week]:
    """The first weeks of a split."""
    return [week(number, split) for number in range(count)]


def week_with(**facts: str) -> Week:
    """The first training week with these facts."""
    return next(w for w in (week(n, "train") for n in range(500)) if facts.items() <= w.facts.items())


def right(state: WeekState, thread: str) -> Act:
    """The labelled act."""
    return right_act(state, thread)


def always(act: Act) -> Choose:
    """One act, whatever is asked."""
    return lambda state, thread: act


def at_random(state: WeekState, thread: str) -> Act:
    """Any act, by luck keyed by the event."""
    assert state.event is not None
    return rng(state.week.seed, state.event.id + thread, "test").choice(ACTS)


def reading(state: WeekState, choose: Choose | Act, qualities: Qualities = GOOD, due: Moment | None = None) -> Reading:
    """A reading of a reply to the waiting event."""
    event = state.event
    assert event is not None
    pick = choose if callable(choose) else always(choose)
    asks = []
    for key, ask in zip(threads_of(state, event), state.week.events[event.kind].asks, strict=True):
        person = event.person if ask.sender == "*" else ask.sender
        one = said(f"{event.id}/{ask.id}", pick(state, key), person, qualities)
        promised = (Commitment(what="it", to=person, due=due),) if due else ()
        asks.append(one.model_copy(update={"commitments": promised}))
    return Reading(reader="test", asks=tuple(asks))


def answer(state: WeekState, choose: Choose | Act, qualities: Qualities = GOOD) -> Outcome:
    """What an answer to the waiting event leads to."""
    return decide(state, reading(state, choose, qualities))


def play(week: Week, choose: Choose | Act = right, until: str | None = None) -> WeekState:
    """Play to the end of the week, or until an event of a kind waits for its answer."""
    state = start(week)
    while state.end is None and (until is None or state.event is None or state.event.kind != until):
        state = answer(state, choose).state
    return state


def facing(week: Week, kind: str, at: int, person: str = "", about: str = "") -> WeekState:
    """A state in which an event of a kind has just come, with nothing else on its way."""
    state = start(week)
    person = person or week.events[kind].asks[0].sender
    known = kind if week.events[kind].at else f"{kind}#1"
    return state.but(at=at, queue=(), event=Queued(at, known, kind, person, about or f"{kind}/1"))


def deed(state: WeekState, act: Act, number: int = 1, to: tuple[str, ...] = (), due: Moment | None = None) -> Deed:
    """What one act means to the number-th ask of the waiting event."""
    made = deeds(state, reading(state, act, due=due))[number - 1]
    return made._replace(reading=made.reading.model_copy(update={"to": to})) if to else made


def do(state: WeekState, act: Act, number: int = 1, to: tuple[str, ...] = (), due: Moment | None = None) -> WeekState:
    """Only the rule of one ask: no answers, no time."""
    made = deed(state, act, number, to, due)
    return RULES[made.spec.effect](state, made)


def trust(state: WeekState, who: str) -> float:
    """One person's trust."""
    return state.minds[who].trust


def in_range(state: WeekState) -> None:
    """Assert that every quantity of a state is where it must be."""
    for value in (state.energy, *state.evenings, *(mind.trust for mind in state.minds.values())):
        assert 0.0 <= value <= 1.0
    for minutes in (state.backlog, state.done, state.form, state.owed, state.short, *(p.left for p in state.promises)):
        assert minutes >= 0.0
    for thread in state.threads.values():
        assert all(0.0 <= note <= 1.0 for note in (*thread.notes, thread.first_quality))
