"""Participants of a few lines for the tests of the loop."""

from __future__ import annotations

from collections.abc import Callable

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.seats import Seats
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Event
from work_life_firewall.world.generator import generate
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.ports import Answer, Appraisal, Turn
from work_life_firewall.world.reading import AskReading, Reading
from work_life_firewall.world.week import Week

FIRST = 100_000


def a_week(seed: int = FIRST) -> Week:
    """A canonical validation week."""
    return generate(load_recipe(), seed)


class Says:
    """Replies with whatever a function makes of the observation."""

    def __init__(self, make: Callable[[Observation], object]) -> None:
        self._make = make

    async def reply(self, obs: Observation) -> str:
        return self._make(obs)  # type: ignore[return-value]


class Accepts:
    """Reads every reply as a yes, and no reply as none."""

    name = "accepts@0"

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        act = "accept" if reply.strip() else "ignore"
        return Reading(reader=self.name, asks=tuple(AskReading(ask=a.id, act=act, confidence=1.0) for a in event.asks))


class Nods:
    """A coworker of one word."""

    async def answer(self, turn: Turn) -> Answer:
        return Answer(message="ok", appraisal=Appraisal(respect=1))


def seats(make: Callable[[Observation], object], coworker: object | None = None) -> Seats:
    """Seats with one talking protagonist and nodding coworkers."""
    people = ("priya", "rahul", "david", "sundar")
    nods = dict.fromkeys(people, coworker or Nods())
    return Seats(Says(make), Accepts(), nods, "says", dict.fromkeys(people, "nods"))  # type: ignore[arg-type]
