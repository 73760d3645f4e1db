"""What Arjun sees at one event: all that a protagonist may know, and nothing hidden."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from .clock import Moment
from .event import Event
from .frozen import Frozen

EnergyBand = Literal["fresh", "ok", "tired", "drained"]
LeaveStatus = Literal["pending", "granted", "refused"]


class ThreadLine(Frozen):
    """One earlier line of the conversation with the people of this event; `who` is a person id or "arjun"."""

    who: str
    day: int
    minute: int
    text: str


class CalendarEntry(Frozen):
    """A block of Arjun's calendar. `movable` is true for his own promises, false for meetings and nights on call."""

    start: Moment
    end: Moment
    what: str
    movable: bool


class SelfView(Frozen):
    """Arjun's own state as he would feel and see it; minutes are of focused work."""

    energy_band: EnergyBand
    focus_minutes_left: int
    sprint_minutes_left: int
    appraisal_minutes_left: int
    staging_up: bool
    leave: LeaveStatus


class Observation(Frozen):
    """One decision: the event, the conversation so far with its people, the calendar ahead, and Arjun himself."""

    episode_id: str
    step: int
    day: int
    minute: int
    event: Event
    thread: tuple[ThreadLine, ...] = ()
    calendar: tuple[CalendarEntry, ...] = ()
    self_: SelfView = Field(alias="self")
