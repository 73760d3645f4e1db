"""One GRPO run from its settings to a finished folder: model, weeks, trainer, checkpoints. Needs the training extra."""

# pyright: reportMissingImports=false
from __future__ import annotations

import os
import shutil
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, PrinterCallback
from transformers.utils import logging

from ..agents.hf import NOTES, read_notes
from ..agents.turns import TurnFormat
from ..episodes.errors import RunError, UsageError
from ..episodes.job import Setup
from ..world.nodes import Ports
from . import checkpoints, metrics
from .batch import Batch
from .folder import TrainFolder
from .fork import ForkRollout
from .live import Pool, maker
from .rollout import WeekRollout
from .sampler import LocalSampler
from .settings import TrainSettings
from .trainer import OnSave, OnStep, WeekTrainer, grpo_config
from .watch import Collapse, StopSign

OnLine = Callable[[dict[str, Any]], None]
"""Hears of every step's metrics."""


@dataclass(frozen=True)
class Done:
    """How a run ended. steps: behind it, counted from the very beginning; why: what ended it early, or None."""

    folder: Path
    steps: int
    why: str | None


@dataclass(frozen=True)
class Loaded:
    """A policy and its tokenizer."""

    model: Any
    tokenizer: Any
    turns: TurnFormat


def train(settings: TrainSettings, folder: TrainFolder, on_line: OnLine | None = None) -> Done:
    """Train until the last step, a collapse or a signal; what was done by then can be resumed.

    Raises UsageError, ConfigError and RunError.
    """
    _be_quiet(settings)
    torch.set_num_threads(settings.threads)
    loaded = load_model(Path(settings.model))
    rollout = make_rollout(settings, loaded)
    if folder.checkpoint and isinstance(rollout, ForkRollout):
        _take_up(rollout, folder.checkpoint)
    collapse = Collapse(settings.stop)

    sign = StopSign()

    def on_step(number: int, batch: Batch, logs: dict[str, float], seconds: float) -> bool:
        line = metrics.line(number, batch, logs, seconds)
        metrics.append(folder.metrics, line)
        every = settings.keep.samples_every
        if every and (number % every == 0 or number == 1):
            metrics.write_samples(folder.samples, number, batch.tally.samples, settings.keep.samples)
        collapse.see(line)
        if on_line is not None:
            on_line(line)
        return not (sign.wanted or collapse.why)

    def on_save(path: Path) -> None:
        _note(path, settings)
        kept = {"pool": rollout.pool.to_json()} if isinstance(rollout, ForkRollout) else {}
        checkpoints.seal(path, kept)

    with sign, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TRL and transformers warn about choices that are made here on purpose
        trainer = _trainer(settings, loaded, folder, rollout, on_step, on_save)
        _run(trainer, folder)
    steps = int(trainer.state.global_step)
    if sign.wanted and steps < settings.steps:
        return Done(folder.path, steps, "stopped")
    _finish(trainer, loaded, folder, settings)
    return Done(folder.path, steps, collapse.why)


def load_model(path: Path) -> Loaded:
    """A model folder's policy, in float32. Raises UsageError: not there, broken, or no tokenizer with Gemma's marks."""
    if not (path / "config.json").is_file():
        raise UsageError(f"{path}: no model folder (config.json is missing); make one with: wlf train warmstart")
    try:
        model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
        tokenizer = AutoTokenizer.from_pretrained(path)
        return Loaded(model, tokenizer, TurnFormat(tokenizer))
    except Exception as error:  # loaders raise whatever their formats do; the user needs the folder and the reason
        raise UsageError(f"{path}: cannot be loaded: {type(error).__name__}: {_first_line(error)}") from error


def make_rollout(settings: TrainSettings, loaded: Loaded) -> ForkRollout | WeekRollout:
    """Where the rows of a run come from. Raises UsageError and ConfigError for seats or scenarios that are none."""
    setup = Setup(scenario=settings.weeks.scenario, coworkers=settings.weeks.coworkers)
    recipe = setup.recipe()
    seats = setup.plan(recipe, "careful")
    ports = Ports(seats.reader, seats.coworkers)
    ends, pad = loaded.turns.end_ids, int(loaded.tokenizer.pad_token_id or 0)
    sampler = LocalSampler(loaded.model, ends, pad, settings.sampling, settings.seed)
    make = maker(recipe, settings.weeks.split)
    if settings.credit == "fork":
        pool = Pool(make, settings.weeks_alive, settings.weeks.first_seed, settings.weeks.seeds)
        return ForkRollout(settings, pool, ports, loaded.turns, sampler)
    return WeekRollout(settings, make, ports, loaded.turns, sampler, ends)


def _take_up(rollout: ForkRollout, checkpoint: Path) -> None:
    try:
        rollout.pool.restore(checkpoints.state_of(checkpoint)["pool"])
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(f"{checkpoint}: live weeks cannot be read: {error}") from None
    rollout.spread = True


def _trainer(
    settings: TrainSettings,
    loaded: Loaded,
    folder: TrainFolder,
    rollout: ForkRollout | WeekRollout,
    on_step: OnStep,
    on_save: OnSave,
) -> WeekTrainer:
    # The rows are ours; TRL only counts its own.
    prompts = Dataset.from_dict({"prompt": ["week"] * (settings.weeks_alive * settings.steps)})
    trainer = WeekTrainer(
        settings,
        rollout,
        on_step,
        on_save,
        model=loaded.model,
        args=grpo_config(settings, folder.checkpoints, settings.steps),
        train_dataset=prompts,
        processing_class=loaded.tokenizer,
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _run(trainer: WeekTrainer, folder: TrainFolder) -> None:
    """TRL's loop. Raises RunError when the disk refuses or a checkpoint cannot be taken up."""
    checkpoint = str(folder.checkpoint) if folder.checkpoint else None
    try:
        trainer.train(resume_from_checkpoint=checkpoint)
    except OSError as error:
        raise RunError(f"{error.filename or folder.path}: {error.strerror or error}") from error


def _finish(trainer: WeekTrainer, loaded: Loaded, folder: TrainFolder, settings: TrainSettings) -> None:
    """The trained policy as a model folder."""
    made = folder.path / "final.part"
    try:
        shutil.rmtree(made, ignore_errors=True)
        trainer.accelerator.unwrap_model(trainer.model).save_pretrained(made)
        loaded.tokenizer.save_pretrained(made)
        _note(made, settings)
    except OSError as error:
        raise RunError(f"{made}: cannot be written: {error.strerror or error}") from None
    folder.put_final(made)


def _note(folder: Path, settings: TrainSettings) -> None:
    """The warm start's notes, with what this run adds to them."""
    notes = read_notes(Path(settings.model))
    notes = notes.model_copy(update={"context": settings.context, "made_by": f"grpo {settings.credit}"})
    (folder / NOTES).write_text(notes.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")


def _be_quiet(settings: TrainSettings) -> None:
    """No progress bars, no notices, no thread pool of the tokenizer: one line a step is ours to print."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")
    if settings.tracker == "wandb":
        os.environ.setdefault("WANDB_MODE", "offline")
    logging.set_verbosity_error()
    logging.disable_progress_bar()


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0][:200]
