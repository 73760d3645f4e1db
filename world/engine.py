"""The world's one function: start a week, observe it, and apply what a reply, its reading and the answers do to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .acts import OPEN, REFUSES
from .appraisal import appraise, menu_entry
from .clock import DAY_MINUTES, WEEK_END, at_time, waking
from .passage import HOME, START, advance, off_on
from .ports import Answer, Memory, Mind
from .reading import AskReading, Reading
from .repeats import repeats
from .rules import AGAIN, RULES
from .rules.common import DEMO, LATEST_GRACE, Deed, enqueue, hurt, thread_with
from .scenario import AskSpec
from .scoring import Scores, refusal_quality, reply_note, score
from .state import Line, Queued, Thread, WeekState
from .trust import feel, remember
from .week import Week

MOST_STEPS = 40
"""Decisions after which a week is cut off as "truncated"; menus and counts keep real weeks under 25."""
ABOUT_CANONICAL = frozenset({"nudge", "favour"})
"""Follow-ups that only a canonical ask can lead to: nobody pushes twice about a push, or returns a returned favour."""
DATED = frozenset({"task", "unblock", "creep", "repair"})
"""Effects of asks that are wanted by a time."""
LINE_CHARS = 2000
"""Characters of a line kept in the state (the record keeps the whole reply)."""


class Outcome(NamedTuple):
    """What one reply led to: the state at the next event, and the ids of the events it spawned."""

    state: WeekState
    spawned: tuple[str, ...]

    @property
    def scores(self) -> Scores:
        """The scores then; computed when asked for, as search and sweeps seldom ask."""
        return score(self.state)


def start(week: Week) -> WeekState:
    """Monday 06:00, the first event at the door. The scores of this state are the same for all weeks of a scenario."""
    canonical = [spec for spec in week.recipe.scenario.events if spec.at]
    queue = tuple(
        sorted(Queued(week.times[s.kind], s.kind, s.kind, s.asks[0].sender, f"{s.kind}/1") for s in canonical)
    )
    threads = {
        f"{spec.kind}/{ask.id}": Thread(ask.sender, week.need(f"{spec.kind}/{ask.id}"))
        for spec in canonical
        for ask in spec.asks
    }
    form = sum(ask.minutes for spec in canonical for ask in spec.asks if ask.effect == "form")
    state = WeekState(
        week=week,
        at=at_time(0, 6),
        event=None,
        energy=week.recipe.tuning.monday_energy,
        backlog=week.backlog,
        done=0.0,
        minds={who: Mind(week.recipe.personas[who].initial_trust) for who in week.recipe.scenario.cast},
        threads=threads,
        queue=queue,
        form=float(form),
    )
    return _to_next(state)


def threads_of(state: WeekState, event: Queued) -> tuple[str, ...]:
    """The canonical ask (or the spawned event's own) that each ask of an event belongs to, in order."""
    spec = state.week.events[event.kind]
    if spec.at:
        return tuple(f"{event.kind}/{ask.id}" for ask in spec.asks)
    if spec.asks[0].effect == AGAIN:
        return (event.about,)
    return (f"{event.kind}/1",)


def deeds(state: WeekState, reading: Reading) -> list[Deed]:
    """What Arjun did at this event, ask by ask. Raises ValueError when no event is waiting or asks do not match."""
    event = state.event
    if event is None:
        raise ValueError("the week has ended: no event is waiting for a reply")
    spec, out = state.week.events[event.kind], []
    keys = threads_of(state, event)
    if len(reading.asks) != len(keys):
        raise ValueError(f"the reading has {len(reading.asks)} asks, event {event.id!r} has {len(keys)}")
    for key, ask, ask_reading in zip(keys, spec.asks, reading.asks, strict=True):
        person = event.person if ask.sender == "*" else ask.sender
        source = state.week.spec(key) if ask.effect == AGAIN else ask
        out.append(Deed(key, source, person, state.week.need(key), _as_it_counts(ask_reading, source, event), event))
    return out


def _as_it_counts(reading: AskReading, spec: AskSpec, event: Queued) -> AskReading:
    """A yes that moves the date well past what was wanted is a deferral, whatever it calls itself."""
    if reading.act != "accept" or spec.effect not in DATED or not reading.commitments:
        return reading
    due = next((c.due for c in reading.commitments if c.due is not None), None)
    late = due is not None and due.at > min(event.at + spec.due_minutes, DEMO) + LATEST_GRACE
    return reading.model_copy(update={"act": "defer"}) if late else reading


def apply(state: WeekState, reading: Reading, answers: Mapping[str, Answer], reply: str = "") -> Outcome:
    """Apply one reply: threads and rules, minds and follow-ups, then time until the next event or the end.

    Raises ValueError when no event is waiting or the reading does not fit it.
    """
    return carry_out(state, deeds(state, reading), answers, reply)


def carry_out(state: WeekState, todo: list[Deed], answers: Mapping[str, Answer], reply: str) -> Outcome:
    """The same for a reply whose deeds are known already."""
    before = set(_ids(state))
    count = repeats(reply, state.log)
    busy = START <= state.at % DAY_MINUTES < HOME and not off_on(state, state.at // DAY_MINUTES)
    if busy and any(deed.reading.act != "ignore" for deed in todo):
        state = state.but(owed=state.owed + state.week.recipe.tuning.reply_minutes)
    for deed in todo:
        state = _answer_thread(state, deed, count)
        state = RULES[deed.spec.effect](state, deed)
    for deed in todo:
        if deed.person in answers:
            state = _hear(state, deed, answers[deed.person], reply)
    state = _to_next(state.but(event=None, step=state.step + 1))
    return Outcome(state, tuple(i for i in _ids(state) if i not in before))


def _ids(state: WeekState) -> list[str]:
    return [q.id for q in state.queue] + ([state.event.id] if state.event else [])


def _answer_thread(state: WeekState, deed: Deed, count: int) -> WeekState:
    """Note the answer in its thread: the first one that is not a question is what counts for boundaries."""
    parent = deed.event.about if deed.thread not in state.threads else deed.thread
    thread = state.threads.get(parent)
    if thread is None:
        return state
    notes = (*thread.notes, reply_note(deed.reading, deed, count))
    if parent != deed.thread:
        return thread_with(state, parent, notes=notes)
    changes: dict[str, object] = {"notes": notes, "rounds": thread.rounds + 1}
    if thread.first_act is None and deed.reading.act not in OPEN:
        changes["first_act"] = deed.reading.act
        changes["first_quality"] = refusal_quality(deed.reading) if deed.reading.act in REFUSES else 0.0
    return thread_with(state, parent, **changes)


def _hear(state: WeekState, deed: Deed, answer: Answer, reply: str) -> WeekState:
    """A stakeholder's answer: its mind by its own law, its words into the log, its follow-up into the queue."""
    persona = state.week.recipe.personas[deed.person]
    mind = feel(state.minds[deed.person], answer.appraisal, persona, state.week.recipe.tuning)
    mind = remember(mind, Memory(deed.event.id, state.at, deed.reading.act, deed.spec.topic))
    lines = [Line("arjun", deed.person, state.at, reply[:LINE_CHARS])] if reply else []
    if answer.message:
        lines.append(Line(deed.person, deed.person, state.at, answer.message[:LINE_CHARS]))
    state = state.but(minds={**state.minds, deed.person: mind}, log=(*state.log, *lines))
    entry = menu_entry(persona, answer.follow_up) if answer.follow_up else None
    if entry is None:
        return state
    if entry.event in ABOUT_CANONICAL and deed.thread not in state.threads:
        return state
    return enqueue(
        state, waking(state.at + entry.after_minutes), entry.event, deed.person, deed.thread, answer.wording or ""
    )


def _to_next(state: WeekState) -> WeekState:
    """Let time pass to the next event, or to the end of the week."""
    while state.end is None:
        if state.step >= MOST_STEPS:
            return close(state, "truncated")
        if state.queue and state.queue[0].at <= state.at:
            return state.but(event=state.queue[0], queue=state.queue[1:])
        if state.at >= WEEK_END:
            return close(state, "friday")
        state = advance(state, min(state.queue[0].at, WEEK_END) if state.queue else WEEK_END)
    return close(state, state.end)


def close(state: WeekState, end: str) -> WeekState:
    """Close the week as at Friday: open promises break, what was never answered is held against him."""
    tuning = state.week.recipe.tuning
    for entry in state.promises:
        if entry.status == "open":
            state = hurt(state, entry.to, tuning.broken)
            if state.week.need(entry.thread) == "real":
                state = thread_with(state, entry.thread, unmet=True)
    broken = tuple(p._replace(status="broken") if p.status == "open" else p for p in state.promises)
    state = state.but(promises=broken, end=end)
    for key, thread in state.threads.items():
        if thread.rounds == 0:
            persona = state.week.recipe.personas[thread.person]
            nothing = AskReading(ask=key, act="ignore", confidence=1.0)
            mind = state.minds[thread.person]
            mind = feel(mind, appraise(nothing, "light", mind), persona, tuning)
            state = state.but(minds={**state.minds, thread.person: mind})
            if thread.need == "real":
                state = thread_with(state, key, unmet=True)
    missing = 5 - len(state.evenings)
    return state.but(evenings=(*state.evenings, *(state.energy,) * missing)) if missing > 0 else state
