"""The oracle in Arjun's seat: it needs the state, follows its plan, and is read as it meant."""

from __future__ import annotations

import asyncio
from functools import cache

import pytest

from work_life_firewall.agents.baselines import FixedText
from work_life_firewall.agents.oracle import Oracle, SeesState
from work_life_firewall.agents.planner import BY_LABEL, QUICK, plan
from work_life_firewall.agents.registry import build
from work_life_firewall.config import load_recipe
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.world.clock import moment
from work_life_firewall.world.engine import apply, start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.reference import right_reading
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe

READ_AS_MEANT = 0.95


@cache
def opening(seed: int = 100_000) -> WeekState:
    return start(generate(load_recipe(), seed))


def said(oracle: Oracle, state: WeekState) -> str:
    oracle.see(state)
    return asyncio.run(oracle.reply(observe(state)))


def test_only_the_oracle_is_shown_the_state() -> None:
    assert isinstance(build("oracle"), SeesState)
    assert not any(isinstance(build(spec), SeesState) for spec in ("careful", "greedy", "random", "fixed:no"))
    assert not isinstance(FixedText(""), SeesState)


def test_it_does_not_guess() -> None:
    with pytest.raises(RuntimeError, match="must see the state"):
        asyncio.run(Oracle().reply(observe(opening())))
    oracle = Oracle(search=BY_LABEL)
    oracle.see(opening())
    later = apply(opening(), right_reading(opening()), {}).state
    with pytest.raises(RuntimeError, match="must see the state"):
        asyncio.run(oracle.reply(observe(later)))


def test_it_says_what_it_planned_in_the_same_words_each_time() -> None:
    oracle, other = Oracle(search=QUICK), Oracle(search=QUICK)
    event = opening().event
    assert event is not None
    assert said(oracle, opening()) == said(other, opening()) != ""
    assert oracle.meant() == plan(opening(), QUICK).moves[event.id]


def test_a_new_week_is_planned_afresh() -> None:
    oracle = Oracle(search=BY_LABEL)
    said(oracle, opening())
    second = opening(100_001)
    assert said(oracle, second) == said(Oracle(search=BY_LABEL), second)


@pytest.mark.slow
def test_what_it_writes_is_read_as_it_meant() -> None:
    reader = LocalReader()
    right = asked = 0
    for seed in range(100_000, 100_008):
        oracle, state = Oracle(seed, reader), opening(seed)
        while state.event is not None:
            reply = said(oracle, state)
            reading = reader.read_now(observe(state).event, reply, moment(state.at))
            right += sum(ask.act == choice.act for ask, choice in zip(reading.asks, oracle.meant(), strict=True))
            asked += len(reading.asks)
            state = apply(state, reading, {}, reply).state
    assert right / asked >= READ_AS_MEANT
