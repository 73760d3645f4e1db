"""Who sits beside Arjun in the tests of both drivers: a stub that reads acts from plain words, the scripted cast."""

from __future__ import annotations

from functools import cache

from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Event
from work_life_firewall.world.luck import rng
from work_life_firewall.world.nodes import Ports
from work_life_firewall.world.ports import Stakeholder
from work_life_firewall.world.reading import ACTS, AskReading, Commitment, Qualities, Reading
from work_life_firewall.world.state import WeekState

from .weeks import recipe

QUALITIES = ("courtesy", "clarity", "reason", "alternative", "next_step", "relevance", "over_promise")


class StubReader:
    """Reads "ACT NUMBER": the act it names, with qualities drawn from the whole text."""

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """The same reading for every ask of the event but for the second one's act, which is the next in order."""
        first = ACTS.index(reply.split()[0]) if reply else ACTS.index("ignore")  # type: ignore[arg-type]
        luck = rng(0, reply, "stub")
        drawn = Qualities(**{name: luck.uniform() for name in QUALITIES}, register=luck.uniform())
        due = Moment(day=luck.index(5), minute=luck.index(1440)) if luck.uniform() < 0.5 else None
        asks = []
        for number, ask in enumerate(event.asks):
            act = ACTS[(first + number) % len(ACTS)]
            promised = (Commitment(what="it", to=ask.sender, due=due),) if due else ()
            to = ("rahul",) if act == "delegate" else (ask.sender,)
            asks.append(AskReading(ask=ask.id, to=to, act=act, confidence=1.0, commitments=promised, qualities=drawn))
        return Reading(reader="stub", asks=tuple(asks))


@cache
def coworkers() -> dict[str, Stakeholder]:
    """The scripted cast."""
    return {who: ScriptedStakeholder(persona.voice) for who, persona in recipe().personas.items()}


def stub_ports() -> Ports:
    """The stub reader and the scripted cast."""
    return Ports(StubReader(), coworkers())


def stub_reply(state: WeekState) -> str:
    """A text for the stub reader, by luck keyed by the event."""
    assert state.event is not None
    luck = rng(state.week.seed, state.event.id, "stub reply")
    return f"{luck.choice(ACTS)} {luck.index(1000)}" if luck.uniform() < 0.95 else ""
