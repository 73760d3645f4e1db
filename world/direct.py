"""The direct driver: the node functions one after the other, for training, sweeps and tests. Knows no LangGraph."""

from __future__ import annotations

import asyncio

from .nodes import Ports, StepOutcome, conclude, coworker, read, route, settle, turns
from .state import WeekState


async def step(state: WeekState, reply: str, ports: Ports) -> StepOutcome:
    """Play one reply. Coworkers answer side by side when there are several."""
    event = route(state)
    reading = await read(ports, state, event, reply)
    waiting = turns(state, event, reading, reply)
    if len(waiting) == 1:
        answers = [await coworker(ports, turn) for turn in waiting.values()]
    else:
        answers = await asyncio.gather(*(coworker(ports, turn) for turn in waiting.values()))
    by_person = dict(zip(waiting, answers, strict=True))
    return conclude(state, event, reading, by_person, settle(state, reading, by_person, reply))
