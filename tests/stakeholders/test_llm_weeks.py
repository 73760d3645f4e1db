"""Whole weeks with coworkers played by a model behind a real server that fails in every way."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.runs import weeks_in
from work_life_firewall.episodes.seats import plan
from work_life_firewall.world.generator import generate

from ..support.fault_server import FaultServer
from ..support.models import model_file

PEOPLE = ("priya", "rahul", "david", "sundar")


def run(
    folder: Path, server: FaultServer, weeks: int, policy: str = "careful", concurrency: int = 8, **changed: object
) -> list[WeekRecord]:
    """Weeks with four coworkers behind the server."""
    file = model_file(folder, server.url, **changed)
    setup = Setup(coworkers=f"llm:{file}")
    run_job(Job(setup, policy.format(file), "validation", weeks, concurrency=concurrency), folder / "run")
    return list(weeks_in(folder / "run"))


def ledger(records: list[WeekRecord]) -> Counter[str]:
    return Counter(fault.kind for record in records for step in record.steps for fault in step.faults)


def test_a_week_with_four_models_and_its_books(tmp_path: Path) -> None:
    with FaultServer() as server:
        (record,) = run(tmp_path, server, 1)
        answers = [answer for step in record.steps for answer in step.answers.values()]
        assert record.end in ("friday", "burnout")
        assert all(answer.raw_appraisal is not None and not answer.faults for answer in answers)
        assert {who for step in record.steps for who in step.answers} == set(PEOPLE)
        (line,) = (tmp_path / "run" / "usage.jsonl").read_text().splitlines()
        booked = json.loads(line)
        assert sum(people["calls"] for people in booked["usage"].values()) == len(answers)
        assert server.calls == len(answers) + 1  # the question before the first week is in no week's books


def test_the_graph_driver_plays_the_same_week(tmp_path: Path) -> None:
    with FaultServer() as server:
        made = plan(load_recipe().personas, "careful", f"llm:{model_file(tmp_path, server.url)}")
        week = generate(load_recipe(), 100_003)
        direct, graph = (run_week(week, made.seats(week.seed), driver) for driver in ("direct", "graph"))
    assert direct.line() == graph.line()


def test_a_model_in_arjuns_seat(tmp_path: Path) -> None:
    with FaultServer(script=["500", "ok"]) as server:
        (record,) = run(tmp_path, server, 1, policy="llm:{}")
    assert record.end in ("friday", "burnout")
    assert all(step.reply for step in record.steps)
    assert [(fault.who, fault.rung, fault.kind) for fault in record.steps[0].faults] == [("arjun", "retry", "http")]


def test_a_week_without_arjun_is_recorded_as_an_error(tmp_path: Path) -> None:
    with FaultServer(script=["ok", "ok", "ok", *["500"] * 50]) as server:
        file = model_file(tmp_path, server.url, retries=1)
        run_job(Job(Setup(), f"llm:{file}", "validation", 1), tmp_path / "run")
    (record,) = weeks_in(tmp_path / "run")
    assert record.end == "error"
    assert record.faulted
    assert len(record.steps) == 3
    assert "HTTP 500" in (record.error or "")


def test_a_protagonist_may_ignore_and_think(tmp_path: Path) -> None:
    texts = iter(["IGNORE", "<think>hm</think> Yes, I'll do it.", *["Ok."] * 60])
    with FaultServer(answers=lambda body: "{}" if "response_format" in body else next(texts)) as server:
        made = plan(load_recipe().personas, f"llm:{model_file(tmp_path, server.url)}")
        record = run_week(generate(load_recipe(), 100_004), made.seats(100_004))
    assert [step.reply for step in record.steps[:2]] == ["", "Yes, I'll do it."]


def test_faults_in_some_seats_leave_weeks_without_any(tmp_path: Path) -> None:
    with FaultServer(rate=0.1) as server:
        file = model_file(tmp_path, server.url, timeout_s=2.0)
        setup = Setup(coworkers=f"scripted,sundar=llm:{file}")
        summary = run_job(Job(setup, "careful", "validation", 12, concurrency=4), tmp_path / "run")
    records = list(weeks_in(tmp_path / "run"))
    clean = [record for record in records if not record.faulted]
    assert 0 < len(clean) < 12
    assert summary["faulted_weeks"] == 12 - len(clean)
    assert summary["unfaulted"]["total"]["n"] == len(clean)
    mean = sum(record.total for record in clean) / len(clean)
    assert summary["unfaulted"]["total"]["mean"] == pytest.approx(mean, abs=1e-5)


def test_every_way_of_failing_is_in_the_ledger_as_often_as_it_happened(tmp_path: Path) -> None:
    with FaultServer(rate=0.3) as server:
        records = run(tmp_path, server, 12, timeout_s=2.0)
        assert ledger(records) == server.expected
    assert len(records) == 12
    assert all(record.end != "error" for record in records)


@pytest.mark.slow
def test_two_hundred_weeks_with_three_calls_in_ten_failing(tmp_path: Path) -> None:
    with FaultServer(rate=0.3) as server:
        records = run(tmp_path, server, 200, concurrency=64, timeout_s=4.0)
        assert len(server.injected) == 8
        assert 0.27 < sum(server.injected.values()) / server.calls < 0.33
        assert ledger(records) == server.expected
    assert len(records) == 200
    assert all(record.end in ("friday", "burnout", "truncated") for record in records)
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert (summary["weeks"], summary["faulted_weeks"]) == (200, sum(record.faulted for record in records))
    assert summary["all"]["total"]["n"] == 200
    assert summary["unfaulted"]["total"]["n"] == 200 - summary["faulted_weeks"]


def test_no_event_loop_leaks_a_connection(tmp_path: Path) -> None:
    with FaultServer() as server:
        made = plan(load_recipe().personas, "careful", f"llm:{model_file(tmp_path, server.url)}")
        seat = made.coworkers["priya"]
        asyncio.run(made.chats.check())
        assert not seat._client._wire._lines  # type: ignore[attr-defined] - what the loop's end must have emptied
