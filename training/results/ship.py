"""The checkpoint that ships inside the package: a run's final model in half precision, with its card.

The weights are stored as float16 and the config asks for float32, so that every loader computes in full precision.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, NamedTuple

from ...agents.registry import TRAINED
from ...agents.weights import SHIPPED
from ...episodes.errors import RunError, UsageError
from .card import card
from .players import mark, model_folder

TRAINED_HOME = SHIPPED / TRAINED
"""Where the policy `trained` looks."""
WEIGHTS, CARD = "model.safetensors", "MODEL_CARD.md"
KEPT = (
    "config.json",
    "generation_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.jinja",
    "wlf.json",
)
NEEDED = frozenset({"config.json", "tokenizer.json", "tokenizer_config.json", "wlf.json"})


class Shipped(NamedTuple):
    """What was made: the folder, its bytes, its parameters, and the largest change of a weight by rounding."""

    folder: Path
    size: int
    parameters: int
    rounding: float


def ship_run(run: Path, out: Path, table: Path | None = None, force: bool = False) -> Shipped:
    """Make the checkpoint folder of a finished run; table: the table.json in which it was measured.

    Raises UsageError: no such run, a folder in the way, weights that half precision cannot hold, a table that knows
    nothing of these weights, the extra missing; RunError for the disk.
    """
    source = model_folder(run)
    lacking = sorted(name for name in {*NEEDED, WEIGHTS} if not (source / name).is_file())
    if lacking:
        raise UsageError(f"{source}: cannot be shipped without {', '.join(lacking)}")
    if out.exists() and not force:
        raise UsageError(f"{out}: is there already; replace it with --force")
    measured = _measured(table, mark(source)) if table else None
    draft = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        made = _halved(source / WEIGHTS, draft / WEIGHTS)
        for name in KEPT:
            if (source / name).is_file():
                shutil.copyfile(source / name, draft / name)
        _in_full_precision(draft / "config.json")
        (draft / CARD).write_text(card(run, source, made.parameters, made.rounding, measured), encoding="utf-8")
        size = sum(file.stat().st_size for file in draft.iterdir())
        shutil.rmtree(out, ignore_errors=True)
        draft.replace(out)
    except OSError as error:
        raise RunError(f"{error.filename or out}: cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return made._replace(folder=out, size=size)


def _halved(source: Path, target: Path) -> Shipped:
    """Write the weights as float16. Raises UsageError when one does not fit, or without the extra."""
    try:
        import torch
        from safetensors.torch import load_file, save_file
    except ImportError as error:
        hint = "pip install 'openenv-work-life-firewall[train]'"
        raise UsageError(f"wlf train ship needs the training extra ({error.name} is missing): {hint}") from None
    weights = load_file(source)
    halves = {name: weight.half() for name, weight in weights.items()}
    for name, half in halves.items():
        if not bool(torch.isfinite(half).all()):
            raise UsageError(f"{source}: {name} holds weights that half precision cannot hold")
    rounding = max(float((weights[name].float() - half.float()).abs().max()) for name, half in halves.items())
    save_file(halves, target, metadata={"format": "pt"})
    target.chmod(0o644)
    return Shipped(target, 0, sum(half.numel() for half in halves.values()), rounding)


def _in_full_precision(config: Path) -> None:
    told = json.loads(config.read_text(encoding="utf-8"))
    told.pop("torch_dtype", None)
    told["dtype"] = "float32"
    config.write_text(json.dumps(told, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def _measured(table: Path, files: str) -> tuple[dict[str, Any], str]:
    """(table.json, the column of these weights). Raises UsageError."""
    try:
        told = json.loads(table.read_text(encoding="utf-8"))
        columns = [player["name"] for player in told["players"] if player["files"] == files]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{table}: no table.json of wlf train table: {error}") from None
    if not columns:
        raise UsageError(f"{table}: no column was played with these weights (files {files}); measure the run first")
    return told, columns[0]
