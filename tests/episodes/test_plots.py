"""`wlf plot`: which figures a set of folders yields, the numbers beside them, and folders that hold no run."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.plots import Played, Trained, energy, mean_curve, plot, read_run, running_mean
from work_life_firewall.world.scoring import COMPONENTS

pytest.importorskip("matplotlib")


def figure(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.05, "high": mean + 0.05, "n": 20}


def played(folder: Path, total: float) -> Path:
    folder.mkdir()
    stats = {
        "total": figure(total),
        "components": {name: figure(total) for name in COMPONENTS},
        "evening_energy": [figure(total - 0.02 * day) for day in range(5)],
        "acts": {"staging": {"accept": figure(total), "decline": figure(1 - total)}},
    }
    (folder / "summary.json").write_text(json.dumps({"schema": 1, "all": stats}))
    return folder


def trained(folder: Path) -> Path:
    folder.mkdir()
    lines = [{"step": step, "reward": 0.4, "week": 0.3 + step / 100 if step else None} for step in range(20)]
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


def read(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text().splitlines()))


def test_runs_of_both_sorts_give_all_four_figures_the_same_to_the_byte(tmp_path: Path) -> None:
    folders = [trained(tmp_path / "grpo"), played(tmp_path / "before", 0.4), played(tmp_path / "after", 0.8)]
    drawn = plot(folders, tmp_path / "a")
    assert {path.stem for path in drawn} == {"reward", "components", "energy", "decisions"}
    assert {path.suffix for path in drawn} == {".png", ".svg", ".csv"}
    again = {path.name: path.read_bytes() for path in plot(folders, tmp_path / "b")}
    assert {path.name: path.read_bytes() for path in drawn} == again


def test_the_numbers_beside_a_figure_are_those_of_the_runs(tmp_path: Path) -> None:
    plot([played(tmp_path / "before", 0.4), played(tmp_path / "after", 0.8)], tmp_path / "out")
    rows = read(tmp_path / "out" / "components.csv")
    assert {(row["run"], row["component"]): float(row["mean"]) for row in rows}["after", "total"] == 0.8
    assert len(rows) == 2 * (len(COMPONENTS) + 1)
    evenings = read(tmp_path / "out" / "energy.csv")
    assert [float(row["mean"]) for row in evenings if row["run"] == "before"] == [0.4, 0.38, 0.36, 0.34, 0.32]


def test_a_curve_prefers_week_totals_and_leaves_out_steps_without() -> None:
    run = Trained("a", [{"step": 1, "reward": 0.1}, {"step": 2, "reward": 0.2, "week": 0.5}])
    key, steps, values = run.curve()
    assert (key, list(steps), list(values)) == ("week", [2.0], [0.5])


def test_the_running_mean_starts_with_what_there_is() -> None:
    assert list(running_mean(np.array([1.0, 3.0, 5.0, 7.0]), 2)) == [1.0, 2.0, 4.0, 6.0]


def test_baselines_stand_beside_week_totals_only(tmp_path: Path) -> None:
    plot([trained(tmp_path / "grpo"), played(tmp_path / "careful", 0.7)], tmp_path / "a")
    assert "careful" in (tmp_path / "a" / "reward.svg").read_text()
    replies = tmp_path / "replies"
    replies.mkdir()
    (replies / "metrics.jsonl").write_text('{"step": 1, "reward": 0.4, "week": null}\n')
    plot([replies, tmp_path / "careful"], tmp_path / "b")
    assert "careful" not in (tmp_path / "b" / "reward.svg").read_text()


def test_several_seeds_are_drawn_with_their_mean(tmp_path: Path) -> None:
    runs = [trained(tmp_path / "s0"), trained(tmp_path / "s1")]
    plot(runs, tmp_path / "apart")
    assert {row["run"] for row in read(tmp_path / "apart" / "reward.csv")} == {"s0", "s1"}
    drawn = plot(runs, tmp_path / "together", together=True)
    rows = read(tmp_path / "together" / "reward.csv")
    assert [row["running_mean"] for row in rows if row["run"] == "mean"] == [
        row["running_mean"] for row in rows if row["run"] == "s0"
    ]
    again = {path.name: path.read_bytes() for path in plot(runs, tmp_path / "again", together=True)}
    assert {path.name: path.read_bytes() for path in drawn} == again


def test_the_mean_of_seeds_is_over_the_steps_that_all_have() -> None:
    one = (np.array([1.0, 2.0, 4.0]), np.array([0.0, 1.0, 2.0]))
    other = (np.array([2.0, 3.0, 4.0]), np.array([3.0, 9.0, 6.0]))
    steps, values, smooth = mean_curve([one, other])
    assert (list(steps), list(values)) == ([2.0, 4.0], [2.0, 4.0])
    assert list(smooth) == [(0.5 + 3.0) / 2, (1.0 + 6.0) / 2]


def test_seeds_are_thin_lines_of_the_evenings(tmp_path: Path) -> None:
    both = {name: read_run(played(tmp_path / name, total))[0] for name, total in (("trained", 0.5), ("s0", 0.7))}
    run, seed = both["trained"], both["s0"]
    assert isinstance(run, Played) and isinstance(seed, Played)
    energy([run], tmp_path / "energy", {"trained": [seed]})
    assert [row["run"] for row in read(tmp_path / "energy.csv")] == ["trained"] * 5 + ["s0"] * 5


@pytest.mark.parametrize("text", ["{", ""])
def test_folders_without_a_readable_run_are_refused_in_one_line(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    if text:
        (folder / "summary.json").write_text(text)
    with pytest.raises(RunError if text else UsageError, match="run"):
        plot([folder], tmp_path / "out")
