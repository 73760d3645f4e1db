"""Which library loads the policy: transformers, or Unsloth on a GPU.

Unsloth rewrites transformers and TRL as they are imported, so `begin` comes before anything that imports them; nothing
here does so at its own import. Nobody else imports Unsloth.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

from ..agents.hf import UNTAUGHT, InstructedTurns, ModelNotes, read_notes
from ..agents.turns import TurnFormat
from ..agents.weights import causal_model, is_model
from ..episodes.errors import UsageError
from .settings import Backend, LoraSettings, TrainSettings

UNSLOTH = "unsloth"
TOO_LATE = ("transformers", "trl", "peft")
QUIET = {
    "TOKENIZERS_PARALLELISM": "false",
    "TRL_EXPERIMENTAL_SILENCE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "UNSLOTH_DISABLE_STATISTICS": "1",
}
"""What libraries are told unless the user has said otherwise: no notices, nothing sent anywhere."""


TRACKERS = {
    "wandb": {
        "WANDB_MODE": "offline",
        "WANDB_PROJECT": "work-life-firewall",
        "WANDB_DIR": "{folder}",
        "WANDB_SILENT": "true",
        "WANDB_ERROR_REPORTING": "false",
    },
    "trackio": {"TRACKIO_DIR": "{folder}/trackio", "GRADIO_ANALYTICS_ENABLED": "False"},
}
"""What a tracker is told unless the user has said otherwise: keep to the run's folder, send nothing anywhere."""


@dataclass(frozen=True)
class Loaded:
    """A policy, its tokenizer and format, and the folder and notes it came with.

    adapted: whether it has its adapters already; otherwise the trainer puts them on.
    """

    model: Any
    tokenizer: Any
    turns: TurnFormat
    folder: Path = Path()
    notes: ModelNotes = field(default=UNTAUGHT)
    adapted: bool = False


def begin(backend: Backend) -> None:
    """Make a backend ready, before transformers or trl is imported. Raises UsageError: it does not work here."""
    for key, value in QUIET.items():
        os.environ.setdefault(key, value)
    if backend != UNSLOTH or UNSLOTH in sys.modules:
        return
    late = [name for name in TOO_LATE if name in sys.modules]
    if late:
        raise UsageError(
            f"backend unsloth: has to be imported before {', '.join(late)}; start it in a process of its own"
        )
    try:
        import_module(UNSLOTH)
    except ModuleNotFoundError as error:
        hint = "pip install -c constraints/unsloth.txt '.[unsloth]' in an environment of its own"
        raise UsageError(f"backend unsloth: {error.name} is not installed: {hint}") from None
    except Exception as error:  # it refuses machines in many ways, a missing GPU with NotImplementedError
        raise UsageError(f"backend unsloth: cannot start: {type(error).__name__}: {first_line(error)}") from error


def track(tracker: str, folder: Path) -> None:
    """Prepare a tracker's environment, before transformers imports it; `folder` is the run's."""
    for key, value in TRACKERS.get(tracker, {}).items():
        os.environ.setdefault(key, value.format(folder=folder.resolve()))


def load(settings: TrainSettings, folder: Path) -> Loaded:
    """The policy of a folder as the settings want it. Raises UsageError: broken, no Gemma, or a library missing."""
    if not is_model(folder):
        raise UsageError(f"{folder}: no model folder (config.json is missing); make one with: wlf train warmstart")
    try:
        notes = read_notes(folder)
        if settings.backend == UNSLOTH:
            model, tokenizer = _by_unsloth(settings, folder)
        else:
            model, tokenizer = _by_transformers(settings, folder)
        turns = InstructedTurns(tokenizer, notes.instruction)
        return Loaded(model, tokenizer, turns, folder, notes, settings.backend == UNSLOTH)
    except UsageError:
        raise
    except Exception as error:  # loaders raise whatever their formats do; the user needs the folder and the reason
        raise UsageError(f"{folder}: cannot be loaded: {type(error).__name__}: {first_line(error)}") from error


def _by_transformers(settings: TrainSettings, folder: Path) -> tuple[Any, Any]:
    import torch
    from transformers import AutoTokenizer

    given: dict[str, Any] = {"dtype": torch.float32 if settings.load == "float32" else torch.bfloat16}
    if settings.load == "4bit":
        given |= _four_bits(settings)
    model = causal_model(folder, **given)
    if settings.lora is not None:
        _check_targets(model, settings.lora)
    return model, AutoTokenizer.from_pretrained(folder)


def _check_targets(model: Any, lora: LoraSettings) -> None:  # noqa: ANN401 - any causal model
    """Raises UsageError for targets that no linear layer is named after; PEFT itself passes over some of them."""
    names = {name.rpartition(".")[2] for name, module in model.named_modules() if hasattr(module, "in_features")}
    wrong = [target for target in lora.targets if target not in names]
    if wrong:
        raise UsageError(f"lora.targets: the model has no linear layers named {', '.join(wrong)}")


def _four_bits(settings: TrainSettings) -> dict[str, Any]:
    """NF4 with a second quantisation, computed in bfloat16; on this process's own device."""
    import torch
    from transformers import BitsAndBytesConfig

    gpu = settings.device != "cpu" and torch.cuda.is_available()
    return {
        "quantization_config": BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.bfloat16,
        ),
        "device_map": {"": int(os.environ.get("LOCAL_RANK", "0")) if gpu else "cpu"},
    }


def _by_unsloth(settings: TrainSettings, folder: Path) -> tuple[Any, Any]:
    """Unsloth's own loader, with its adapters. Raises UsageError when `begin` was not called first."""
    unsloth: Any = sys.modules.get(UNSLOTH)
    if unsloth is None:
        raise UsageError("backend unsloth: was not made ready before transformers; use wlf train")
    lora = settings.lora
    assert lora is not None  # the settings refuse this backend without
    import torch

    model, tokenizer = unsloth.FastLanguageModel.from_pretrained(
        model_name=str(folder),
        max_seq_length=settings.vllm.length,
        dtype=torch.bfloat16,
        load_in_4bit=settings.load == "4bit",
        fast_inference=settings.generation == "vllm",
        gpu_memory_utilization=settings.vllm.share,
        max_lora_rank=lora.rank,
        random_state=settings.seed,
    )
    model = unsloth.FastLanguageModel.get_peft_model(
        model,
        r=lora.rank,
        target_modules=list(lora.targets),
        lora_alpha=lora.alpha,
        lora_dropout=lora.dropout,
        use_gradient_checkpointing="unsloth",
        random_state=settings.seed,
    )
    return model, tokenizer


def first_line(error: Exception) -> str:
    """What an error says, in one line of at most 200 characters."""
    return str(error).strip().split("\n", 1)[0][:200]
