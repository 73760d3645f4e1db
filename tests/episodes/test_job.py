"""Jobs: whole runs from specs to folder; killed and resumed ones come to the same weeks as uninterrupted ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.episodes.batch import run_weeks
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.job import Job, Setup, one_week, run_job, split_seeds
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.runs import weeks_in

from .seated import a_week

SETUP = Setup()


class Killed(BaseException):
    """What a kill looks like from inside."""


def greedy(weeks: int, **changed: object) -> Job:
    return Job(SETUP, "greedy", "validation", weeks, **changed)  # type: ignore[arg-type]


def lines(run: Path) -> list[str]:
    return sorted((run / "weeks.jsonl").read_text().splitlines())


def test_a_run_is_a_folder_with_config_weeks_and_summary(tmp_path: Path) -> None:
    summary = run_job(greedy(3), tmp_path / "run")
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == ["config.yaml", "summary.json", "weeks.jsonl"]
    assert json.loads((tmp_path / "run" / "summary.json").read_text()) == summary
    assert (summary["weeks"], summary["seeds"]) == (3, [100_000, 100_002])


def test_a_killed_run_resumes_to_the_same_weeks(tmp_path: Path) -> None:
    whole = run_job(greedy(4), tmp_path / "whole")

    def kill(done: int, record: WeekRecord) -> None:
        if done == 2:
            raise Killed

    with pytest.raises(Killed):
        run_job(greedy(4), tmp_path / "killed", on_week=kill)
    assert len(lines(tmp_path / "killed")) == 2
    ran: list[int] = []
    resumed = run_job(greedy(4), tmp_path / "killed", resume=True, on_week=lambda done, record: ran.append(record.seed))
    assert ran == [100_002, 100_003]
    assert lines(tmp_path / "killed") == lines(tmp_path / "whole")
    assert resumed == whole
    assert run_job(greedy(4), tmp_path / "killed", resume=True) == whole


def test_weeks_do_not_depend_on_which_ran_before_or_beside(tmp_path: Path) -> None:
    run_job(greedy(4), tmp_path / "one")
    run_job(greedy(4, concurrency=3), tmp_path / "three")
    run_job(greedy(2, seed=2), tmp_path / "late")
    assert lines(tmp_path / "one") == lines(tmp_path / "three")
    assert set(lines(tmp_path / "late")) < set(lines(tmp_path / "one"))


def test_one_week_is_a_run_folder_too(tmp_path: Path) -> None:
    heard: list[str] = []
    record = one_week(greedy(1, seed=5), tmp_path / "demo", lambda step: heard.append(step.event))
    assert record.seed == 100_005
    assert heard == [step.event for step in record.steps]
    assert [found.line() for found in weeks_in(tmp_path / "demo")] == [record.line()]


def test_what_cannot_start_leaves_nothing_behind(tmp_path: Path) -> None:
    for job in (Job(SETUP, "nobody", "test", 1), greedy(1, seed=99_999_999), greedy(200_000)):
        with pytest.raises(UsageError):
            run_job(job, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    with pytest.raises(UsageError):
        split_seeds("train", 1, 100_000)


def test_concurrency_must_be_positive() -> None:
    plan = SETUP.plan(SETUP.recipe(), "ignorer")
    with pytest.raises(ValueError, match="at least 1"):
        run_weeks([a_week()], plan, lambda record: None, concurrency=0)


def test_a_personas_prompt_changes_its_mark_and_nothing_else_under_scripted(tmp_path: Path) -> None:
    from work_life_firewall.config import find

    mine = tmp_path / "priya.md"
    mine.write_text(find("personas", "priya").read_text() + "\nOne more line.\n")
    run_job(greedy(2), tmp_path / "own")
    run_job(Job(Setup(personas={"priya": mine}), "greedy", "validation", 2), tmp_path / "mine")
    for own, other in zip(weeks_in(tmp_path / "own"), weeks_in(tmp_path / "mine"), strict=True):
        assert own.personas["priya"] != other.personas["priya"]
        assert own.model_copy(update={"personas": {}}) == other.model_copy(update={"personas": {}})
