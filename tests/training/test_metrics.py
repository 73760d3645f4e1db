"""Metrics: plain JSON whatever TRL logs, shares of what deserved what, and a file that forgets what a crash left."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.episodes.errors import RunError
from work_life_firewall.episodes.job import Setup
from work_life_firewall.training import checkpoints, metrics
from work_life_firewall.training.batch import Batch, Noted, Row, Sample, Stopwatch, Tally, mean_scores
from work_life_firewall.training.ranks import summed
from work_life_firewall.world import direct
from work_life_firewall.world.engine import start
from work_life_firewall.world.fault import Fault
from work_life_firewall.world.generator import generate
from work_life_firewall.world.nodes import Ports
from work_life_firewall.world.scoring import Scores


def batch(tally: Tally) -> Batch:
    return Batch([Row([1], [2, 3], [0.0, 0.0])], [0.4, 0.6], np.array([-1.0, 1.0]), tally)


def test_a_line_is_plain_json_with_null_for_what_is_not_known() -> None:
    tally = Tally(generation=2.0, world=0.5, tokens=100, replies=4)
    tally.finals = [Scores(1, 1, 1, 1, 1), Scores(0, 0, 0, 0, 0)]
    line = json.loads(metrics.text(metrics.line(7, batch(tally), {"kl": float("nan"), "loss": 0.1}, 10.0)))
    assert (line["step"], line["reward"], line["reward_std"]) == (7, 0.5, 0.1)
    assert line["components"]["boundary_setting"] == 0.5
    assert line["kl"] is line["week"] is line["regret"] is line["refused"] is line["entropy"] is None
    assert line["tokens_per_second"] == 50
    assert line["reply_tokens"] == 25
    assert line["seconds"] == {"total": 10.0, "generation": 2.0, "world": 0.5, "update": 7.5}


def test_replies_are_counted_by_what_they_were_read_as_and_what_was_deserved() -> None:
    setup = Setup()
    recipe = setup.recipe()
    seats = setup.plan(recipe, "careful")
    state = start(generate(recipe, 0))
    tally = Tally()
    for reply in ("I will take this now and restore it by 9 am.", "", "I will take this now and restore it by 9 am."):
        outcome = asyncio.run(direct.step(state, reply, Ports(seats.reader, seats.coworkers)))
        tally.note(state, reply, outcome, 5)
        if not reply:
            state = outcome.state
    assert (tally.replies, tally.tokens, tally.empty) == (3, 15, 1)
    assert sum(tally.acts.values()) >= 3
    assert tally.acts["ignore"] >= 1
    shares = [tally.share(need, "yes") for need in ("light", "real")]
    assert any(share is not None for share in shares)
    assert Tally().share("light", "no") is None


def test_what_a_server_keeps_to_itself_is_null_and_faults_are_counted() -> None:
    slow = Fault(who="priya", rung="retry", kind="timeout", detail="", ms=1.0)
    gone = Fault(who="priya", rung="scripted", kind="http", detail="", ms=1.0)
    tally = Tally()
    tally.add("No.", Noted(("decline", "ignore"), ("light", "real"), False, (slow, slow, gone)), 3)
    line = metrics.line(1, batch(tally), {}, 1.0)
    assert (line["faults"], line["stand_ins"]) == ({"http": 1, "timeout": 2}, 1)
    assert (line["refused"], line["taken"], line["unclear"]) == (1.0, 0.0, 0.0)
    untold = Tally()
    untold.add("", Noted(("unclear",), (), True, None), 0)
    line = metrics.line(1, batch(untold), {}, 1.0)
    assert line["faults"] is line["stand_ins"] is line["refused"] is line["taken"] is None
    assert (line["unclear"], line["repeats"], line["empty"]) == (1.0, 1.0, 1.0)
    both = summed([tally, untold])
    assert metrics.line(1, batch(both), {}, 1.0)["faults"] is None


def test_a_metrics_file_forgets_later_steps_and_torn_lines(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    assert metrics.read(path) == []
    for step in (1, 2, 3):
        metrics.append(path, {"step": step, "reward": 0.123456789})
    with path.open("a") as file:
        file.write('{"step": 4, "rew')
    metrics.cut(path, 2)
    assert metrics.read(path) == [{"step": 1, "reward": 0.123457}, {"step": 2, "reward": 0.123457}]
    path.write_text("{}x\n")
    with pytest.raises(RunError, match=r"metrics\.jsonl:1: not JSON"):
        metrics.read(path)
    with pytest.raises(RunError, match="cannot be written"):
        metrics.append(tmp_path, {"step": 1})


def test_samples_are_spread_over_the_step(tmp_path: Path) -> None:
    said = ["", *["a\nb"] * 9]
    samples = [Sample("w", f"event#{n}", "seen", reply, ("accept",), 0.5) for n, reply in enumerate(said)]
    metrics.write_samples(tmp_path / "samples", 20, samples, 5)
    text = (tmp_path / "samples" / "step-00020.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        f"## event#{number} (w)" for number in (0, 2, 4, 6, 8)
    ]
    assert "> (nothing)" in text
    assert "> a\n> b" in text


def test_a_stopwatch_adds_up_and_means_are_by_component() -> None:
    tally = Tally()
    for _ in range(2):
        with Stopwatch(tally, "world"):
            sum(range(1000))
    assert tally.world > 0
    assert tally.generation == 0
    assert mean_scores([]) is None
    assert mean_scores([Scores(0, 0, 0, 0, 1), Scores(1, 0, 0, 0, 0)]) == Scores(0.5, 0, 0, 0, 0.5)


def test_a_checkpoint_without_its_mark_or_with_another_content_does_not_count(tmp_path: Path) -> None:
    for step in (5, 10):
        folder = tmp_path / f"checkpoint-{step}"
        folder.mkdir()
        (folder / "weights").write_bytes(bytes(step))
        checkpoints.seal(folder, {"pool": {"taken": step}})
    newest = tmp_path / "checkpoint-10"
    assert checkpoints.latest(tmp_path) == newest
    assert checkpoints.state_of(newest)["pool"] == {"taken": 10}
    (newest / "weights").write_bytes(b"x" * 10)
    assert checkpoints.latest(tmp_path) == tmp_path / "checkpoint-5"
    (tmp_path / "checkpoint-15").mkdir()
    assert checkpoints.sweep(tmp_path) == ["checkpoint-10", "checkpoint-15"]
    assert checkpoints.step(tmp_path / "checkpoint-x") == -1
    with pytest.raises(RunError, match="cannot be read"):
        checkpoints.state_of(newest)
