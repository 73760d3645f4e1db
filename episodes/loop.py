"""The one episode loop: observe, reply, read, answer, apply, record. Everybody's weeks run through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Literal

from ..agents.chat.ledger import episode
from ..agents.human import Quit
from ..agents.llm import LLMProtagonist
from ..agents.oracle import SeesState
from ..config import ConfigError
from ..world import direct
from ..world.nodes import Ports
from ..world.week import Week
from .record import StepRecord, WeekRecord
from .seats import SeatPlan, Seats
from .session import Driver, Session

DriverName = Literal["direct", "graph"]
OnStep = Callable[[StepRecord], None]


def make_driver(name: DriverName, seats: Seats | SeatPlan) -> Driver:
    """How a reply travels: plain calls of the node functions, or the compiled LangGraph (costly to build: share it)."""
    ports = Ports(seats.reader, seats.coworkers)
    if name == "graph":
        from ..world.graph import StepGraph  # langgraph takes a second to import

        return StepGraph(ports).step
    return lambda state, reply: direct.step(state, reply, ports)


def run_week(
    week: Week, seats: Seats, driver: DriverName | Driver = "direct", on_step: OnStep | None = None
) -> WeekRecord:
    """Play one week to its end, as `run_week_async` does; for callers that have no event loop of their own."""
    return asyncio.run(run_week_async(week, seats, driver, on_step))


async def run_week_async(
    week: Week, seats: Seats, driver: DriverName | Driver = "direct", on_step: OnStep | None = None
) -> WeekRecord:
    """Play one week to its end and return its record; `on_step` hears of every step as it is recorded.

    A participant that raises ends the week as "error", with what happened in the record: a failed week is data. A
    person who leaves ends it as "truncated". Raises ConfigError only, as no week can go on with a broken file.
    """
    session = Session(week, seats, driver if callable(driver) else make_driver(driver, seats))
    seer = seats.protagonist if isinstance(seats.protagonist, SeesState) else None
    while not session.over:
        try:
            with episode(week.episode_id):
                record = await _one_step(session, seats, seer)
        except Quit:
            session.leave()
        except ConfigError:
            raise
        except Exception as failure:  # whatever a participant raises is the week's record, not the run's crash
            session.fail(failure)
        else:
            if on_step is not None:
                on_step(record)
    return session.record()


async def _one_step(session: Session, seats: Seats, seer: SeesState | None) -> StepRecord:
    """One decision: what Arjun sees, what he writes, and what comes of it; `seer` is the protagonist if shown all."""
    observation = session.observe()
    if seer is not None:
        seer.see(session.state)
    reply = await seats.protagonist.reply(observation)
    faults = seats.protagonist.take_faults() if isinstance(seats.protagonist, LLMProtagonist) else ()
    return await session.play(reply, faults)
