"""A slow coworker is answered for by the scripted one of the same persona, and the record says so."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.server.deadline import Deadline
from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.world.generator import generate
from work_life_firewall.world.ports import Answer, Turn


class Slow:
    """A coworker who thinks for a while, then answers in its voice."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def answer(self, turn: Turn) -> Answer:
        await asyncio.sleep(self._seconds)
        return await ScriptedStakeholder(turn.persona.voice).answer(turn)


def test_a_late_answer_is_scripted_and_marked() -> None:
    setup = Setup()
    recipe = setup.recipe()
    seats = setup.plan(recipe, "greedy").seats(1)
    slow = replace(seats, coworkers={**seats.coworkers, "priya": Deadline(Slow(30), 0.01)})
    quick = replace(seats, coworkers={**seats.coworkers, "priya": Deadline(Slow(0), 5)})
    late, timely, plain = (run_week(generate(recipe, 1), one) for one in (slow, quick, seats))
    assert timely.line() == plain.line()
    faults = [fault for step in late.steps for fault in step.faults]
    assert {(fault.who, fault.rung, fault.kind) for fault in faults} == {("priya", "scripted", "timeout")}
    assert all(fault.ms >= 10 for fault in faults)
    assert [step.total for step in late.steps] == [step.total for step in plain.steps]
    assert late.faulted
