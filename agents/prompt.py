"""The observation as text, as a person or a model sees it: everything in it, or the gist of it; nothing else."""

from __future__ import annotations

from ..world.clock import Moment, label
from ..world.observation import CalendarEntry, Observation, SelfView, ThreadLine
from .scene import count_of, first_name

ARJUN = "arjun"
NIGHTS = ("on call", "22:30 standup")
SAID_WORDS = 20
"""Words kept of each earlier text in the compact form."""
HOURS = 60
FEELS = {"fresh": "rested", "ok": "all right", "tired": "tired", "drained": "drained, close to burn-out"}


def header(obs: Observation) -> str:
    """Time and channel in one line: "Mon 10:50 - slack from Priya"."""
    return f"{label(_at(obs.day, obs.minute))} - {obs.event.source} from {first_name(obs.event.sender)}"


def render(obs: Observation) -> str:
    """The whole observation as text with blank lines between its parts."""
    event = obs.event
    asked = [f"{number}. {first_name(ask.sender)} ({ask.id})" for number, ask in enumerate(event.asks, 1)]
    parts = [
        f"{header(obs)} (week {obs.episode_id}, decision {obs.step + 1}, event {event.id})",
        f"Subject: {event.subject}\n{event.body}",
        "Waiting for your answer: " + ", ".join(asked),
    ]
    if obs.thread:
        parts.append("Earlier in this conversation:\n" + "\n".join(_said(line) for line in obs.thread))
    parts.append("Calendar:\n" + ("\n".join(_entry(entry) for entry in obs.calendar) or "nothing entered"))
    parts.append(_self(obs.self_))
    return "\n\n".join(parts)


def compact(obs: Observation) -> str:
    """The observation in about 100-170 tokens, for a small model: the gist of everything but the event, then the event.

    Of the conversation the last exchange, each side cut to `SAID_WORDS`, and only where the event follows from what was
    said; of the calendar only what is special.
    """
    event = obs.event
    lines = [header(obs), _gist(obs.self_), *_dates(obs), *_exchange(obs), f"Subject: {event.subject}", event.body]
    return "\n".join(lines)


def _gist(me: SelfView) -> str:
    free, work = round(me.focus_minutes_left / HOURS), round(me.sprint_minutes_left / HOURS)
    staging = "up" if me.staging_up else "down"
    form = "open" if me.appraisal_minutes_left > 0 else "done"
    return f"{me.energy_band}; {free} h free, {work} h sprint; staging {staging}; form {form}; leave {me.leave}"


def _dates(obs: Observation) -> list[str]:
    """On call, late calls, and promises with their due times, in one line; meetings of every week are left out."""
    own = [f"{entry.what} {label(entry.end.at)}" for entry in obs.calendar if entry.movable]
    nights = [f"{entry.what} {label(entry.start.at)[:3]}" for entry in obs.calendar if entry.what in NIGHTS]
    return ["; ".join([*nights, *own])] if own or nights else []


def _exchange(obs: Observation) -> list[str]:
    """What he last said to these people and the answer to it, where the event comes back to something said."""
    last = max((place for place, line in enumerate(obs.thread) if line.who == ARJUN), default=None)
    if last is None or not count_of(obs.event.id):
        return []
    people = {first_name(ask.sender) for ask in obs.event.asks}
    said = obs.thread[last]
    answer = next((line for line in obs.thread[last + 1 :] if line.who != ARJUN), None)
    lines = [f"{label(_at(said.day, said.minute))} I said: {_cut(_to(said.text, people))}"]
    return lines if answer is None else [*lines, f"{first_name(answer.who)}: {_cut(answer.text)}"]


def _to(text: str, people: set[str]) -> str:
    """Of a reply to several, the lines that name one of these people; all of it when none does."""
    own = [line for line in text.splitlines() if line.partition(":")[0] in people]
    return " ".join(own) if own else text


def _cut(text: str) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= SAID_WORDS else " ".join(words[:SAID_WORDS]) + " ..."


def _at(day: int, minute: int) -> int:
    return Moment(day=day, minute=minute).at


def _said(line: ThreadLine) -> str:
    return f"[{label(_at(line.day, line.minute))}] {first_name(line.who)}: {line.text}"


def _entry(entry: CalendarEntry) -> str:
    fixed = "movable" if entry.movable else "fixed"
    return f"{label(entry.start.at)} to {label(entry.end.at)}: {entry.what} ({fixed})"


def _self(me: SelfView) -> str:
    staging = "up" if me.staging_up else "down"
    return (
        f"You feel {FEELS[me.energy_band]} ({me.energy_band}). Focused work left until the demo: "
        f"{me.focus_minutes_left} min free, {me.sprint_minutes_left} min of sprint work open. "
        f"Self-appraisal form: {me.appraisal_minutes_left} min left. Staging is {staging}. "
        f"Thursday's leave: {me.leave}."
    )
