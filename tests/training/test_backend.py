"""Backends: Unsloth comes first and only when asked for, folders of every format load, and refusals are one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from work_life_firewall.agents.hf import INSTRUCTION, UNTAUGHT, BadModel, InstructedTurns, local_model, read_notes
from work_life_firewall.config import ConfigError
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.training.backend import begin
from work_life_firewall.training.backend_shape import PUBLISHED, parameters, shape_of
from work_life_firewall.training.settings import TrainSettings, load

from .published import KINDS, TEXT, Kind, published
from .tiny import SETTINGS

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore")]

FAKE = '''
"""Unsloth as far as a run sees it: its two calls, by transformers and PEFT."""
import os, sys
if os.environ.get("FAKE_UNSLOTH") == "refuse":
    raise NotImplementedError("Unsloth cannot find any torch accelerator? You need a GPU.\\nand more")
late = {"transformers", "trl", "peft"} & set(sys.modules)
assert not late, f"too late: {late}"
CALLS = []
class FastLanguageModel:
    @staticmethod
    def from_pretrained(model_name, **given):
        from transformers import AutoModelForCausalLM, AutoTokenizer
        CALLS.append(given)
        return AutoModelForCausalLM.from_pretrained(model_name), AutoTokenizer.from_pretrained(model_name)
    @staticmethod
    def get_peft_model(model, r, target_modules, lora_alpha, lora_dropout, **given):
        from peft import LoraConfig, get_peft_model
        CALLS.append(given)
        return get_peft_model(model, LoraConfig(r=r, target_modules=target_modules, lora_alpha=lora_alpha))
'''
RUN = """
import sys
from pathlib import Path
import work_life_firewall.cli.train
assert not {"unsloth", "transformers", "trl", "peft", "torch"} & set(sys.modules), "imported too early"
from work_life_firewall.training.backend import begin
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.settings import load
made = load("fork", sys.argv[2:])
begin(made.backend)
from work_life_firewall.training.run import train
done = train(made, TrainFolder(Path(sys.argv[1]), made, False))
import unsloth
print(done.steps, unsloth.CALLS[0]["load_in_4bit"], unsloth.CALLS[0]["max_lora_rank"])
"""
UNSLOTH = ("backend=unsloth", "load=4bit", "lora={rank: 4}", "device=auto")


def in_a_process(code: str, tmp_path: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Python with the pretended Unsloth on its path."""
    (tmp_path / "fake").mkdir(exist_ok=True)
    (tmp_path / "fake" / "unsloth.py").write_text(FAKE)
    given = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONPATH": str(tmp_path / "fake"), **env}
    return subprocess.run(
        [sys.executable, "-c", code, *args],
        capture_output=True,
        text=True,
        env=given,
        cwd=tmp_path,
        check=False,
        timeout=300,
    )


@pytest.mark.slow
def test_unsloth_is_imported_first_and_its_model_is_trained_by_the_trainers_own_generation(tmp_path: Path) -> None:
    """Not Unsloth itself, which needs a GPU: the order of imports, its two calls, and rows that TRL generates."""
    model = published("gemma2", tmp_path / "model")
    changes = (f"model={model}", *SETTINGS, *UNSLOTH, "weeks_alive=2", "replies=2", "steps=2")
    ran = in_a_process(RUN, tmp_path, str(tmp_path / "run"), *changes)
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout.strip() == "2 True 4"
    assert (tmp_path / "run" / "final" / "model.safetensors").exists()
    assert len((tmp_path / "run" / "metrics.jsonl").read_text().splitlines()) == 2


def test_unsloth_that_refuses_the_machine_is_one_line(tmp_path: Path) -> None:
    code = "from work_life_firewall.training.backend import begin; begin('unsloth')"
    ran = in_a_process(code, tmp_path, FAKE_UNSLOTH="refuse")
    last = ran.stderr.strip().splitlines()[-1]
    assert "UsageError: backend unsloth: cannot start: NotImplementedError: Unsloth cannot find" in last


def test_unsloth_after_transformers_is_refused() -> None:
    pytest.importorskip("transformers")
    with pytest.raises(UsageError, match="has to be imported before"):
        begin("unsloth")


def test_unsloth_that_is_not_installed_is_one_line(tmp_path: Path) -> None:
    code = "from work_life_firewall.training.backend import begin; begin('unsloth')"
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=env, cwd=tmp_path, check=False
    )
    assert "backend unsloth: unsloth is not installed: pip install" in ran.stderr.strip().splitlines()[-1]


def test_the_plain_backend_imports_nothing() -> None:
    code = "import sys; from work_life_firewall.training.backend import begin; begin('hf'); print(*sys.modules)"
    env = {**os.environ, "PYTHONSAFEPATH": "1"}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True)
    assert not {"unsloth", "torch", "transformers", "trl", "peft"} & set(ran.stdout.split())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("load=4bit", "load 4bit trains adapters only"),
        ("load=bfloat16", "load bfloat16 trains adapters only"),
        ("backend=unsloth", "backend unsloth trains adapters only"),
        ("generation=vllm", "generation vllm needs a GPU: set device to gpu"),
        ("backend=unslot", "Input should be 'hf' or 'unsloth'"),
        ("lora={ranks: 3}", "Extra inputs are not permitted"),
    ],
)
def test_settings_that_do_not_fit_are_refused(change: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load("fork", [change])


@pytest.mark.parametrize("kind", KINDS)
def test_a_published_gemma_plays_with_an_instruction(kind: Kind, tmp_path: Path) -> None:
    folder = published(kind, tmp_path)
    assert read_notes(folder) == UNTAUGHT
    local = local_model(str(folder))
    turns = local.batcher.turns
    assert isinstance(turns, InstructedTurns)
    first, later = turns.turn_ids("Mon 10:50", True), turns.turn_ids("Mon 10:50", False)
    assert INSTRUCTION in turns.text(first[2:])
    assert INSTRUCTION not in turns.text(later[2:])
    assert type(local.batcher._model).__name__ in ("Gemma2ForCausalLM", "Gemma3ForCausalLM")


def test_the_text_half_of_a_multimodal_model_says_what_the_whole_says(tmp_path: Path) -> None:
    import torch
    from transformers import AutoModelForImageTextToText

    from work_life_firewall.agents.weights import causal_model

    folder = published("multimodal", tmp_path / "whole")
    ids = torch.tensor([[2, 9, 8, 7, 40]])
    whole: Any = AutoModelForImageTextToText.from_pretrained(folder).eval()
    half = causal_model(folder).eval()
    assert torch.allclose(half(input_ids=ids).logits, whole(input_ids=ids).logits, atol=1e-5)
    half.save_pretrained(tmp_path / "half")
    again = causal_model(tmp_path / "half").eval()
    assert torch.equal(again(input_ids=ids).logits, half(input_ids=ids).logits)


def test_both_names_of_a_multimodal_checkpoint_are_known(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file, save_file

    from work_life_firewall.agents.weights import causal_model

    folder = published("multimodal", tmp_path)
    ids = torch.tensor([[2, 9, 8, 7]])
    before = causal_model(folder).eval()(input_ids=ids).logits
    held = load_file(folder / "model.safetensors")
    old = "language_model.model."
    assert any(name.startswith(old) for name in held)
    newer = {
        f"model.language_model.{name.removeprefix(old)}" if name.startswith(old) else f"model.{name}": tensor
        for name, tensor in held.items()
    }
    save_file(newer, folder / "model.safetensors", metadata={"format": "pt"})
    assert torch.equal(causal_model(folder).eval()(input_ids=ids).logits, before)


def test_gemma2_is_never_read_by_a_kernel_that_drops_its_caps(tmp_path: Path) -> None:
    from work_life_firewall.agents.weights import causal_model

    assert causal_model(published("gemma2", tmp_path)).config._attn_implementation == "eager"


def test_an_adapter_whose_base_is_gone_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text('{"base_model_name_or_path": "nowhere/at/all"}')
    with pytest.raises(BadModel, match="cannot be loaded: ") as raised:
        local_model(str(tmp_path))
    assert "\n" not in str(raised.value)


def test_sizes_come_from_the_config(tmp_path: Path) -> None:
    for kind in KINDS:
        shape = shape_of(published(kind, tmp_path / kind))
        assert shape is not None and shape.hidden == TEXT["hidden_size"]
        counted = parameters(tmp_path / kind)
        assert counted is not None and 0 < counted - shape.parameters() < 0.02 * counted  # the norms
    assert round(PUBLISHED["google/gemma-2-9b-it"].parameters() / 1e8) == 92
    assert PUBLISHED["google/gemma-2-9b-it"].adapters(16, TrainSettings(model="x", lora={}).lora.targets) == 54_018_048  # pyright: ignore
    assert shape_of(tmp_path) is None
