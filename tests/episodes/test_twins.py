"""Twins: balanced pairs, played under the same luck, judged by the first answer that is no question."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from work_life_firewall.agents.baselines import FixedAct
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.runs import pairs_in
from work_life_firewall.episodes.seats import plan
from work_life_firewall.episodes.twin_runs import run_twins
from work_life_firewall.episodes.twins import Pair, TwinPlan, figures, first_answers, judge, plan_pairs, twin_weeks
from work_life_firewall.world.engine import start
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.reading import Act
from work_life_firewall.world.view import observe

RECIPE = load_recipe()
SEEDS = range(100_000, 100_014)


def pair(no: Act | None, yes: Act | None, seed: int = 1) -> Pair:
    return Pair(seed=seed, fact="oncall_reason", ask="oncall_swap/1", deserves_no=no, deserves_yes=yes)


@pytest.mark.parametrize("act", ["accept", "decline", "ignore", "acknowledge", "counter", None])
def test_whoever_always_does_the_same_gets_half_and_no_pair(act: Act | None) -> None:
    found = figures([pair(act, act, seed) for seed in range(5)])
    assert found.balanced_accuracy["mean"] == 0.5
    assert found.pair_accuracy["mean"] == 0.0


def test_both_twins_right_is_a_pair_and_silence_is_not() -> None:
    assert figures([pair("delegate", "act")]).pair_accuracy["mean"] == 1.0
    assert figures([pair("delegate", "ignore")]).pair_accuracy["mean"] == 0.0
    assert figures([pair("accept", "decline")]).balanced_accuracy["mean"] == 0.0
    assert figures([]).pair_accuracy["mean"] is None


def test_pairs_are_spread_evenly_over_facts_and_never_twice() -> None:
    plans = plan_pairs(RECIPE, SEEDS, 28)
    assert set(Counter(found.fact for found in plans).values()) == {4}
    assert len(set(plans)) == 28
    assert len(set(plan_pairs(RECIPE, SEEDS, 14 * 7))) == 98
    with pytest.raises(UsageError, match="98 twins, not 99"):
        plan_pairs(RECIPE, SEEDS, 99)


def test_twins_share_name_times_and_backlog() -> None:
    for found in plan_pairs(RECIPE, SEEDS, 7):
        week, other = twin_weeks(RECIPE, found)
        assert (week.episode_id, week.times, week.backlog) == (other.episode_id, other.times, other.backlog)
        assert {fact for fact in week.facts if week.facts[fact] != other.facts[fact]} == {found.fact}


def test_a_question_is_no_answer_yet() -> None:
    class AsksFirst:
        async def reply(self, obs: Observation) -> str:
            act: Act = "ask" if obs.event.id == "oncall_swap" else "decline"
            return await FixedAct(act).reply(obs)

    week, _ = twin_weeks(RECIPE, TwinPlan(100_000, "oncall_reason"))
    seated = plan(RECIPE.personas, "decliner").seats(0)
    record = run_week(week, replace(seated, protagonist=AsksFirst()))
    acts = {step.event: step.reading.asks[0].act for step in record.steps}
    assert acts["oncall_swap"] == "ask"
    assert first_answers(week, record)["oncall_swap/1"] != "ask"


def test_a_reader_of_words_tells_twins_apart() -> None:
    weeks = twin_weeks(RECIPE, TwinPlan(100_001, "oncall_reason"))
    seated = plan(RECIPE.personas, "careful")
    records = tuple(run_week(week, seated.seats(week.seed)) for week in weeks)
    firsts = (first_answers(weeks[0], records[0]), first_answers(weeks[1], records[1]))
    (found,) = judge(weeks, firsts, "oncall_reason")
    assert found.ask == "oncall_swap/1"
    assert {found.deserves_no, found.deserves_yes} <= set(firsts[0].values()) | set(firsts[1].values())


def test_a_run_keeps_its_pairs_and_sums_them_up(tmp_path: Path) -> None:
    job = Job(Setup(), "decliner", "validation", 3)
    run_job(job, tmp_path / "run")
    heard: list[int] = []
    summary = run_twins(job, tmp_path / "run", 5, heard.append)
    assert heard == [1, 2, 3, 4, 5]
    assert summary["all"]["twins"]["pairs"] == 5
    assert summary["all"]["twins"]["pair_accuracy"]["mean"] == 0.0
    assert len(pairs_in(tmp_path / "run")) == 5
    assert run_job(job, tmp_path / "run", resume=True) == summary


def test_a_broken_line_of_twins_is_named(tmp_path: Path) -> None:
    assert pairs_in(tmp_path) == []
    (tmp_path / "twins.jsonl").write_text("{}\n")
    with pytest.raises(RunError, match=r"twins.jsonl:1: not a pair"):
        pairs_in(tmp_path)


def test_nothing_in_an_observation_says_which_twin_it_is() -> None:
    for week in twin_weeks(RECIPE, TwinPlan(100_000, "staging_owner")):
        obs = observe(start(week))
        assert "twin" not in obs.model_dump_json()
        assert asyncio.run(FixedAct("act").reply(obs))
