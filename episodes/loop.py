"""The one episode loop: observe, reply, read, answer, apply, record. Everybody's weeks run through it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal, NamedTuple

from ..agents.human import Quit
from ..agents.oracle import SeesState
from ..config import ConfigError
from ..world import direct
from ..world.engine import close, start
from ..world.nodes import Ports, StepOutcome
from ..world.scoring import score
from ..world.state import WeekState
from ..world.view import observe
from ..world.week import Week
from .canaries import canaries
from .record import End, Start, StepRecord, WeekRecord
from .seats import Seats
from .versions import persona_marks, versions

DriverName = Literal["direct", "graph"]
Driver = Callable[[WeekState, str], Awaitable[StepOutcome]]
OnStep = Callable[[StepRecord], None]
EVENINGS = 5


def make_driver(name: DriverName, seats: Seats) -> Driver:
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
    step = driver if callable(driver) else make_driver(driver, seats)
    state = start(week)
    opening = state
    steps: list[StepRecord] = []
    stopped: _Stopped | None = None
    while state.end is None and stopped is None:
        try:
            state, record = await _one_step(state, seats, step)
        except Quit:
            stopped = _Stopped("truncated", None)
            state = close(state, "truncated")
            steps = _closed(steps, state)
        except ConfigError:
            raise
        except Exception as failure:  # whatever a participant raises is the week's record, not the run's crash
            stopped = _Stopped("error", _told(state, failure))
        else:
            steps.append(record)
            if on_step is not None:
                on_step(record)
    return _record(opening, state, tuple(steps), seats, stopped)


def _closed(steps: list[StepRecord], state: WeekState) -> list[StepRecord]:
    """The steps of a week that was left: what the early close costs is part of the last reward."""
    if not steps:
        return steps
    last, scores = steps[-1], score(state)
    update = {"scores": scores._asdict(), "total": scores.total, "reward": last.reward + scores.total - last.total}
    return [*steps[:-1], last.model_copy(update=update)]


class _Stopped(NamedTuple):
    end: End
    error: str | None


async def _one_step(state: WeekState, seats: Seats, step: Driver) -> tuple[WeekState, StepRecord]:
    """One decision: what Arjun sees, what he writes, and what comes of it."""
    observation = observe(state)
    if isinstance(seats.protagonist, SeesState):
        seats.protagonist.see(state)
    reply = _clean(await seats.protagonist.reply(observation))
    before = score(state).total
    outcome = await step(state, reply)
    answers = dict(outcome.answers)
    record = StepRecord(
        event=observation.event.id,
        observation=observation,
        reply=reply,
        reading=outcome.reading,
        answers=answers,
        deltas={path: (change[0], change[1]) for path, change in outcome.deltas.items()},
        spawned=tuple(outcome.spawned),
        scores=outcome.scores._asdict(),
        total=outcome.scores.total,
        reward=outcome.scores.total - before,
        canaries=canaries(reply),
        faults=tuple(fault for answer in answers.values() for fault in answer.faults),
    )
    return outcome.state, record


def _clean(reply: object) -> str:
    """The reply as text that can be written as UTF-8. Raises TypeError when it is no text."""
    if not isinstance(reply, str):
        raise TypeError(f"a reply must be text, not {type(reply).__name__}")
    return reply.encode("utf-8", "replace").decode()


def _told(state: WeekState, failure: Exception) -> str:
    """What stopped a week, in one line: at which event, and why."""
    event = state.event.id if state.event else "?"
    return f"at {event}: {type(failure).__name__}: {' '.join(str(failure).split())[:300]}"


def _record(
    opening: WeekState, state: WeekState, steps: tuple[StepRecord, ...], seats: Seats, stopped: _Stopped | None
) -> WeekRecord:
    week, scores = state.week, score(state)
    return WeekRecord(
        episode_id=week.episode_id,
        seed=week.seed,
        split=week.split,
        scenario=week.recipe.scenario.id,
        facts=dict(week.facts),
        policy=seats.policy,
        personas=persona_marks(week.recipe),
        coworkers=dict(seats.specs),
        versions=versions(week.recipe, seats.reader),
        start=Start(state=opening.to_json(), scores=score(opening)._asdict()),
        steps=steps,
        unreached=_unreached(state, steps),
        end=stopped.end if stopped else _end(state),
        evenings=_evenings(state),
        scores=scores._asdict(),
        total=scores.total,
        error=stopped.error if stopped else None,
    )


def _end(state: WeekState) -> End:
    return "burnout" if state.end == "burnout" else "truncated" if state.end == "truncated" else "friday"


def _evenings(state: WeekState) -> tuple[float, ...]:
    """Energy on the five evenings; evenings that never came hold the last value."""
    missing = EVENINGS - len(state.evenings)
    return (*state.evenings, *[state.energy] * missing)


def _unreached(state: WeekState, steps: tuple[StepRecord, ...]) -> tuple[str, ...]:
    """Events of the week that were never answered: canonical ones, the one on the table, and those still queued."""
    answered = {step.event for step in steps}
    canonical = sorted(state.week.times, key=lambda kind: state.week.times[kind])
    waiting = [state.event.id] if state.event else []
    every = [*canonical, *waiting, *(entry.id for entry in state.queue)]
    return tuple(dict.fromkeys(event for event in every if event not in answered))
