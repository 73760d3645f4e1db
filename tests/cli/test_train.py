"""`wlf train`: a run from nothing to a policy that plays, resuming, the dry run, and one line for every slip."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..training.tiny import SETTINGS, tiny_folder
from .terminal import Terminal

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore")]
needs_extra = pytest.mark.skipif(
    not all(map(find_spec, ("torch", "transformers", "trl", "datasets"))), reason="needs the train extra"
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("torch")
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


def sets(folder: Path, *changes: str) -> list[str]:
    """The options that make quick.yaml tiny."""
    return [part for change in (f"model={folder}", *SETTINGS, *changes) for part in ("--set", change)]


@needs_extra
@pytest.mark.slow
def test_a_policy_is_trained_resumed_and_plays(wlf: Terminal, folder: Path, tmp_path: Path) -> None:
    run = tmp_path / "run"
    ran = wlf("train", "--config", "quick", "--out", run, *sets(folder, "steps=2"))
    assert (ran.code, ran.out.split(": the policy")[0].startswith("done: step 2")) == (0, True)
    assert "grpo 1/2 reward 0." in ran.err
    again = wlf("train", "--config", "quick", "--out", run, *sets(folder, "steps=2"))
    assert (again.code, "continue with --resume" in again.complaint) == (2, True)
    more = wlf("train", "--config", "quick", "--out", run, "--resume", "--json", *sets(folder, "steps=3"))
    assert more.code == 0
    assert json.loads(more.out) == {"folder": str(run), "steps": 3, "why": None}
    assert "going on after step 2" in more.err
    played = wlf(
        "run", "--policy", f"hf:{run / 'final'}", "--weeks", "2", "--concurrency", "2", "--out", tmp_path / "p"
    )
    assert played.code == 0
    assert (tmp_path / "p" / "weeks.jsonl").read_text().count("\n") == 2


@needs_extra
def test_the_dry_run_tells_the_plan_and_touches_nothing(wlf: Terminal, folder: Path, tmp_path: Path) -> None:
    ran = wlf("train", "--config", "fork", "--dry-run", "--json", "--out", tmp_path / "run", "--set", f"model={folder}")
    plan = json.loads(ran.out)
    assert (ran.code, plan["missing"]) == (0, [])
    assert plan["step"]["rows"] == 256
    assert plan["libraries"]["trl"]
    assert 10_000 < plan["parameters"] < 100_000
    assert plan["memory_mb"]["update"] > 0
    assert not (tmp_path / "run").exists()


def test_the_dry_run_tells_what_is_missing(wlf: Terminal, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    ran = wlf("train", "--config", "fork", "--dry-run", "--json", "--set", f"model={gone}")
    lacks = json.loads(ran.out)["missing"]
    assert ran.code == 2
    assert any("no model folder" in line and "wlf train warmstart" in line for line in lacks)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "--config is needed"),
        (("--config", "frok"), "did you mean 'fork'"),
        (("--config", "fork", "--set", "optim.lrr=1"), "unknown key 'optim.lrr'; did you mean 'lr'?"),
        (("--config", "fork", "--set", "model=nowhere/at/all"), "no model folder"),
        (("warmstart", "--config", "gone.yaml"), "no such file"),
        (("warmstart", "--set", "sed=1"), "did you mean 'seed'?"),
    ],
)
def test_a_slip_is_one_line(wlf: Terminal, options: tuple[str, ...], said: str) -> None:
    ran = wlf("train", *options) if options else wlf("train", "--set", "steps=1")
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.complaint


@needs_extra
def test_a_gpu_that_is_not_there_is_one_line(
    wlf: Terminal, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    ran = wlf("train", "--config", "fork", "--out", tmp_path / "run", *sets(folder, "device=gpu"))
    assert ran.code == 2
    assert "device: gpu is asked for and torch finds none" in ran.complaint
    assert not (tmp_path / "run").exists()


@needs_extra
def test_a_context_that_the_model_never_saw_is_refused(wlf: Terminal, tmp_path: Path) -> None:
    model = tiny_folder(tmp_path / "model")
    notes = json.loads((model / "wlf.json").read_text())
    (model / "wlf.json").write_text(json.dumps({**notes, "contexts": ["turn"]}))
    ran = wlf(
        "train", "--config", "turn", "--set", f"model={model}", "--set", "context=week", "--out", tmp_path / "run"
    )
    assert ran.code == 2
    assert "was not trained on context 'week'" in ran.complaint
