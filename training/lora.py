"""Adapters in place of weights: what they look like, and how they become part of a plain model again."""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch
from peft import LoraConfig
from transformers import AutoTokenizer

from ..agents.hf import NOTES
from ..agents.weights import ADAPTER, causal_model
from ..episodes.errors import RunError, UsageError
from .backend import first_line
from .settings import LoraSettings

DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "4bit": torch.bfloat16}
"""What the numbers of a merged model are, by how its base was loaded for training."""


def lora_config(settings: LoraSettings) -> LoraConfig:
    """PEFT's own settings."""
    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,  # pyright: ignore[reportArgumentType] - any number will do
        lora_dropout=settings.dropout,
        target_modules=list(settings.targets),
        bias="none",
        task_type="CAUSAL_LM",
    )


def name_base(adapter: Path, base: Path) -> None:
    """Write into an adapter folder which model it belongs to, whatever its library put there. Raises OSError."""
    file = adapter / ADAPTER
    said = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**said, "base_model_name_or_path": str(base)}, indent=2) + "\n", encoding="utf-8")


def merge(adapter: Path, out: Path, dtype: torch.dtype) -> None:
    """Write the model that an adapter folder and its base make together as a plain folder, tokenizer and notes too.

    The base is read again in `dtype`: one loaded in 4 bit has lost what merging needs. Raises UsageError when the
    adapter or its base cannot be read, RunError when the disk refuses.
    """
    try:
        model = causal_model(adapter, dtype=dtype)
        tokenizer = AutoTokenizer.from_pretrained(adapter)
    except Exception as error:  # loaders raise whatever their formats do
        raise UsageError(f"{adapter}: cannot be merged: {type(error).__name__}: {first_line(error)}") from error
    try:
        shutil.rmtree(out, ignore_errors=True)
        model.save_pretrained(out)
        tokenizer.save_pretrained(out)
        if (adapter / NOTES).exists():
            shutil.copyfile(adapter / NOTES, out / NOTES)
    except Exception as error:  # safetensors has its own words for a full disk
        raise RunError(f"{out}: cannot be written: {first_line(error)}") from error
