"""What summary.json says of a judge: its mean on what it scored, beside the world's own notes."""

from __future__ import annotations

import json

import pytest

from work_life_firewall.episodes.agreement import Agreement
from work_life_firewall.episodes.record import JudgeNote, StepRecord, WeekRecord
from work_life_firewall.episodes.summary import summarize
from work_life_firewall.world.ports import Fault

from .weeks import config, step, week

Note = tuple[float | None, float | None]


def noted(score: float | None, local: float | None) -> StepRecord:
    failed = (Fault(who="judge", rung="unscored", kind="timeout", detail="slow", ms=1.0),) if score is None else ()
    note = JudgeNote(score=score, local=local)
    return step("staging", "act", 0.25, 0.5).model_copy(update={"judge": note, "faults": failed})


def judged(seed: int, *notes: Note) -> WeekRecord:
    return week(seed, steps=tuple(noted(*note) for note in notes))


def agreement(*weeks: WeekRecord) -> Agreement:
    made = Agreement()
    for record in weeks:
        made.add(record)
    return made


def test_a_mean_rests_on_what_was_scored() -> None:
    found = agreement(judged(1, (0.2, 0.1), (None, 0.9), (0.6, None)), judged(2, (1.0, 0.5))).plain()
    assert found is not None
    assert (found["scored"], found["unscored"]) == (3, 1)
    assert found["score"]["mean"] == pytest.approx(0.6)
    assert found["local"]["mean"] == pytest.approx(0.3)
    assert found["difference"]["mean"] == pytest.approx(0.3)
    assert found["score"]["n"] == 2
    assert found["correlation"] == pytest.approx(1.0)


def test_opposite_opinions_correlate_below_zero() -> None:
    found = agreement(judged(1, (0.0, 1.0), (0.5, 0.4), (1.0, 0.0))).plain()
    assert found is not None
    assert found["correlation"] < -0.9


def test_a_judge_that_always_failed_has_no_figure() -> None:
    found = agreement(judged(1, (None, 0.5))).plain()
    assert found is not None
    assert (found["scored"], found["unscored"], found["score"]["mean"], found["correlation"]) == (0, 1, None, None)


def test_nobody_judged() -> None:
    assert agreement(week(1)).plain() is None
    assert "judge" not in summarize([week(1)], config())


def test_a_judges_failure_makes_no_week_faulted_and_costs_no_score() -> None:
    record = judged(1, (None, 0.5))
    assert not record.faulted
    summary = summarize([record, judged(2, (0.4, 0.4))], config())
    assert summary["faulted_weeks"] == 0
    assert summary["judge"]["unscored"] == 1


def test_a_week_without_a_judge_is_written_as_before() -> None:
    plain = json.loads(week(1).line())
    assert "judge" not in plain["steps"][0]
    assert "judge" not in plain["versions"]
    assert "faults" not in plain["steps"][0]["reading"]
    line = judged(1, (0.25, None)).line()
    assert WeekRecord.model_validate_json(line).line() == line
    assert json.loads(line)["steps"][0]["judge"] == {"score": 0.25, "local": None, "sides": None}
