"""The compiled world graph: CPU time of one event, read, answered, applied and scored; the direct driver beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from work import Work

from work_life_firewall.episodes.job import Setup
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.world import direct
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.engine import start
from work_life_firewall.world.event import Event
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.graph import StepGraph
from work_life_firewall.world.nodes import Ports, StepOutcome
from work_life_firewall.world.reading import Reading
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe

WEEKS = 20
EVENT_SECONDS = 0.003
Step = Callable[[WeekState, str], Awaitable[StepOutcome]]


async def _moments() -> tuple[Ports, list[tuple[WeekState, str]]]:
    """The seats, and every moment of some weeks of the careful policy: the state, and what was replied."""
    recipe = Setup().recipe()
    seated = Setup().plan(recipe, "careful")
    ports, out = Ports(seated.reader, seated.coworkers), []
    for seed in seeds("validation", WEEKS):
        state, protagonist = start(generate(recipe, seed)), seated.seats(seed).protagonist
        while state.end is None:
            reply = await protagonist.reply(observe(state))
            out.append((state, reply))
            state = (await direct.step(state, reply, ports)).state
    return ports, out


class _Fresh:
    """A reader that forgets between runs: a cached reading costs nothing and would flatter both drivers."""

    def __init__(self) -> None:
        self._reader = LocalReader()

    def forget(self) -> None:
        """Start with an empty cache."""
        self._reader = LocalReader()

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """What the local reader says."""
        return await self._reader.read(event, reply, now)


def _work(step_of: Callable[[Ports], Step], at_most: float | None) -> Work:
    seats, moments = asyncio.run(_moments())
    reader = _Fresh()
    step = step_of(Ports(reader, seats.coworkers))

    async def once() -> None:
        reader.forget()
        for state, reply in moments:
            await step(state, reply)

    return Work(run=lambda: asyncio.run(once()), units=len(moments), unit="event", at_most=at_most, repeats=5)


def bench_step_graph() -> Work:
    """The step graph over all seats, compiled once."""
    return _work(lambda ports: StepGraph(ports).step, EVENT_SECONDS)


def bench_direct() -> Work:
    """The same events through plain calls."""
    return _work(lambda ports: lambda state, reply: direct.step(state, reply, ports), None)
