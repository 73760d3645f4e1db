"""Regret: every decision's loss, which adds up to what the week is short of its optimum."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from work_life_firewall.agents.planner import BY_LABEL, Search
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.regret import beats_plan, with_regret
from work_life_firewall.episodes.runs import weeks_in
from work_life_firewall.episodes.seats import plan
from work_life_firewall.world.generator import generate

SEED = 100_003


@cache
def judged(policy: str) -> WeekRecord:
    recipe = load_recipe()
    record = run_week(generate(recipe, SEED), plan(recipe.personas, policy).seats(SEED))
    return with_regret(record, generate(recipe, SEED), Search(width=1), BY_LABEL)


@pytest.mark.parametrize("policy", ["greedy", "ignorer", "oracle"])
def test_regrets_are_never_negative_and_add_up_to_the_gap(policy: str) -> None:
    record = judged(policy)
    assert record.v_star is not None
    regrets = [step.regret for step in record.steps]
    assert all(regret is not None and regret >= 0 for regret in regrets)
    lost = sum(regret or 0.0 for regret in regrets)
    assert lost >= record.v_star["value"] - record.total - 1e-9
    assert record.v_star["bound"] >= record.v_star["value"]


def test_silence_costs_more_than_the_oracle_loses() -> None:
    lost = {policy: sum(step.regret or 0.0 for step in judged(policy).steps) for policy in ("ignorer", "oracle")}
    assert lost["ignorer"] > lost["oracle"] + 0.3
    assert not beats_plan(judged("ignorer"))


@pytest.mark.slow
def test_a_run_carries_regret_and_its_share_of_the_optimum(tmp_path: Path) -> None:
    summary = run_job(Job(Setup(), "careful", "validation", 2, regret=True), tmp_path / "run")
    records = list(weeks_in(tmp_path / "run"))
    assert all(record.v_star and all(step.regret is not None for step in record.steps) for record in records)
    share = sum(record.total for record in records) / sum((record.v_star or {})["value"] for record in records)
    assert summary["all"]["fraction_of_v_star"]["mean"] == pytest.approx(share, abs=1e-5)


def test_without_it_the_summary_says_nothing_about_the_optimum(tmp_path: Path) -> None:
    summary = run_job(Job(Setup(), "ignorer", "validation", 1), tmp_path / "run")
    assert summary["all"]["fraction_of_v_star"] is None
