"""Who is measured: runs and model folders, what their marks depend on, and names that would clash."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.training.results.costs import costs
from work_life_firewall.training.results.players import label, mark, model_folder, players


def model(folder: Path, weights: str = "w") -> Path:
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "wlf.json").write_text(json.dumps({"schema": 1, "made_by": "hand"}))
    (folder / "model.safetensors").write_text(weights)
    return folder


def run(folder: Path, begun: Path) -> Path:
    model(folder / "final")
    (folder / "config.yaml").write_text(f"model: {begun}\nseed: 3\n")
    return folder


def test_a_run_is_its_final_model_and_knows_its_start(tmp_path: Path) -> None:
    start = model(tmp_path / "start", "before")
    found = players([run(tmp_path / "s0", start), run(tmp_path / "s1", start)], clone=model(tmp_path / "copy"))
    assert [(one.name, one.role) for one in found] == [
        ("oracle", "oracle"),
        ("careful", "careful"),
        ("clone", "clone"),
        ("untrained", "untrained"),
        ("s0", "trained"),
        ("s1", "trained"),
    ]
    assert found[3].spec == f"hf:{start}"
    assert found[4].spec == f"hf:{tmp_path / 's0' / 'final'}"
    assert found[4].run == tmp_path / "s0"
    assert found[2].label == "copy"


def test_a_mark_changes_with_the_weights_and_not_with_reports(tmp_path: Path) -> None:
    folder = model(tmp_path / "m")
    before = mark(folder)
    (folder / "report.json").write_text("{}")
    (folder / "metrics.jsonl").write_text("{}")
    assert mark(folder) == before
    (folder / "model.safetensors").write_text("other")
    assert mark(folder) != before


def test_no_path_of_a_machine_gets_into_the_record(tmp_path: Path) -> None:
    assert label(tmp_path / "runs" / "s0") == "s0"
    assert label(tmp_path / "s0" / "final") == "s0"
    assert label(Path("runs/s0")) == "runs/s0"


def test_what_cannot_be_measured_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no model folder"):
        model_folder(tmp_path)
    (tmp_path / "config.yaml").write_text("model: x\n")
    with pytest.raises(UsageError, match="no final model yet"):
        model_folder(tmp_path)
    bare = model(tmp_path / "bare")
    with pytest.raises(UsageError, match="--untrained"):
        players([bare])
    with pytest.raises(UsageError, match="two columns would be called 'bare'"):
        players([bare, bare], untrained=bare)
    with pytest.raises(UsageError, match="'trained'"):
        players([model(tmp_path / "trained")], untrained=bare)


def test_costs_are_those_of_the_metrics(tmp_path: Path) -> None:
    assert costs(tmp_path) is None
    seconds = {"total": 10.0, "generation": 4.0, "world": 1.0, "update": 5.0}
    lines = [{"step": step, "seconds": seconds, "tokens_per_second": 100.0 * step} for step in (1, 2)]
    (tmp_path / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = costs(tmp_path)
    assert found is not None
    assert (found["steps"], found["seconds"], found["seconds_per_step"]) == (2, 20.0, 10.0)
    assert found["share"] == {"generation": 0.4, "world": 0.1, "update": 0.5}
    assert found["tokens_per_second"] == 150.0
