"""Rolling on: the careful protagonist's acts without his words, under the week's own luck."""

from __future__ import annotations

import asyncio

import pytest

from work_life_firewall.agents.careful import decide
from work_life_firewall.agents.menu import Choice, after, asked
from work_life_firewall.agents.scene import AGAIN
from work_life_firewall.episodes.job import Setup
from work_life_firewall.training.rolling import careful_move, roll_on
from work_life_firewall.world import direct
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.nodes import Ports
from work_life_firewall.world.reading import Act
from work_life_firewall.world.scoring import score
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe

SEEDS = range(100_000, 100_012)


@pytest.mark.slow
def test_acts_are_the_careful_protagonists_own() -> None:
    setup = Setup()
    recipe = setup.recipe()
    plan = setup.plan(recipe, "careful")
    ports = Ports(plan.reader, plan.coworkers)
    same = different = 0
    for seed in SEEDS:
        state = start(generate(recipe, seed, "validation"))
        seat = plan.seats(seed).protagonist
        while state.event is not None:
            obs = observe(state)
            acts = [decide(obs, number) for number in range(1, len(obs.event.asks) + 1)]
            ours = [choice.act for choice in careful_move(state, state.event, {}, {})]
            if state.event.kind in AGAIN:
                same += ours == acts
                different += ours != acts
            else:
                assert ours == acts, state.event.id
            state = asyncio.run(direct.step(state, asyncio.run(seat.reply(obs)), ports)).state
    assert same > 3 * different


def test_a_roll_on_ends_the_week_and_says_the_same_twice_with_or_without_a_memo() -> None:
    state = start(generate(Setup().recipe(), 100_003, "validation"))
    end = roll_on(state)
    assert end.end in ("friday", "burnout")
    memo: dict = {}
    assert score(roll_on(state, memo)) == score(end)
    assert memo
    assert score(roll_on(state, memo)) == score(end)


def test_what_is_answered_now_shows_on_friday() -> None:
    state = start(generate(Setup().recipe(), 100_003, "validation"))
    assert state.event is not None
    asks = len(state.week.events[state.event.kind].asks)
    ends = [score(roll_on(after(state, (Choice(act),) * asks))).total for act in ("ignore", "act")]
    assert ends[0] < ends[1]


def value(state: WeekState, act: Act, usual: dict[str, Act] | None) -> float:
    """The total after an act, asks back answered by the usual act where one is given."""
    move = tuple(Choice(act) for _ in asked(state))
    return score(roll_on(after(state, move), None, usual)).total


def test_what_nobody_understood_is_not_worth_more_than_what_the_policy_would_have_said() -> None:
    recipe = Setup().recipe()
    helped = compared = 0
    for seed in SEEDS:
        state = start(generate(recipe, seed, "validation"))
        while state.event is not None:
            threads = [ask.thread for ask in asked(state)]
            if state.week.events[state.event.kind].at and all(state.week.need(thread) == "light" for thread in threads):
                usual: dict[str, Act] = dict.fromkeys(threads, "accept")
                yes = value(state, "accept", usual)
                compared += 1
                assert value(state, "unclear", usual) < yes + 0.02
                helped += value(state, "unclear", None) > yes + 0.02
            state = after(state, careful_move(state, state.event, {}, {}))
    assert compared >= 10
    assert helped >= compared / 2  # without it the careful policy's judgement is a gift
