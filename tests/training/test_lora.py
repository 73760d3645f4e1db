"""Adapters: they alone are trained, the KL term is against the model without them, and everything comes back."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel, get_peft_model
from safetensors.torch import load_file

from work_life_firewall.agents.hf import INSTRUCTION, local_model, read_notes
from work_life_firewall.agents.weights import causal_model
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.training import checkpoints
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.lora import lora_config, merge
from work_life_firewall.training.run import Done, load_model, train
from work_life_firewall.training.sampler import LocalSampler
from work_life_firewall.training.settings import LoraSettings, SampleSettings, TrainSettings, load
from work_life_firewall.training.shared import score_completions

from .published import KINDS, WIDE, Kind, published
from .tiny import SETTINGS

pytestmark = [pytest.mark.training, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

STEPS = 4
LORA = ("lora={rank: 4, alpha: 8}", "optim.beta=0.05", "steps=4", "weeks_alive=2", "replies=2")
TIMES = ("seconds", "tokens_per_second")


def settings(folder: Path, *changes: str) -> TrainSettings:
    return load("fork", (f"model={folder}", *SETTINGS, *LORA, *changes))


def run(folder: Path, out: Path, *changes: str, resume: bool = False) -> Done:
    made = settings(folder, *changes)
    return train(made, TrainFolder(out, made, resume))


def curve(out: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


def logits(model: Any) -> torch.Tensor:  # noqa: ANN401
    with torch.no_grad():
        return model.eval()(input_ids=torch.tensor([[2, 9, 8, 7, 40, 41]])).logits


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Kind, Path]:
    return {kind: published(kind, tmp_path_factory.mktemp(kind)) for kind in KINDS}


@pytest.fixture(scope="module")
def whole(folders: dict[Kind, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An uninterrupted run with adapters on a Gemma2."""
    out = tmp_path_factory.mktemp("whole") / "run"
    assert run(folders["gemma2"], out) == Done(out, STEPS, None)
    return out


def test_the_adapters_have_moved_and_nothing_else(folders: dict[Kind, Path], whole: Path) -> None:
    held = load_file(whole / "adapter" / "adapter_model.safetensors")
    assert held and all("lora_" in name for name in held)
    assert any(tensor.abs().max() > 0 for name, tensor in held.items() if "lora_B" in name)
    newest = checkpoints.latest(whole / "checkpoints")
    assert newest is not None and not (newest / "model.safetensors").exists()
    adapted: Any = PeftModel.from_pretrained(causal_model(folders["gemma2"]), str(whole / "adapter"))
    with adapted.disable_adapter():
        assert torch.equal(logits(adapted), logits(causal_model(folders["gemma2"])))


def test_the_kl_term_is_against_the_model_without_adapters(whole: Path) -> None:
    kl = [line["kl"] for line in curve(whole)]
    assert kl[0] == pytest.approx(0.0, abs=1e-6)  # adapters begin at nothing
    assert kl[-1] > 1e-5


def test_the_merged_folder_says_what_base_and_adapter_say(folders: dict[Kind, Path], whole: Path) -> None:
    adapted = PeftModel.from_pretrained(causal_model(folders["gemma2"]), str(whole / "adapter"))
    merged = causal_model(whole / "final")
    assert torch.allclose(logits(merged), logits(adapted), atol=1e-5)
    assert not torch.allclose(logits(merged), logits(causal_model(folders["gemma2"])), atol=1e-5)
    assert json.loads((whole / "final" / "config.json").read_text())["model_type"] == "gemma2"
    assert not (whole / "final" / "adapter_config.json").exists()


def test_the_merged_folder_and_the_adapter_play_weeks(whole: Path, tmp_path: Path) -> None:
    def played(folder: Path) -> str:
        job = Job(Setup(), f"hf:{folder}", "validation", weeks=1)
        run_job(job, tmp_path / folder.name)
        return (tmp_path / folder.name / "weeks.jsonl").read_text()

    notes = read_notes(whole / "final")
    assert (notes.instruction, notes.context, notes.made_by) == (INSTRUCTION, "turn", "grpo fork")
    merged, adapter = played(whole / "final"), played(whole / "adapter")
    said = [[step["reply"] for step in json.loads(text)["steps"]] for text in (merged, adapter)]
    assert said[0] == said[1] and any(said[0])


CHILD = """
import os, signal, sys
from pathlib import Path
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.run import train
from work_life_firewall.training.settings import load
made = load("fork", sys.argv[2:])
def tell(line):
    if line["step"] == 3:
        os.kill(os.getpid(), signal.SIGKILL)
train(made, TrainFolder(Path(sys.argv[1]), made, False), tell)
"""


def test_kill_9_at_a_checkpoint_resumes_with_the_same_curve(
    folders: dict[Kind, Path], whole: Path, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    command = [sys.executable, "-c", CHILD, str(out), f"model={folders['gemma2']}", *SETTINGS, *LORA]
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    killed = subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False, timeout=300)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [line["step"] for line in curve(out)] == [1, 2, 3]
    assert run(folders["gemma2"], out, resume=True).steps == STEPS
    assert curve(out) == curve(whole)
    ours, plain = (load_file(path / "adapter" / "adapter_model.safetensors") for path in (out, whole))
    assert all(torch.equal(ours[name], plain[name]) for name in plain)


@pytest.mark.parametrize("kind", ["gemma3", "multimodal"])
def test_gemma3_and_the_text_half_of_a_multimodal_one_train_too(
    folders: dict[Kind, Path], kind: Kind, tmp_path: Path
) -> None:
    out = tmp_path / "run"
    assert run(folders[kind], out, "steps=2", "load=bfloat16").steps == 2
    kept = json.loads((out / "final" / "config.json").read_text())
    assert kept["model_type"] == "gemma3_text"
    assert local_model(str(out / "final")).notes.instruction == INSTRUCTION
    assert load_file(out / "final" / "model.safetensors")["model.norm.weight"].dtype == torch.bfloat16


def test_whole_weeks_train_adapters_too(folders: dict[Kind, Path], tmp_path: Path) -> None:
    made = load("turn", (f"model={folders['gemma3']}", *SETTINGS, *LORA, "steps=1", "optim.rows_per_pass=2"))
    assert train(made, TrainFolder(tmp_path / "run", made, False)).steps == 1


@pytest.mark.parametrize("kind", ["gemma2", "gemma3"])
def test_replies_and_their_scores_are_those_of_the_adapters(folders: dict[Kind, Path], kind: Kind) -> None:
    """Whatever shortcuts a small Gemma on a CPU takes."""
    base = causal_model(folders[kind]).eval()
    adapted: Any = get_peft_model(base, lora_config(LoraSettings(rank=4))).eval()
    torch.manual_seed(1)
    for name, weight in adapted.named_parameters():
        if "lora_B" in name:
            weight.data.normal_(std=0.3)
    prompt = [2, 9, 8, 7, 40, 41]
    (said,) = LocalSampler(base, (5,), 0, SampleSettings(max_new_tokens=6), 0).replies([prompt], 1, key=1)
    ids = torch.tensor([prompt + said.ids])
    with torch.no_grad():
        odds = adapted(input_ids=ids).logits.log_softmax(-1)[0, len(prompt) - 1 : -1]
        scored = score_completions(base, ids, torch.ones_like(ids), len(said.ids)).logprobs[0]
    plain = odds.gather(1, torch.tensor(said.ids)[:, None]).squeeze(1)
    assert torch.allclose(plain, torch.tensor(said.logprobs), atol=1e-4)
    assert torch.allclose(plain, scored, atol=1e-4)
    with adapted.disable_adapter(), torch.no_grad():
        without = score_completions(base, ids, torch.ones_like(ids), len(said.ids)).logprobs[0]
    assert not torch.allclose(scored, without, atol=1e-2)


def test_recomputing_changes_nothing_but_the_memory(folders: dict[Kind, Path], whole: Path, tmp_path: Path) -> None:
    run(folders["gemma2"], tmp_path / "run", "optim.recompute=true", "steps=2")
    for again, once in zip(curve(tmp_path / "run"), curve(whole), strict=False):
        assert again["reward"] == once["reward"]
        assert again["grad_norm"] == pytest.approx(once["grad_norm"], rel=1e-3)


def test_a_run_may_leave_the_merging_to_later(folders: dict[Kind, Path], tmp_path: Path) -> None:
    out = tmp_path / "run"
    run(folders["gemma3"], out, "steps=1", "lora={rank: 4, merge: false}")
    assert not (out / "final").exists()
    merge(out / "adapter", tmp_path / "plain", torch.float32)
    assert torch.allclose(
        logits(load_model(tmp_path / "plain").model), logits(causal_model(out / "adapter")), atol=1e-5
    )


def test_what_cannot_be_merged_is_one_line(
    folders: dict[Kind, Path], whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UsageError, match="cannot be merged: FileNotFoundError"):
        merge(tmp_path / "nowhere", tmp_path / "out", torch.float32)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("transformers.Gemma2ForCausalLM.save_pretrained", full)
    with pytest.raises(RunError, match=r"cannot be written: .*No space left"):
        merge(whole / "adapter", tmp_path / "out", torch.float32)


def test_targets_that_the_model_does_not_have_are_refused(folders: dict[Kind, Path], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no linear layers named wqkv"):
        run(folders["gemma2"], tmp_path / "run", "lora={targets: [q_proj, wqkv]}")


@pytest.mark.skipif(not find_spec("bitsandbytes"), reason="4 bit needs bitsandbytes, which the train extra leaves out")
def test_four_bit_weights_train_adapters_and_merge_into_unquantised_ones(tmp_path: Path) -> None:
    out = tmp_path / "run"
    device = "gpu" if torch.cuda.is_available() else "cpu"
    folder = published("gemma2", tmp_path / "wide", **WIDE)
    assert run(folder, out, "steps=2", "load=4bit", f"device={device}").steps == 2
    assert "quantization_config" not in json.loads((out / "final" / "config.json").read_text())
    assert load_file(out / "final" / "model.safetensors")["model.norm.weight"].dtype == torch.bfloat16
