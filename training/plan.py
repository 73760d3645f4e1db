"""What a run would do, need and lack, before it does anything: `wlf train --dry-run`."""

# pyright: reportMissingImports=false
from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from ..agents.hf import NOTES, BadModel, read_notes
from ..agents.weights import CONFIG
from ..episodes.errors import UsageError
from .backend_hub import found, on_hub, why_not
from .backend_memory import estimate, merged_bytes
from .backend_shape import PUBLISHED, Shape, parameters, shape_of
from .ranks import ranks
from .settings import TrainSettings

LIBRARIES = ("torch", "trl", "transformers", "accelerate", "datasets")
TRACKERS: Mapping[str, str] = {"wandb": "wandb", "trackio": "trackio"}
LEAST_DISK = 200e6
OWN_ENVIRONMENT = "an environment of its own"
HOW: Mapping[str, str] = {
    "unsloth": f"in {OWN_ENVIRONMENT}: pip install -c constraints/unsloth.txt 'openenv-work-life-firewall[unsloth]'",
    "vllm": f"in {OWN_ENVIRONMENT}: pip install 'vllm>=0.22,<0.32', or --set generation=local",
    "openenv": "pip install 'openenv-work-life-firewall[server]'",
    "bitsandbytes": "pip install bitsandbytes, or --set load=bfloat16",
}
"""How to get what the training extra does not bring."""


def resolved(settings: TrainSettings, out: Path) -> dict[str, Any]:
    """The plan: settings, size of a step, versions, memory, and what is missing (one line each, [] when ready)."""
    folder = found(settings.model)
    weights = parameters(folder) if folder else None
    shape = _shape(settings)
    untaught = folder is None or not (folder / NOTES).exists()
    return {
        "settings": settings.plain(),
        "out": str(out),
        "model": str(folder) if folder else f"{settings.model} (not on this machine)",
        "step": _step(settings),
        "libraries": {name: _version(name) for name in _libraries(settings)},
        "parameters": weights or (shape.parameters() if shape else None),
        "trained": _trained(settings, shape, weights),
        "memory_mb": estimate(settings, shape, weights, untaught),
        "missing": missing(settings, out),
    }


def missing(settings: TrainSettings, out: Path) -> list[str]:
    """What stands in the way of a run, one line each."""
    lacks = [f"{name} is not installed: {_how(name)}" for name in _libraries(settings) if find_spec(name) is None]
    tracker = TRACKERS.get(settings.tracker)
    if tracker and find_spec(tracker) is None:
        lacks.append(f"tracker: {tracker} is not installed: pip install {tracker}, or --set tracker=none")
    why = why_not(settings.model)
    if why is not None:
        lacks.append(why)
    else:
        lacks += _unfit(settings)
    return lacks + _no_gpu(settings) + _no_room(settings, out) + _no_share(settings)


def _libraries(settings: TrainSettings) -> tuple[str, ...]:
    """What this run imports."""
    wanted = {
        "peft": settings.lora is not None,
        "bitsandbytes": settings.load == "4bit",
        "unsloth": settings.backend == "unsloth",
        "vllm": settings.generation == "vllm",
        "openenv": settings.weeks.server is not None,
    }
    return (*LIBRARIES, *(name for name, needed in wanted.items() if needed))


def _how(name: str) -> str:
    return HOW.get(name, "pip install 'openenv-work-life-firewall[train]'")


def _unfit(settings: TrainSettings) -> list[str]:
    """Whether the folder's own notes and format allow what the settings want."""
    folder = found(settings.model)
    if folder is None:
        return []  # its notes are the usual ones of a published model, which allow both contexts
    try:
        notes = read_notes(folder)
    except BadModel as error:
        return [str(error)]
    if settings.context not in notes.contexts:
        return [f"{folder}: was not trained on context {settings.context!r}"]
    if settings.generation == "vllm" and _is_multimodal(folder):
        return [f"{folder}: is multimodal, and vLLM would not take the text half's weights: --set generation=local"]
    return []


def _is_multimodal(folder: Path) -> bool:
    try:
        return '"text_config"' in (folder / CONFIG).read_text(encoding="utf-8")
    except OSError:
        return False


def _no_gpu(settings: TrainSettings) -> list[str]:
    names = (("backend", settings.backend), ("generation", settings.generation))
    demands = [f"{key} {value}" for key, value in names if value in ("unsloth", "vllm")]
    if (settings.device != "gpu" and not demands) or find_spec("torch") is None:
        return []
    import torch

    if torch.cuda.is_available():
        return []
    if demands:
        return [f"device: {' and '.join(demands)} need an NVIDIA GPU and torch finds none"]
    return ["device: gpu is asked for and torch finds none; --set device=cpu"]


def _no_room(settings: TrainSettings, out: Path) -> list[str]:
    there = next((path for path in (out, *out.parents) if path.exists()), Path("."))
    free = shutil.disk_usage(there).free
    wanted = max(LEAST_DISK, merged_bytes(settings, _shape(settings)))
    if free >= wanted:
        return []
    return [f"{there}: {free / 1e6:.0f} MB free, checkpoints and the trained model want {wanted / 1e6:.0f}"]


def _no_share(settings: TrainSettings) -> list[str]:
    try:
        why = ranks().refusal(settings)
    except UsageError as error:
        why = str(error)
    return [] if why is None else [why]


def _shape(settings: TrainSettings) -> Shape | None:
    folder = found(settings.model)
    if folder is not None:
        return shape_of(folder)
    return PUBLISHED.get(settings.model) if on_hub(settings.model) else None


def _trained(settings: TrainSettings, shape: Shape | None, weights: int | None) -> int | None:
    """Parameters that move."""
    if settings.lora is None:
        return weights or (shape.parameters() if shape else None)
    return shape.adapters(settings.lora.rank, settings.lora.targets) if shape else None


def _step(settings: TrainSettings) -> dict[str, Any]:
    what = "replies" if settings.credit == "fork" else "weeks"
    step = {
        "rows": settings.rows,
        "of": f"{settings.weeks_alive} x {settings.group} {what}",
        "context": settings.context,
        "rows_in_memory": settings.optim.rows_per_pass or settings.rows,
    }
    processes = os.environ.get("WORLD_SIZE", "1")
    return {**step, "processes": processes} if processes != "1" else step


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
