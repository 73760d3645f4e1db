"""What a run would do, need and lack, before it does anything: `wlf train --dry-run`. Imports no torch."""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
import shutil
import struct
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from math import prod
from pathlib import Path
from typing import Any

from ..agents.hf import BadModel, read_notes
from .settings import TrainSettings

LIBRARIES = ("torch", "trl", "transformers", "accelerate", "datasets")
TRACKERS: Mapping[str, str] = {"wandb": "wandb", "trackio": "trackio"}
FLOAT = 4
PROMPT_TOKENS, WEEK_TOKENS = 160, 2_400
"""A usual decision's prompt and a usual week, in tokens of the small Gemma; a foreseen order of size, no limit."""
COPIES = 5
"""Weights, gradients, two moments of Adam, and the reference policy that the KL term is against."""
LAYER_FLOATS = 24
"""Numbers a layer keeps of a token for the way back, in units of its width."""
LEAST_DISK = 200e6


def resolved(settings: TrainSettings, out: Path) -> dict[str, Any]:
    """The plan: settings, size of a step, versions, memory, and what is missing (one line each, [] when ready)."""
    weights = parameters(Path(settings.model))
    return {
        "settings": settings.plain(),
        "out": str(out),
        "step": _step(settings),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "parameters": weights,
        "memory_mb": _memory(settings, weights),
        "missing": missing(settings, out),
    }


def missing(settings: TrainSettings, out: Path) -> list[str]:
    """What stands in the way of a run, one line each."""
    lacks = [
        f"{name} is not installed: pip install 'openenv-work-life-firewall[train]'"
        for name in LIBRARIES
        if find_spec(name) is None
    ]
    tracker = TRACKERS.get(settings.tracker)
    if tracker and find_spec(tracker) is None:
        lacks.append(f"tracker: {tracker} is not installed: pip install {tracker}, or --set tracker=none")
    folder = Path(settings.model)
    if not (folder / "config.json").is_file():
        lacks.append(f"{folder}: no model folder (config.json is missing); make one with: wlf train warmstart")
    else:
        lacks += _unfit(folder, settings)
    return lacks + _no_gpu(settings) + _no_room(out)


def _unfit(folder: Path, settings: TrainSettings) -> list[str]:
    """Whether the folder's own notes allow the context that the credit needs."""
    try:
        notes = read_notes(folder)
    except BadModel as error:
        return [str(error)]
    if settings.context not in notes.contexts:
        return [f"{folder}: was not trained on context {settings.context!r}, which credit {settings.credit!r} needs"]
    return []


def _no_gpu(settings: TrainSettings) -> list[str]:
    if settings.device != "gpu" or find_spec("torch") is None:
        return []
    import torch

    return [] if torch.cuda.is_available() else ["device: gpu is asked for and torch finds none; --set device=cpu"]


def _no_room(out: Path) -> list[str]:
    there = next((path for path in (out, *out.parents) if path.exists()), Path("."))
    free = shutil.disk_usage(there).free
    return [f"{there}: {free / 1e6:.0f} MB free, checkpoints want {LEAST_DISK / 1e6:.0f}"] if free < LEAST_DISK else []


def parameters(folder: Path) -> int | None:
    """Numbers in a folder's safetensors files, from their headers; None when there are none to read."""
    try:
        return sum(_count(path) for path in folder.glob("*.safetensors")) or None
    except (OSError, ValueError, struct.error, KeyError):
        return None


def _count(path: Path) -> int:
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return sum(prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")


def _step(settings: TrainSettings) -> dict[str, Any]:
    what = "replies" if settings.credit == "fork" else "weeks"
    return {
        "rows": settings.rows,
        "of": f"{settings.weeks_alive} x {settings.replies} {what}",
        "context": settings.context,
        "rows_in_memory": settings.optim.rows_per_pass or settings.rows,
    }


def _memory(settings: TrainSettings, weights: int | None) -> dict[str, int] | None:
    """Megabytes: weights and optimiser, and what an update keeps of its tokens; None for an unknown model."""
    shape = _shape(Path(settings.model))
    if weights is None or shape is None:
        return None
    rows = settings.optim.rows_per_pass or settings.rows
    if settings.credit == "fork":
        tokens = rows // settings.replies * PROMPT_TOKENS + rows * settings.sampling.max_new_tokens
    else:
        tokens = rows * WEEK_TOKENS
    kept = tokens * shape["num_hidden_layers"] * shape["hidden_size"] * LAYER_FLOATS * FLOAT
    return {"model": round(weights * COPIES * FLOAT / 1e6), "update": round(kept / 1e6)}


def _shape(folder: Path) -> dict[str, int] | None:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        inner = config.get("text_config", config)
        return {key: int(inner[key]) for key in ("num_hidden_layers", "hidden_size")}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
