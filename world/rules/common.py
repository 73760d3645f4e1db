"""What every rule is given and the few changes they share: promise, rework, hurt, enqueue."""

from __future__ import annotations

from typing import NamedTuple

from ..acts import REFUSES, TAKES
from ..clock import DAY_MINUTES, at_time
from ..ports import PromiseNote
from ..reading import Act, AskReading
from ..scenario import AskSpec, Need
from ..state import Promise, Queued, Thread, WeekState

DEMO = at_time(4, 16)
"""Friday 16:00, the sprint demo."""
THURSDAY = 3
"""The day of the wedding; a granted leave moves what would reach him then to Friday."""
LATEST_GRACE = 480
"""A promised time up to this many minutes after the wanted one still counts as taking the ask on."""


MILDER: frozenset[Act] = frozenset({"counter", "defer", "escalate"})
"""Refusals that still bring some help, or bring it later."""


class Deed(NamedTuple):
    """What Arjun did about one ask: the reading, whose need it was and how real, and where it stands."""

    thread: str
    spec: AskSpec
    person: str
    need: Need
    reading: AskReading
    event: Queued

    @property
    def takes(self) -> bool:
        """Whether he takes it on."""
        return self.reading.act in TAKES

    @property
    def refuses(self) -> bool:
        """Whether he refuses, however kindly."""
        return self.reading.act in REFUSES

    @property
    def minutes(self) -> float:
        """The work of taking it on, by how real the need is."""
        light = self.spec.light_minutes
        return self.spec.minutes if self.need == "real" or light is None else light


def promise(state: WeekState, deed: Deed, minutes: float, what: str | None = None) -> WeekState:
    """Enter a commitment: due when he said (within reason, before the demo), else when it was wanted."""
    wanted = min(deed.event.at + deed.spec.due_minutes, DEMO)
    said = [c.due.at for c in deed.reading.commitments if c.due is not None and c.due.at > deed.event.at]
    due = min(said[0], wanted + LATEST_GRACE, DEMO) if said else wanted
    entry = Promise(deed.thread, deed.person, what or deed.spec.what, due, minutes)
    mind = state.minds[deed.person]
    mind = mind._replace(promises=(*mind.promises, PromiseNote(entry.what, due, "open")))
    return state._replace(promises=(*state.promises, entry), minds={**state.minds, deed.person: mind})


def thread_with(state: WeekState, thread: str, **changes: object) -> WeekState:
    """The state with some fields of one thread changed; an unknown thread (a spawned one) changes nothing."""
    if thread not in state.threads:
        return state
    return state.but(threads={**state.threads, thread: state.threads[thread]._replace(**changes)})


def set_trust(state: WeekState, person: str, trust: float) -> WeekState:
    """The state with one person's trust set, kept in 0..1."""
    mind = state.minds[person]._replace(trust=min(max(trust, 0.0), 1.0))
    return state.but(minds={**state.minds, person: mind})


def hurt(state: WeekState, person: str, by: float) -> WeekState:
    """Lower one person's trust (`by` > 0)."""
    return set_trust(state, person, state.minds[person].trust - by)


def lift(state: WeekState, person: str, by: float) -> WeekState:
    """Raise one person's trust with diminishing returns: by x (1 - trust)."""
    trust = state.minds[person].trust
    return set_trust(state, person, trust + by * (1.0 - trust))


def meet(state: WeekState, deed: Deed) -> WeekState:
    """A real need is taken on: remembered, once."""
    thread = state.threads.get(deed.thread)
    if deed.need != "real" or thread is None or thread.met:
        return state
    return lift(thread_with(state, deed.thread, met=True, unmet=False), deed.person, state.week.recipe.tuning.helped)


def overlooked(state: WeekState, deed: Deed) -> WeekState:
    """A real need is refused: not forgotten, less so the second time; nothing more after that."""
    tuning = state.week.recipe.tuning
    thread: Thread | None = state.threads.get(deed.thread)
    if thread is None or thread.met or thread.refusals >= 2:
        return state
    state = hurt(state, deed.person, tuning.unmet_again if thread.refusals else tuning.unmet_first)
    return thread_with(state, deed.thread, unmet=True, refusals=thread.refusals + 1)


def refuse_real(state: WeekState, deed: Deed, milder: frozenset[Act] = MILDER) -> WeekState:
    """A real need is refused: not forgotten, and half of the rework comes back each round, less after a milder no."""
    tuning = state.week.recipe.tuning
    after = overlooked(state, deed)
    if after is state:
        return state
    share = (tuning.partial_harm if deed.reading.act in milder else 1.0) * tuning.rework_round
    return after._replace(backlog=after.backlog + tuning.rework_minutes * share)


def refuse(state: WeekState, deed: Deed) -> WeekState:
    """What a no costs: rework when the need was real, a short note when it was not and something was offered."""
    if deed.need == "real":
        return refuse_real(state, deed)
    if deed.reading.act in ("counter", "defer"):
        return state._replace(owed=state.owed + state.week.recipe.tuning.alternative_minutes)
    return state


def enqueue(state: WeekState, at: int, kind: str, person: str = "", about: str = "", wording: str = "") -> WeekState:
    """Queue a spawned event, unless its kind has come often enough this week (`most`) or nothing can follow.

    It comes from `person`, by default from whom the scenario names as its sender.
    """
    count = state.counts.get(kind, 0)
    spec = state.week.events.get(kind)
    if spec is None or count >= spec.most or at >= DEMO + 60 or state.end is not None:
        return state
    if state.leave == "granted" and at // DAY_MINUTES == THURSDAY:
        at += DAY_MINUTES
    person = person or spec.asks[0].sender
    shared = any(ask.sender == "*" for ask in spec.asks)
    event_id = f"{kind}@{person}#{count + 1}" if shared else f"{kind}#{count + 1}"
    entry = Queued(at, event_id, kind, person, about, wording)
    queue = tuple(sorted((*state.queue, entry)))
    return state._replace(queue=queue, counts={**state.counts, kind: count + 1})
