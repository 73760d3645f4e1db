"""Runs in which models read and judge: what goes on record, what is counted, and what a resume must notice."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes import versions
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.forks import fork
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.runs import read_config, weeks_in
from work_life_firewall.episodes.seats import plan
from work_life_firewall.episodes.twin_runs import run_twins
from work_life_firewall.episodes.usage import run_usage
from work_life_firewall.world.generator import generate

from ..support.fault_server import Body, FaultServer, honest
from ..support.models import model_file

SEED = 100_003


def name_of(body: Body) -> str:
    return str(body["response_format"]["json_schema"]["name"])


def job(file: Path, weeks: int = 2, **changed: str) -> Job:
    """Weeks with a model as reader and as judge."""
    given = {"reader": f"llm:{file}", "judge": f"llm:{file}", **changed}
    return Job(Setup(**given), "careful", "validation", weeks, concurrency=2)  # type: ignore[arg-type]


def ran(folder: Path, server: FaultServer, weeks: int = 2, **changed: object) -> list[WeekRecord]:
    run_job(job(model_file(folder, server.url, **changed), weeks), folder / "run")
    return list(weeks_in(folder / "run"))


def test_reader_and_judge_are_on_record_with_their_versions(tmp_path: Path) -> None:
    with FaultServer() as server:
        records = ran(tmp_path, server)
    for record in records:
        assert record.versions.reader.startswith(f"llm:{tmp_path / 'model.yaml'}@")
        assert (record.versions.judge or "").startswith("llm:")
        read = {step.reading.reader for step in record.steps if step.reply}
        assert read == {record.versions.reader}
        assert all(step.judge is not None and step.judge.score is not None for step in record.steps)
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["judge"]["scored"] == sum(len(record.steps) for record in records)
    used = [json.loads(line)["usage"] for line in (tmp_path / "run" / "usage.jsonl").read_text().splitlines()]
    assert {who for people in used for who in people} == {"reader", "judge"}


def test_a_judge_moves_no_score(tmp_path: Path) -> None:
    recipe = load_recipe()
    week = generate(recipe, SEED)
    plain = run_week(week, plan(recipe.personas, "careful").seats(SEED))
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
        judged = run_week(week, plan(recipe.personas, "careful", judge=f"llm:{file}").seats(SEED))
    bare = [step.model_copy(update={"judge": None}) for step in judged.steps]
    assert tuple(bare) == plain.steps
    assert judged.scores == plain.scores
    notes = [step.judge for step in judged.steps if step.judge is not None]
    assert len(notes) == len(plain.steps)
    assert any(note.local for note in notes)
    assert all(note.local is None or 0.0 <= note.local <= 1.0 for note in notes)


@pytest.mark.slow
def test_every_failure_of_reader_and_judge_is_in_the_ledger(tmp_path: Path) -> None:
    with FaultServer(rate=0.3) as server:
        records = ran(tmp_path, server, 4, timeout_s=2.0)
        found = Counter(fault.kind for record in records for step in record.steps for fault in step.faults)
        assert found == server.expected
    faults = [fault for record in records for step in record.steps for fault in step.faults]
    assert {fault.who for fault in faults} == {"reader", "judge"}
    assert {fault.rung for fault in faults if fault.who == "reader"} <= {"retry", "repair", "reask", "scripted"}
    assert {fault.rung for fault in faults if fault.who == "judge"} <= {"retry", "repair", "reask", "unscored"}
    assert all(record.end in ("friday", "burnout", "truncated") for record in records)
    assert all(record.faulted == any(f.who == "reader" for s in record.steps for f in s.faults) for record in records)


def test_a_dead_judge_leaves_every_reply_unscored(tmp_path: Path) -> None:
    def speaks(body: Body) -> str:
        return "I'd rather not." if name_of(body) == "judgement" else honest(body)

    with FaultServer(answers=speaks) as server:
        records = ran(tmp_path, server, 1)
    notes = [step.judge for record in records for step in record.steps if step.reply and step.judge]
    assert notes
    assert all(note.score is None for note in notes)
    assert not any(record.faulted for record in records)


@pytest.mark.parametrize("driver", ["direct", "graph"])
def test_a_failed_reader_is_the_local_reader(driver: str, tmp_path: Path) -> None:
    recipe = load_recipe()
    week = generate(recipe, SEED)
    plain = run_week(week, plan(recipe.personas, "careful").seats(SEED))
    with FaultServer(answers=lambda body: "nothing") as server:
        made = plan(recipe.personas, "careful", reader=f"llm:{model_file(tmp_path, server.url)}")
        failed = run_week(week, made.seats(SEED), driver)  # type: ignore[arg-type]
    assert failed.scores == plain.scores
    assert [step.reading.reader for step in failed.steps] == [step.reading.reader for step in plain.steps]
    assert all(step.faults[-1].rung == "scripted" for step in failed.steps if step.reply)


@pytest.mark.slow
def test_a_week_that_a_model_read_can_be_forked(tmp_path: Path) -> None:
    recipe = load_recipe()
    week = generate(recipe, SEED)
    with FaultServer(rate=0.2) as server:
        spec = f"llm:{model_file(tmp_path, server.url, timeout_s=2.0)}"
        made = plan(recipe.personas, "careful", reader=spec, judge=spec)
        record = run_week(week, made.seats(SEED))
        event = record.steps[len(record.steps) // 2].event
        calls = server.calls
        pair = fork(record, event, made.seats(SEED), reply="No.", week=week)
        assert server.calls > calls
    place = len(record.steps) // 2
    assert [step.reading for step in pair.other.steps[:place]] == [step.reading for step in record.steps[:place]]
    assert pair.other.steps[place].reply == "No."


def test_a_recorded_run_replays_without_a_server(tmp_path: Path) -> None:
    tape = str(tmp_path / "tape.db")
    with FaultServer(script=["ok", "500", "prose", "types", "refusal", "empty"]) as server:
        recorded = ran(tmp_path, server, 1, cassette={"file": tape, "mode": "record"})
    assert any(step.faults for step in recorded[0].steps)
    file = model_file(tmp_path, server.url, cassette={"file": tape, "mode": "replay"})
    run_job(job(file, 1), tmp_path / "again")
    assert [record.line() for record in weeks_in(tmp_path / "again")] == [record.line() for record in recorded]


def test_a_dead_endpoint_is_one_line_before_the_first_week(tmp_path: Path) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
    for seat in ({"judge": "none"}, {"reader": "local"}):
        with pytest.raises(RunError, match=r"nothing answers at .*; is the server running\?"):
            run_job(job(file, 1, **seat), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_a_resume_notices_another_model_file(tmp_path: Path) -> None:
    with FaultServer() as server:
        ran(tmp_path, server, 1)
        config = read_config(tmp_path / "run")
        file = model_file(tmp_path, server.url, temperature=0.1)
        assert set(config.models) == {str(file)}
        assert set(config.prompts) == {"reader", "judge"}
        with pytest.raises(UsageError, match=r"config differs in models\..*model\.yaml \([0-9a-f]{8} -> [0-9a-f]{8}\)"):
            run_job(job(file, 1), tmp_path / "run", resume=True)
        again = run_job(job(model_file(tmp_path, server.url), 1), tmp_path / "run", resume=True)
    assert again["weeks"] == 1


@pytest.mark.parametrize("name", ["coworker", "reader", "judge"])
def test_a_resume_notices_another_prompt(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
        everyone = job(file, 1, coworkers=f"scripted,david=llm:{file}")
        run_job(everyone, tmp_path / "run")
        real = versions.load_prompt
        monkeypatch.setattr(versions, "load_prompt", lambda given: real(given) + " New." * (given == name))
        with pytest.raises(UsageError, match=rf"config differs in prompts\.{name} \("):
            run_job(everyone, tmp_path / "run", resume=True)


def test_a_scripted_runs_config_is_as_before(tmp_path: Path) -> None:
    run_job(Job(Setup(), "decliner", "validation", 1), tmp_path / "run")
    text = (tmp_path / "run" / "config.yaml").read_text()
    assert "models:" not in text
    assert "prompts:" not in text
    assert "judge: none" in text


def test_what_twins_took_is_counted(tmp_path: Path) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
        made = job(file, 1)
        run_job(made, tmp_path / "run")
        before, asked = run_usage(tmp_path / "run"), server.calls
        run_twins(made, tmp_path / "run", 3)
        after = run_usage(tmp_path / "run")
        assert after.calls - before.calls == server.calls - asked > 0
    lines = [json.loads(line) for line in (tmp_path / "run" / "usage.jsonl").read_text().splitlines()]
    assert [line.get("twin") is None for line in lines] == [True, False, False, False]
    assert len({line["twin"] for line in lines[1:]}) == 3
    assert {line["episode_id"] for line in lines} == {lines[0]["episode_id"]}
    assert all(set(line["usage"]) == {"reader"} for line in lines[1:])
    assert json.loads((tmp_path / "run" / "summary.json").read_text())["judge"]["scored"] > 0
