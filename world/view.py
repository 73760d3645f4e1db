"""What is visible from a seat: Arjun's observation, and one person's view. Hidden facts stay here."""

from __future__ import annotations

from .clock import DAY_MINUTES, at_time, moment
from .event import Ask, Event
from .observation import CalendarEntry, EnergyBand, Observation, SelfView, ThreadLine
from .passage import FOCUS, HOME, STANDUP_END, START, off_on
from .ports import Turn, Visible
from .reading import AskReading
from .rules.common import DEMO, Deed
from .state import Line, WeekState
from .wording import words

THREAD_LINES = 8
"""Earlier lines shown with an event, newest kept."""


def energy_band(energy: float) -> EnergyBand:
    """How rested he feels: fresh from 0.75, ok from 0.5, tired from 0.3, drained below."""
    if energy >= 0.75:
        return "fresh"
    if energy >= 0.5:
        return "ok"
    return "tired" if energy >= 0.3 else "drained"


def event_of(state: WeekState) -> Event:
    """The waiting event in words. Raises ValueError when the week has ended."""
    queued = state.event
    if queued is None:
        raise ValueError("the week has ended: no event is waiting for a reply")
    spec = state.week.events[queued.kind]
    subject, body = words(state.week, queued)
    asks = tuple(
        Ask(id=f"{queued.id}/{ask.id}", sender=queued.person if ask.sender == "*" else ask.sender) for ask in spec.asks
    )
    return Event(
        id=queued.id, source=spec.source, sender=spec.sender or queued.person, subject=subject, body=body, asks=asks
    )


def observe(state: WeekState) -> Observation:
    """What Arjun sees at the waiting event. Raises ValueError when the week has ended."""
    event = event_of(state)
    people = {ask.sender for ask in event.asks}
    now = moment(state.at)
    return Observation(
        episode_id=state.week.episode_id,
        step=state.step,
        day=now.day,
        minute=now.minute,
        event=event,
        thread=tuple(_line(line) for line in _unique(state.log, people)[-THREAD_LINES:]),
        calendar=_calendar(state),
        self=_self_view(state),
    )


def _unique(log: tuple[Line, ...], people: set[str]) -> list[Line]:
    """The lines of some people's conversations; one reply to two of them is one line."""
    out: list[Line] = []
    for line in log:
        if line.other in people and not (out and line.who == "arjun" and _same(out, line)):
            out.append(line)
    return out


def _same(lines: list[Line], line: Line) -> bool:
    return any(o.who == "arjun" and o.at == line.at and o.text == line.text for o in lines[-3:])


def _line(line: Line) -> ThreadLine:
    when = moment(line.at)
    return ThreadLine(who=line.who, day=when.day, minute=when.minute, text=line.text)


def _self_view(state: WeekState) -> SelfView:
    return SelfView(
        energy_band=energy_band(state.energy),
        focus_minutes_left=_focus_left(state),
        sprint_minutes_left=max(round(state.backlog - state.done), 0),
        appraisal_minutes_left=round(state.form),
        staging_up=state.restored >= 0,
        leave=state.leave,
    )


def _focus_left(state: WeekState) -> int:
    """Office minutes until the demo that no promise and no debt has taken."""
    total = 0.0
    for day in range(state.at // DAY_MINUTES, 5):
        for start, stop in FOCUS if not off_on(state, day) else ():
            low, high = max(day * DAY_MINUTES + start, state.at), min(day * DAY_MINUTES + stop, DEMO)
            total += max(high - low, 0)
    taken = state.owed + sum(p.left for p in state.promises if p.status == "open")
    return max(round(total - taken), 0)


def _calendar(state: WeekState) -> tuple[CalendarEntry, ...]:
    """Today's and coming blocks: stand-ups, promises by due time, nights on call, late calls, the day off, the demo."""
    blocks: list[tuple[int, int, str, bool]] = [(DEMO, DEMO + 60, "sprint demo", False)]
    today = state.at // DAY_MINUTES
    if not off_on(state, today):
        blocks.append((today * DAY_MINUTES + START, today * DAY_MINUTES + STANDUP_END, "team stand-up and sync", False))
    for entry in state.promises:
        if entry.status == "open":
            begin = max(entry.due - round(entry.left), state.at)
            blocks.append((begin, max(entry.due, begin), f"{entry.what} (promised to {entry.to})", True))
    blocks += [((d * DAY_MINUTES) + HOME, (d + 1) * DAY_MINUTES + 420, "on call", False) for d in state.nights]
    blocks += [(at_time(d, 22, 30), at_time(d, 23, 15), "22:30 standup", False) for d in state.calls]
    if state.leave == "granted":
        blocks.append((at_time(3, 10), at_time(3, 18, 30), "leave (family wedding)", False))
    return tuple(
        CalendarEntry(start=moment(a), end=moment(b), what=what, movable=movable)
        for a, b, what, movable in sorted(blocks)
        if b >= state.at
    )


def turn_of(state: WeekState, event: Event, deed: Deed, reading: AskReading, reply: str) -> Turn:
    """One person's turn: its own thread, its own need, its own mind; nothing of the others."""
    lines = [line for line in state.log if line.other == deed.person]
    thread = state.threads.get(deed.thread)
    visible = Visible(
        seed=state.week.seed,
        at=state.at,
        need=deed.need,
        round=thread.rounds if thread else 0,
        thread=tuple(_line(line) for line in lines[-THREAD_LINES:]),
        used=tuple(line.text for line in lines if line.who != "arjun"),
        topic=deed.spec.topic,
        what=deed.spec.what,
    )
    persona = state.week.recipe.personas[deed.person]
    return Turn(persona, state.minds[deed.person], event, reading, reply, visible)
