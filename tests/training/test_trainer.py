"""Runs: metrics every step, the same curve twice, and the same curve after kill -9 and SIGTERM."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from datasets import Dataset

from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.training import checkpoints
from work_life_firewall.training.batch import Batch, Row, Tally
from work_life_firewall.training.credit import group_advantages
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.run import Done, Loaded, load_model, train
from work_life_firewall.training.sampler import LocalSampler
from work_life_firewall.training.settings import StopSettings, TrainSettings, changed, load
from work_life_firewall.training.trainer import WeekTrainer, grpo_config
from work_life_firewall.training.watch import Collapse

from .tiny import SETTINGS, tiny_folder

pytestmark = [pytest.mark.training, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

STEPS = 6
TIMES = ("seconds", "tokens_per_second")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


def settings(folder: Path, *changes: str, name: str = "fork") -> TrainSettings:
    return load(name, (f"model={folder}", *SETTINGS, f"steps={STEPS}", *changes))


def run(folder: Path, out: Path, *changes: str, resume: bool = False, name: str = "fork") -> Done:
    made = settings(folder, *changes, name=name)
    return train(made, TrainFolder(out, made, resume))


def curve(out: Path) -> list[dict[str, Any]]:
    """The metrics of a run without what the clock says."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


@pytest.fixture(scope="module")
def whole(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run."""
    out = tmp_path_factory.mktemp("whole") / "run"
    assert run(folder, out) == Done(out, STEPS, None)
    return out


def test_a_run_leaves_its_config_metrics_samples_checkpoints_and_policy(whole: Path) -> None:
    lines = curve(whole)
    assert [line["step"] for line in lines] == list(range(1, STEPS + 1))
    for line in lines:
        assert set(line["components"]) == {
            "technical_resolution",
            "communication_quality",
            "boundary_setting",
            "energy_to_friday",
            "relationship_preservation",
        }
        assert 0 <= line["reward"] <= 1
        assert sum(line["acts"].values()) == pytest.approx(1.0, abs=1e-4)
        assert line["entropy"] > 0
        assert line["kl"] >= 0
        assert line["regret"] is not None
    assert lines[-1]["kl"] > 0  # the weights have moved from the warm start's
    seconds = json.loads((whole / "metrics.jsonl").read_text().splitlines()[-1])["seconds"]
    assert set(seconds) == {"total", "generation", "world", "update"}
    assert (whole / "samples" / "step-00001.md").read_text().startswith("# Step 1")
    assert checkpoints.step(checkpoints.latest(whole / "checkpoints") or Path()) == STEPS
    load_model(whole / "final")
    assert json.loads((whole / "final" / "wlf.json").read_text())["context"] == "turn"


def test_the_same_settings_give_the_same_curve_and_another_seed_another(
    folder: Path, whole: Path, tmp_path: Path
) -> None:
    run(folder, tmp_path / "again")
    assert curve(tmp_path / "again") == curve(whole)
    run(folder, tmp_path / "other", "seed=1", "steps=2", "keep.checkpoint_every=0")
    assert curve(tmp_path / "other") != curve(whole)[:2]


CHILD = """
import os, signal, sys
from pathlib import Path
from work_life_firewall.training.batch import Batch, Row, Tally
from work_life_firewall.training.credit import group_advantages
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.run import train
from work_life_firewall.training.settings import load
made = load("fork", sys.argv[4:])
def tell(line):
    if line["step"] == int(sys.argv[2]):
        os.kill(os.getpid(), getattr(signal, sys.argv[3]))
done = train(made, TrainFolder(Path(sys.argv[1]), made, False), tell)
print(done.steps, done.why)
"""


def killed(folder: Path, out: Path, step: int, how: str) -> subprocess.CompletedProcess[str]:
    """A run of its own process that gets a signal when the metrics of a step are written."""
    changes = (f"model={folder}", *SETTINGS, f"steps={STEPS}")
    command = [sys.executable, "-c", CHILD, str(out), str(step), how, *changes]
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=out.parent, check=False, timeout=300)


def test_kill_9_between_checkpoints_resumes_with_the_same_curve(folder: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    assert killed(folder, out, 5, "SIGKILL").returncode == -signal.SIGKILL
    assert [line["step"] for line in curve(out)] == [1, 2, 3, 4, 5]
    assert not (out / "final").exists()
    with (out / "metrics.jsonl").open("a") as file:
        file.write('{"schema": 1, "step": 6, "torn')
    torn = out / "checkpoints" / "checkpoint-6"
    torn.mkdir()
    (torn / "model.safetensors").write_bytes(b"half")
    made = settings(folder)
    opened = TrainFolder(out, made, resume=True)
    assert (opened.done, opened.torn) == (4, ["checkpoint-6"])
    assert train(made, opened).steps == STEPS
    assert curve(out) == curve(whole)
    ours, plain = (path / "final" / "model.safetensors" for path in (out, whole))
    assert ours.read_bytes() == plain.read_bytes()


def test_muon_and_an_explorer_resume_alike(folder: Path, tmp_path: Path) -> None:
    changes = ("optim.muon_lr=0.01", f"explore={{model: {folder}, candidates: 3, keep: 1}}", "candidates=4")
    run(folder, tmp_path / "whole", *changes)
    run(folder, tmp_path / "parts", *changes)
    for later in (tmp_path / "parts" / "checkpoints").glob("checkpoint-6"):
        shutil.rmtree(later)
    shutil.rmtree(tmp_path / "parts" / "final")
    opened = TrainFolder(tmp_path / "parts", settings(folder, *changes), resume=True)
    assert opened.done == 4
    assert train(settings(folder, *changes), opened).steps == STEPS
    assert curve(tmp_path / "parts") == curve(tmp_path / "whole")


def test_sigterm_finishes_the_step_keeps_it_and_resumes(folder: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    ended = killed(folder, out, 3, "SIGTERM")
    assert (ended.returncode, ended.stdout.strip()) == (0, "3 stopped")
    assert checkpoints.step(checkpoints.latest(out / "checkpoints") or Path()) == 3
    assert not (out / "final").exists()
    assert run(folder, out, resume=True).steps == STEPS
    assert curve(out) == curve(whole)


def test_a_broken_checkpoint_gives_way_to_the_one_before(folder: Path, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(folder, out)
    newest = checkpoints.latest(out / "checkpoints")
    assert newest is not None
    file = newest / "optimizer.pt"
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    assert not checkpoints.whole(newest)
    assert run(folder, out, resume=True).steps == STEPS
    assert curve(out) == curve(whole)


@pytest.mark.parametrize(("name", "context"), [("turn", "week"), ("turn", "turn"), ("episode", "turn")])
def test_whole_weeks_train_too(folder: Path, tmp_path: Path, name: str, context: str) -> None:
    changes = ("weeks_alive=2", "replies=2", "steps=2", "optim.rows_per_pass=2", f"context={context}")
    assert run(folder, tmp_path / name, *changes, name=name).steps == 2
    first, second = curve(tmp_path / name)
    assert first["weeks"] == second["weeks"] == 4
    assert first["reward"] == pytest.approx(first["week"])


def test_a_folder_of_another_run_is_refused(folder: Path, whole: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="continue with --resume"):
        TrainFolder(whole, settings(folder), resume=False)
    with pytest.raises(UsageError, match=r"begun with other settings \(gamma, optim\)"):
        TrainFolder(whole, settings(folder, "optim.lr=1", "gamma=0.5"), resume=True)
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="already holds files"):
        TrainFolder(tmp_path / "file", settings(folder), resume=False)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="holds no training run"):
        TrainFolder(tmp_path / "notes", settings(folder), resume=True)


def test_a_full_disk_is_one_line(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transformers.Trainer._save_checkpoint", full)
    with pytest.raises(RunError, match=r"checkpoint cannot be written: .*No space left"):
        run(folder, tmp_path / "run")
    assert len(curve(tmp_path / "run")) == 2


def test_models_that_cannot_be_loaded(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no model folder"):
        load_model(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(UsageError, match="cannot be loaded: "):
        load_model(tmp_path)


def test_collapse_needs_patience_in_a_row() -> None:
    collapse = Collapse(StopSettings(patience=2))
    fine, bad = ({"entropy": entropy, "unclear": 0.0, "repeats": 0.0} for entropy in (1.0, 0.001))
    for line in (bad, fine, bad):
        collapse.see(line)
    assert collapse.why is None
    collapse.see(bad)
    assert collapse.why is not None
    assert "entropy 0.001" in collapse.why


def test_a_collapsed_run_stops_with_a_checkpoint_and_a_policy(folder: Path, tmp_path: Path) -> None:
    done = run(folder, tmp_path / "run", "stop.unclear=0.0", "stop.patience=3")
    assert done.steps == 3
    assert done.why is not None
    assert done.why.startswith("collapsed: unclear")
    assert (tmp_path / "run" / "final" / "config.json").exists()


class EvenRollout:
    """Pays for even token ids, so that learning can be seen without a world. `paid` is the mean reward by step."""

    def __init__(self, made: TrainSettings, loaded: Loaded) -> None:
        self._sampler = LocalSampler(loaded.model, loaded.turns.end_ids, 0, made.sampling, made.seed)
        self._made = made
        self.paid: list[float] = []

    def step(self, number: int) -> Batch:
        prompts = [[2, 9, 8, 7 + place] for place in range(self._made.weeks_alive)]
        said = self._sampler.replies(prompts, self._made.replies, key=number)
        rewards = [sum(token % 2 == 0 for token in one.ids) / len(one.ids) for one in said]
        self.paid.append(sum(rewards) / len(rewards))
        rows = [Row(prompts[place // self._made.replies], one.ids, one.logprobs) for place, one in enumerate(said)]
        advantages = group_advantages(np.array(rewards).reshape(-1, self._made.replies)).reshape(-1)
        return Batch(rows, rewards, advantages, Tally())


@pytest.mark.parametrize("passes", [0, 16])
def test_what_earns_more_is_said_more_often(folder: Path, tmp_path: Path, passes: int) -> None:
    steps = 25
    made = settings(folder, f"steps={steps}", "weeks_alive=4", "replies=8", "keep.checkpoint_every=0", "optim.beta=0")
    made = changed(made, [f"optim.rows_per_pass={passes}"])
    loaded = load_model(folder)
    rollout = EvenRollout(made, loaded)
    prompts = Dataset.from_dict({"prompt": ["week"] * (4 * steps)})
    trainer = WeekTrainer(
        made,
        rollout,
        lambda *_: True,
        lambda _: None,
        model=loaded.model,
        args=grpo_config(made, tmp_path, steps),
        train_dataset=prompts,
        processing_class=loaded.tokenizer,
    )
    trainer.train()
    assert sum(rollout.paid[-3:]) / 3 > sum(rollout.paid[:3]) / 3 + 0.25
