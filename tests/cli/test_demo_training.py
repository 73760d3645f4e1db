"""`wlf demo --train`: a tiny model trained, set beside what it was, and one of its weeks told; or one line why not."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from work_life_firewall.cli import demo_training
from work_life_firewall.training.settings import load

from ..training.tiny import SETTINGS, tiny_folder
from .terminal import Terminal

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore")]
needs_extra = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "transformers", "trl", "datasets"))), reason="needs the train extra"
)


@needs_extra
@pytest.mark.slow
def test_it_trains_compares_and_tells(wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "tiny.yaml"
    settings = load("quick", [f"model={tiny_folder(tmp_path / 'tiny')}", *SETTINGS, "steps=2"])
    config.write_text(yaml.safe_dump(settings.plain()), encoding="utf-8")
    monkeypatch.setattr(demo_training, "CONFIG", config)
    monkeypatch.setattr(demo_training, "WEEKS", 2)
    ran = wlf("demo", "--train", "--seed", "3")
    assert ran.code == 0
    assert "grpo 2/2 reward 0." in ran.err
    head = next(line for line in ran.out.splitlines() if "people-pleaser" in line and "careful" in line)
    assert "after 2 steps" in head
    for line in ("total", "boundary setting", "sprint delivered", "energy, Fri evening"):
        assert any(row.startswith(line) and row.count("[") == 3 for row in ran.out.splitlines())
    assert ran.out.index("Before and after") < ran.out.index("with the trained model")
    demo = tmp_path / "runs" / "demo"
    assert "with the trained model" in (demo / "transcript.txt").read_text(encoding="utf-8")
    training = demo / "training"
    for folder in ("untrained", "trained", "careful", "week"):
        assert wlf("score", training / folder).code == 0
    assert (training / "grpo" / "metrics.jsonl").read_text(encoding="utf-8").count("\n") == 2


def test_what_is_in_the_way_is_one_line_before_anything_is_played(
    wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = wlf("demo", "--train", "--coworkers", "human")
    assert (changed.code, changed.out) == (2, "")
    assert "in the world as it ships" in changed.complaint
    config = tmp_path / "away.yaml"
    config.write_text("schema: 1\nmodel: nowhere\n", encoding="utf-8")
    monkeypatch.setattr(demo_training, "CONFIG", config)
    away = wlf("demo", "--train")
    assert (away.code, away.out) == (2, "")
    assert "nowhere: no model folder" in away.complaint
    assert not (tmp_path / "runs").exists()
