"""Solved weeks: the same alone and in company, kept on disk, summed up with intervals."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from work_life_firewall.agents.planner import BY_LABEL, plan
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.oracle import OracleWeek, cache_key, solve, solve_weeks
from work_life_firewall.episodes.verdict import verdict
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate

REDUCED = Setup("reduced")
SEEDS = range(200_000, 200_003)


@cache
def solved() -> tuple[OracleWeek, ...]:
    return tuple(solve(REDUCED.recipe(), seed) for seed in SEEDS)


def test_a_solved_week_is_ordered_from_worst_to_bound() -> None:
    for week in solved():
        assert week.worst < week.labelled <= week.value <= week.bound <= 1
        assert week.look_ahead <= week.bound
        assert len(week.evenings) == 5
        assert week.labelled == plan(start(generate(REDUCED.recipe(), week.seed)), BY_LABEL).value
        assert {label.ask for label in week.labels} == {"staging/1", "oncall_swap/1", "client_mail/1", "leave/1"}


def test_weeks_are_solved_once_and_then_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[int] = []
    first = solve_weeks(REDUCED, SEEDS[:2], 1, tmp_path, lambda done, week: heard.append(done))
    assert (heard, [week.seed for week in first]) == ([1, 2], list(SEEDS[:2]))
    (file,) = tmp_path.iterdir()
    assert file.name == f"{cache_key(REDUCED.recipe())}.jsonl"
    file.write_text(file.read_text() + '{"torn": ')
    monkeypatch.setattr("work_life_firewall.episodes.oracle.solve", None)
    again = solve_weeks(REDUCED, SEEDS[:2], 1, tmp_path)
    assert [week.seed for week in again] == list(SEEDS[:2])
    assert [week.value for week in again] == pytest.approx([week.value for week in first], abs=1e-6)


def test_another_world_has_another_cache() -> None:
    recipe = load_recipe()
    easier = recipe._replace(tuning=type(recipe.tuning)(drain_hour=0.01))
    assert len({cache_key(recipe), cache_key(easier), cache_key(REDUCED.recipe())}) == 3


@pytest.mark.slow
def test_two_processes_find_what_one_finds(tmp_path: Path) -> None:
    assert solve_weeks(REDUCED, SEEDS, 2, None) == list(solved())


def test_the_verdict_is_one_json_object() -> None:
    told = verdict(solved(), "test")
    assert json.loads(json.dumps(told)) == told
    assert told["figures"]["v_star"]["n"] == len(SEEDS)
    assert sum(told["kinds"].values()) == len(SEEDS)
    assert told["labels"]["n"] == 4 * len(SEEDS)
    assert sum(told["best_acts"]["staging"].values()) == len(SEEDS)


def test_no_weeks_have_no_figures() -> None:
    told = verdict([], "test")
    assert (told["seeds"], told["figures"]["v_star"]["mean"], told["labels"]["agree"]) == (None, None, None)
