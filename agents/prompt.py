"""The observation as text, as a person or a model sees it: everything in it, and nothing else."""

from __future__ import annotations

from ..world.clock import Moment, label
from ..world.observation import CalendarEntry, Observation, SelfView, ThreadLine
from .scene import first_name

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
