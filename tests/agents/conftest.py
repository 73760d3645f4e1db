"""Observations by hand, so that no test of a seat depends on the world's dynamics."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Ask, Event
from work_life_firewall.world.observation import CalendarEntry, EnergyBand, Observation, SelfView, ThreadLine

SENDERS = {
    "staging": ("pagerduty", ("rahul",)),
    "slack_pair": ("slack", ("priya", "rahul")),
    "client_mail": ("mail", ("david",)),
    "leave": ("mail", ("sundar",)),
    "appraisal": ("portal", ("sundar",)),
    "oncall_swap": ("slack", ("rahul",)),
    "late_standup": ("calendar", ("david",)),
    "pager_night": ("pagerduty", ("rahul",)),
    "scope_creep": ("mail", ("david",)),
}

Observe = Callable[..., Observation]


@pytest.fixture
def observe() -> Observe:
    """Make an observation: `observe(event_id, body, thread=((who, text),), week=..., day=..., minute=...)`."""
    return _observation


def _observation(
    event_id: str,
    body: str = "Could you please help me with this today?",
    *,
    thread: tuple[tuple[str, str], ...] = (),
    week: str = "train-7",
    step: int = 3,
    day: int = 1,
    minute: int = 660,
    feels: EnergyBand = "ok",
    on_call: bool = False,
) -> Observation:
    kind = event_id.partition("#")[0].partition("@")[0]
    person = event_id.partition("@")[2].partition("#")[0]
    source, senders = SENDERS.get(kind, ("slack", (person or "sundar",)))
    night = CalendarEntry(start=Moment(day=0, minute=0), end=Moment(day=4, minute=1439), what="on call", movable=False)
    me = SelfView(
        energy_band=feels,
        focus_minutes_left=900,
        sprint_minutes_left=700,
        appraisal_minutes_left=90,
        staging_up=True,
        leave="pending",
    )
    event = Event(
        id=event_id,
        source=source,
        sender="PagerDuty" if source == "pagerduty" else senders[0],
        subject="A subject",
        body=body,
        asks=tuple(Ask(id=f"{event_id}/{n}", sender=who) for n, who in enumerate(senders, 1)),
    )
    lines = tuple(ThreadLine(who=who, day=0, minute=600, text=text) for who, text in thread)
    values = {
        "episode_id": week,
        "step": step,
        "day": day,
        "minute": minute,
        "event": event,
        "thread": lines,
        "self": me,
    }
    return Observation.model_validate({**values, "calendar": (night,) if on_call else ()})
