"""One GRPO run from its settings to a finished folder: model, weeks, trainer, checkpoints. Needs the training extra."""

# pyright: reportMissingImports=false
from __future__ import annotations

import shutil
import sys
import warnings
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from transformers import PrinterCallback
from transformers.utils import logging

from ..agents.hf import NOTES
from ..episodes.errors import RunError, UsageError
from ..episodes.job import Setup
from ..episodes.usage import check_models
from ..world.nodes import Ports
from ..world.week import Recipe
from . import checkpoints, metrics
from .backend import Loaded, begin, first_line, load, track
from .backend_hub import fetched
from .backend_replies import TrainerSampler
from .batch import Batch
from .coworkers import unfailing
from .folder import TrainFolder
from .fork import ForkRollout
from .inplay import HereWeeks, Weeks
from .live import Pool, maker
from .lora import DTYPES, lora_config, merge, name_base
from .ranks import Ranks, pool_of, ranks
from .rollout import WeekRollout
from .sampler import LocalSampler, Sampler
from .settings import TrainSettings
from .trainer import OnSave, OnStep, WeekTrainer, grpo_config
from .watch import Collapse, StopSign

OnLine = Callable[[dict[str, Any]], None]
"""Hears of every step's metrics."""
ADAPTER = "adapter"
"""Where a run with adapters leaves them, beside the merged `final`."""
NO_CLIENT = "needs the server extra: pip install 'openenv-work-life-firewall[server]'"


@dataclass(frozen=True)
class Done:
    """How a run ended. steps: behind it, counted from the very beginning; why: what ended it early, or None."""

    folder: Path
    steps: int
    why: str | None


def train(settings: TrainSettings, folder: TrainFolder, on_line: OnLine | None = None) -> Done:
    """Train until the last step, a collapse or a signal; what was done by then can be resumed.

    Raises UsageError, ConfigError and RunError.
    """
    who = ranks()
    mine = who.share(settings)
    begin(settings.backend)
    track(settings.tracker, folder.path)
    _be_quiet()
    torch.set_num_threads(settings.threads)
    loaded = load(settings, fetched(settings.model))
    sampler = make_sampler(mine, loaded)
    rollout = make_rollout(mine, loaded, sampler)
    if folder.checkpoint and isinstance(rollout, ForkRollout):
        _take_up(rollout, folder.checkpoint, who)
    collapse = Collapse(settings.stop)

    sign = StopSign()

    def on_step(number: int, batch: Batch, logs: dict[str, float], seconds: float) -> bool:
        batch = who.told(batch)
        line = metrics.line(number, batch, logs, seconds)
        collapse.see(line)
        if who.first:
            _write(folder, settings, number, batch, line)
            if on_line is not None:
                on_line(line)
        return not (any(who.gathered(sign.wanted)) or collapse.why)

    def on_save(path: Path) -> None:
        pools = who.gathered(rollout.pool.to_json() if isinstance(rollout, ForkRollout) else None)
        if who.first:
            _note(path, settings, loaded)
            kept = {"pools": pools} if who.of > 1 else {"pool": pools[0]}
            checkpoints.seal(path, kept if pools[0] else {})

    # Trackers talk, and what we print on stdout is read by programs.
    with sign, warnings.catch_warnings(), redirect_stdout(sys.stderr):
        warnings.simplefilter("ignore")  # TRL and transformers warn about choices that are made here on purpose
        trainer = _trainer(mine, loaded, folder, rollout, on_step, on_save)
        if isinstance(sampler, TrainerSampler):
            sampler.trainer = trainer
        _run(trainer, folder)
        steps = int(trainer.state.global_step)
        if sign.wanted and steps < settings.steps:
            return Done(folder.path, steps, "stopped")
        if who.first:
            _finish(trainer, loaded, folder, settings)
    return Done(folder.path, steps, collapse.why)


def load_model(path: Path) -> Loaded:
    """A model folder's policy, in float32. Raises UsageError: not there, broken, or no tokenizer with Gemma's marks."""
    return load(TrainSettings(model=str(path)), path)


def make_sampler(settings: TrainSettings, loaded: Loaded) -> Sampler:
    """Where replies come from: our own decoding, or the trainer's where the model's forward pass is not plain."""
    if settings.generation == "vllm" or settings.backend == "unsloth":
        return TrainerSampler(settings.seed)
    pad = int(loaded.tokenizer.pad_token_id or 0)
    return LocalSampler(loaded.model, loaded.turns.end_ids, pad, settings.sampling, settings.seed, settings.precision)


def make_rollout(settings: TrainSettings, loaded: Loaded, sampler: Sampler | None = None) -> ForkRollout | WeekRollout:
    """Where the rows of a run come from.

    Raises UsageError and ConfigError for seats or scenarios that are none, RunError for a model that cannot be used.
    """
    setup = Setup(scenario=settings.weeks.scenario, coworkers=settings.weeks.coworkers)
    recipe = setup.recipe()
    sampler = sampler or make_sampler(settings, loaded)
    if settings.weeks.server:
        weeks = _served(settings, settings.weeks.server, recipe)
        return WeekRollout(settings, weeks, loaded.turns, sampler, loaded.turns.end_ids)
    seats = setup.plan(recipe, "careful")
    check_models(seats.chats)
    ports = Ports(seats.reader, unfailing(seats.coworkers, seats.specs))
    make = maker(recipe, settings.weeks.split)
    if settings.credit == "fork":
        pool = Pool(make, settings.weeks_alive, settings.weeks.first_seed, settings.weeks.seeds)
        return ForkRollout(settings, pool, ports, loaded.turns, sampler, _explorer(settings, loaded))
    return WeekRollout(settings, HereWeeks(make, ports), loaded.turns, sampler, loaded.turns.end_ids)


def _served(settings: TrainSettings, url: str, recipe: Recipe) -> Weeks:
    """Weeks on a server. Raises UsageError without the extra."""
    try:
        from .served import ServedWeeks  # OpenEnv takes seconds to import
    except ImportError as error:
        raise UsageError(f"weeks.server {NO_CLIENT} ({error.name} is missing)") from None
    return ServedWeeks(url, settings.weeks, recipe)


def _explorer(settings: TrainSettings, loaded: Loaded) -> Sampler | None:
    """Who else answers the states. Raises UsageError for a folder without a model, or with other tokens."""
    if settings.explore is None:
        return None
    other = load_model(Path(settings.explore.model))
    if other.tokenizer.get_vocab() != loaded.tokenizer.get_vocab():
        raise UsageError(f"explore.model {settings.explore.model}: has other tokens than {settings.model}")
    return make_sampler(settings.model_copy(update={"generation": "local", "backend": "hf"}), other)


def _write(folder: TrainFolder, settings: TrainSettings, number: int, batch: Batch, line: dict[str, Any]) -> None:
    """A step's line of metrics, and its transcripts when it is their turn."""
    metrics.append(folder.metrics, line)
    every = settings.keep.samples_every
    if every and (number % every == 0 or number == 1):
        metrics.write_samples(folder.samples, number, batch.tally.samples, settings.keep.samples)


def _take_up(rollout: ForkRollout, checkpoint: Path, who: Ranks) -> None:
    try:
        rollout.pool.restore(pool_of(checkpoints.state_of(checkpoint), who))
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
    prompts = Dataset.from_dict({"prompt": ["week"] * (ranks().of * settings.weeks_alive * settings.steps)})
    ends = list(loaded.turns.end_ids)
    if settings.generation == "vllm" or settings.backend == "unsloth":
        loaded.model.generation_config.eos_token_id = ends
    torch.manual_seed(settings.seed)  # adapters begin as random numbers
    trainer = WeekTrainer(
        settings,
        rollout,
        on_step,
        on_save,
        model=loaded.model,
        args=grpo_config(settings, folder.checkpoints, settings.steps, ends),
        train_dataset=prompts,
        processing_class=loaded.tokenizer,
        peft_config=lora_config(settings.lora) if settings.lora and not loaded.adapted else None,
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _run(trainer: WeekTrainer, folder: TrainFolder) -> None:
    """TRL's loop. Raises RunError when the disk or the GPU is full, or a checkpoint cannot be taken up."""
    checkpoint = str(folder.checkpoint) if folder.checkpoint else None
    try:
        trainer.train(resume_from_checkpoint=checkpoint)
    except OSError as error:
        raise RunError(f"{error.filename or folder.path}: {error.strerror or error}") from error
    except torch.OutOfMemoryError as error:
        hint = "lower optim.rows_per_pass, weeks_alive or vllm.share; --resume goes on from the last checkpoint"
        raise RunError(f"out of memory: {first_line(error)}; {hint}") from error


def _finish(trainer: WeekTrainer, loaded: Loaded, folder: TrainFolder, settings: TrainSettings) -> None:
    """The trained policy as a model folder; of one with adapters, those too."""
    made = folder.path / "final.part"
    model: Any = trainer.accelerator.unwrap_model(trainer.model)
    try:
        shutil.rmtree(made, ignore_errors=True)
        if settings.lora is None:
            model.save_pretrained(made)
            loaded.tokenizer.save_pretrained(made)
            _note(made, settings, loaded)
        else:
            adapter = folder.path / ADAPTER
            _save_adapter(model, loaded, adapter)
            _note(adapter, settings, loaded)
            if not settings.lora.merge:
                return
            merge(adapter, made, DTYPES[settings.load])
    except OSError as error:
        raise RunError(f"{made}: cannot be written: {error.strerror or error}") from None
    folder.put_final(made)


def _save_adapter(model: Any, loaded: Loaded, folder: Path) -> None:  # noqa: ANN401 - a model of PEFT
    model.save_pretrained(folder, selected_adapters=["default"])
    loaded.tokenizer.save_pretrained(folder)
    name_base(folder, loaded.folder)


def _note(folder: Path, settings: TrainSettings, loaded: Loaded) -> None:
    """The notes that the model came with, and what this run adds to them."""
    notes = loaded.notes.model_copy(
        update={
            "context": settings.context,
            "temperature": settings.sampling.played or loaded.notes.temperature,
            "made_by": f"grpo {settings.credit}",
        }
    )
    (folder / NOTES).write_text(notes.model_dump_json(by_alias=True, indent=1) + "\n", encoding="utf-8")


def _be_quiet() -> None:
    """No progress bars and no notices: one line a step is ours to print."""
    logging.set_verbosity_error()
    logging.disable_progress_bar()
