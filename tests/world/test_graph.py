"""Both drivers are one: graph and plain calls agree record for record, and a waiting week survives a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from langgraph.types import Command

from work_life_firewall.world import direct
from work_life_firewall.world.engine import start
from work_life_firewall.world.graph import StepGraph, WeekContext, week_graph
from work_life_firewall.world.nodes import StepOutcome
from work_life_firewall.world.scoring import score
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe
from work_life_firewall.world.week import Week

from .seats import stub_ports, stub_reply
from .weeks import week, weeks


def _record(outcome: StepOutcome) -> tuple[object, ...]:
    """All that a record holds of a step, in the order it is written."""
    return (
        outcome.event,
        outcome.reading,
        list(outcome.answers.items()),
        list(outcome.deltas.items()),
        outcome.spawned,
        outcome.scores,
        outcome.state.to_json(),
    )


async def _same(made: Week, graph: StepGraph) -> int:
    ports, state, steps = stub_ports(), start(made), 0
    while state.end is None:
        reply = stub_reply(state)
        one, other = await direct.step(state, reply, ports), await graph.step(state, reply)
        assert _record(one) == _record(other)
        state, steps = one.state, steps + 1
    return steps


async def _all_same(made: list[Week]) -> int:
    graph = StepGraph(stub_ports())
    return sum([await _same(one, graph) for one in made])


def test_the_graph_and_the_direct_driver_agree() -> None:
    assert asyncio.run(_all_same(weeks(15))) > 150


@pytest.mark.slow
def test_the_graph_and_the_direct_driver_agree_on_five_hundred_weeks() -> None:
    assert asyncio.run(_all_same(weeks(500, "train"))) > 5000


def test_two_people_answer_side_by_side_and_are_recorded_in_the_casts_order() -> None:
    state = start(week())
    while state.event is None or state.event.kind != "slack_pair":
        state = asyncio.run(direct.step(state, "accept 1", stub_ports())).state
    outcome = asyncio.run(StepGraph(stub_ports()).step(state, "accept 2"))
    assert list(outcome.answers) == ["priya", "rahul"]


def test_nothing_can_be_played_after_the_end() -> None:
    ended = start(week()).but(event=None, end="friday")
    with pytest.raises(ValueError, match="ended"):
        asyncio.run(StepGraph(stub_ports()).step(ended, "accept 1"))


async def _direct(made: Week) -> WeekState:
    state = start(made)
    while state.end is None:
        state = (await direct.step(state, stub_reply(state), stub_ports())).state
    return state


async def _once(file: Path, made: Week, given: Any) -> dict[str, Any]:  # noqa: ANN401 - what LangGraph takes and gives
    """One call of a week graph that is built anew, as after a restart."""
    async with AsyncSqliteSaver.from_conn_string(str(file)) as saver:
        graph = week_graph(saver)
        config = {"configurable": {"thread_id": made.episode_id}}
        context = WeekContext(made, StepGraph(stub_ports()))
        return await graph.ainvoke(given, config, context=context)


def test_a_week_waits_for_its_person_and_survives_a_restart_before_every_reply(tmp_path: Path) -> None:
    made, file = week(2), tmp_path / "weeks.sqlite"
    waiting = asyncio.run(_once(file, made, {"reply": ""}))
    replies = 0
    while "__interrupt__" in waiting:
        state = WeekState.from_json(waiting["world"], made)
        assert observe(state).step == replies
        waiting = asyncio.run(_once(file, made, Command(resume=stub_reply(state))))
        replies += 1
    end, expected = WeekState.from_json(waiting["world"], made), asyncio.run(_direct(made))
    assert end == expected
    assert score(end) == score(expected)
    assert replies == expected.step


def test_two_weeks_wait_in_one_file_without_mixing(tmp_path: Path) -> None:
    file = tmp_path / "weeks.sqlite"
    states = {}
    for made in weeks(2):
        asyncio.run(_once(file, made, {"reply": ""}))
    for made in weeks(2):
        after = asyncio.run(_once(file, made, Command(resume="act 1")))
        states[made.episode_id] = WeekState.from_json(after["world"], made)
    for made in weeks(2):
        assert states[made.episode_id] == asyncio.run(direct.step(start(made), "act 1", stub_ports())).state
