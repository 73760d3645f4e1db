"""The warm start: a small Gemma learns to speak, to read the event, and to play its teacher; turns, then weeks."""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

from ..agents.hf import ModelNotes, read_notes
from ..agents.turns import TurnFormat
from ..episodes.errors import UsageError
from ..world.generator import seeds
from ..world.luck import rng
from . import facts
from .cutting import CutTurns
from .examples import Rows, rows_of, sentences
from .model import load, make, save, temper
from .packing import Batch, Encoded, batches, encode
from .report import figures, play, samples
from .tokenizer import PAD, SPECIAL, train
from .warm_config import MADE, OptimConfig, WarmstartConfig

if TYPE_CHECKING:
    import torch
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

METRICS = "metrics.jsonl"
REPORT = "report.json"
SAMPLES = 40
"""Replies in the report, as they came."""
READ = 5
"""Weeks whose first messages are read for each week that is played: what is understood is told by far fewer tokens."""
LAST_LR = 0.02
"""Share of the learning rate that is left at the end of the cosine."""
Kind = Literal["turns", "weeks"]
Stage = Literal["primer", Kind]
Progress = Callable[[dict[str, Any]], None]
"""Hears of every step: the line that goes to metrics.jsonl."""


class Warm(NamedTuple):
    """What a warm start came to: the folder, and its last figures."""

    folder: Path
    figures: dict[str, Any]


class _Job(NamedTuple):
    """A batch: of which stage, and whether its rows are single turns or weeks."""

    stage: Stage
    rows: Kind
    batch: Batch


class Losses(NamedTuple):
    """Means of the cross-entropy a token, in nats."""

    total: torch.Tensor
    reply: float
    prompt: float


def run(config: WarmstartConfig, out: Path, progress: Progress | None = None) -> Warm:
    """Train a warm start into the model folder `out`; the same config (and base) gives the same weights.

    Beside the model: metrics.jsonl, one line a step; warmstart.json, what it was made from; report.json, how it plays
    validation weeks. Raises ImportError without the training extra, UsageError for a base that cannot be loaded,
    OSError where the folder cannot be written.
    """
    import torch

    begun = time.process_time()
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    base = _base(config.base)
    rows = rows_of(config.teacher, config.data, config.seed)
    if base:
        model, tokenizer = base
    else:
        tokenizer = train(sentences(rows), config.model.vocabulary, config.model.context)
        model = make(config.model, tokenizer)
    jobs = list(_jobs(config, rows, _turns(config, tokenizer), SPECIAL.index(PAD)))
    out.mkdir(parents=True, exist_ok=True)
    prepared = time.process_time() - begun
    with (out / METRICS).open("w", encoding="utf-8") as metrics:
        last = _train(model, jobs, config.optim, _Log(metrics, progress))
    temper(model, config.sample.tempered)
    came_to = {
        **last,
        "parameters": sum(weights.numel() for weights in model.parameters()),
        "vocabulary": len(tokenizer),
        "rows": {"primer": len(rows.primer), "turns": len(rows.turns), "weeks": len(rows.weeks)},
        "tokens": sum(job.batch.tokens for job in jobs),
        "cpu_seconds": {"rows": round(prepared, 1), "all": round(time.process_time() - begun, 1)},
    }
    _write(out, config, model, tokenizer, came_to)
    if config.sample.weeks:
        came_to["played"] = _report(out, config, model, tokenizer)
    return Warm(out, came_to)


def _base(folder: str | None) -> tuple[PreTrainedModel, PreTrainedTokenizerFast] | None:
    """The model to go on from; None for none. Raises UsageError."""
    if folder is None:
        return None
    if not (Path(folder) / "config.json").is_file():
        hint = "wlf train warmstart --config warmstart-no-preference --out runs/no-preference, or --set base=FOLDER"
        raise UsageError(f"base {folder}: no model folder (config.json is missing); make one: {hint}")
    try:
        return load(Path(folder))
    except (OSError, ValueError) as error:
        raise UsageError(f"base {folder}: cannot be loaded: {str(error).strip().splitlines()[0][:200]}") from None


def _turns(config: WarmstartConfig, tokenizer: PreTrainedTokenizerFast) -> TurnFormat:
    """How rows become ids. Raises UsageError for the tokenizer of a base that is no Gemma's, or cannot be cut."""
    cut = config.data.cut
    try:
        return CutTurns(tokenizer, cut, config.seed) if cut else TurnFormat(tokenizer)
    except ValueError as error:
        raise UsageError(f"base {config.base}: {error}") from None


def _report(
    out: Path, config: WarmstartConfig, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast
) -> dict[str, Any]:
    """Play and read validation weeks and write report.json: the figures, and some replies as they came."""
    played = play(model, tokenizer, read_notes(out), config.sample.weeks)
    read = facts.told(model, tokenizer, seeds("validation", READ * config.sample.weeks))
    told = {**figures(played), "facts": facts.figures(read)}
    report = {"figures": told, "samples": samples(played, SAMPLES, config.seed)}
    (out / REPORT).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def _write(
    out: Path,
    config: WarmstartConfig,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    figures: dict[str, Any],
) -> None:
    made = {"config": config.model_dump(by_alias=True), "figures": figures}
    (out / MADE).write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    own = config.sample
    notes = ModelNotes(
        max_new_tokens=own.max_new_tokens,
        temperature=own.temperature,
        made_by=f"warmstart {config.teacher.mode}, seed {config.seed}",
    )
    save(out, model.eval(), tokenizer, notes)


class _Log:
    """Writes a line a step and tells whoever listens."""

    def __init__(self, file: IO[str], progress: Progress | None) -> None:
        self._file = file
        self._progress = progress

    def __call__(self, line: dict[str, Any]) -> None:
        self._file.write(json.dumps(line) + "\n")
        self._file.flush()
        if self._progress is not None:
            self._progress(line)


def _jobs(config: WarmstartConfig, rows: Rows, turns: TurnFormat, pad: int) -> Iterator[_Job]:
    """The batches of all stages in order; among the weeks a share of single turns, so that neither is forgotten."""
    optim = config.optim
    weighed = (turns, optim.prompt_loss, optim.gist_loss, optim.prompt_every)
    primer, single, whole = (
        [encode(row, *weighed, phase) for phase, row in enumerate(kind)]
        for kind in (rows.primer, rows.turns, rows.weeks)
    )
    for batch in batches(primer, optim.tokens, pad, config.seed, 0):
        yield _Job("primer", "turns", batch)
    for epoch in range(optim.turn_epochs):
        for batch in batches(single, optim.tokens, pad, config.seed, epoch):
            yield _Job("turns", "turns", batch)
    spare = _endless(single, optim.tokens, pad, config.seed, optim.turn_epochs)
    luck = rng(config.seed, "stage/weeks", "mixed")
    for epoch in range(optim.week_epochs):
        for batch in batches(whole, optim.tokens, pad, config.seed, epoch):
            while luck.uniform() < optim.mixed:
                yield _Job("weeks", "turns", next(spare))
            yield _Job("weeks", "weeks", batch)


def _endless(rows: list[Encoded], tokens: int, pad: int, seed: int, epoch: int) -> Iterator[Batch]:
    while True:
        yield from batches(rows, tokens, pad, seed, epoch)
        epoch += 1


def _train(model: PreTrainedModel, jobs: list[_Job], optim: OptimConfig, log: _Log) -> dict[str, Any]:
    """One pass over the jobs; returns the last figures, averaged over the last twentieth of the steps."""
    import torch

    from .optim import learners

    parts = learners(model, optim.lr, optim.muon_lr, optim.weight_decay)
    model.train()
    begun, seen, lines = time.process_time(), 0, list[dict[str, Any]]()
    for step, job in enumerate(jobs, 1):
        rate = _rate(step, len(jobs), optim.warmup)
        lost = losses(model, job.batch)
        lost.total.backward()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), optim.clip)
        for learner in parts:
            for group in learner.param_groups:
                group["lr"] = group["initial_lr"] * rate
            learner.step()
            learner.zero_grad(set_to_none=True)
        seen += job.batch.tokens
        spent = time.process_time() - begun
        line = {
            "step": step,
            "of": len(jobs),
            "stage": job.stage,
            "rows": job.rows,
            "loss": round(lost.reply, 4),
            "prompt_loss": round(lost.prompt, 4),
            "lr": round(optim.lr * rate, 6),
            "norm": round(float(norm), 3),
            "tokens": seen,
            "cpu_seconds": round(spent, 2),
            "tokens_per_cpu_second": round(seen / max(spent, 1e-9)),
        }
        lines.append(line)
        log(line)
    return _last(lines)


def _last(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The losses at the end on rows of each kind: means over the last twentieth of their batches."""
    figures: dict[str, Any] = {}
    for rows in ("turns", "weeks"):
        own = [line for line in lines if line["rows"] == rows]
        tail = own[-max(len(own) // 20, 1) :]
        for name in ("loss", "prompt_loss") if tail else ():
            figures[f"{rows}_{name}"] = round(sum(line[name] for line in tail) / len(tail), 4)
    return figures


def _rate(step: int, steps: int, warmup: float) -> float:
    """Share of the learning rate at a step (from 1): linear up, then a cosine down to `LAST_LR`."""
    rising = max(round(warmup * steps), 1)
    if step <= rising:
        return step / rising
    done = (step - rising) / max(steps - rising, 1)
    return LAST_LR + (1.0 - LAST_LR) * 0.5 * (1.0 + math.cos(math.pi * done))


def losses(model: PreTrainedModel, batch: Batch) -> Losses:
    """The weighted loss of a batch, and its two parts for the record."""
    import torch

    ids, places, weights = torch.tensor(batch.ids), torch.tensor(batch.places), torch.tensor(batch.weights)
    masks = _masks(torch.tensor(batch.branches), places, model.config.sliding_window)
    hidden = model.base_model(input_ids=ids, attention_mask=masks, position_ids=places).last_hidden_state
    rows, columns = (weights > 0).nonzero(as_tuple=True)
    # Logits are most of the work at this size, and are made only where something is predicted.
    logits = _logits(model, hidden[rows, torch.tensor(batch.sources)[rows, columns]])
    each = torch.nn.functional.cross_entropy(logits, ids[rows, columns], reduction="none")
    own = weights[rows, columns]
    said = own >= 1.0
    with torch.no_grad():
        reply = float(each[said].mean()) if bool(said.any()) else 0.0
        prompt = float(each[~said].mean()) if bool((~said).any()) else 0.0
    return Losses((each * own).sum() / own.sum(), reply, prompt)


def _masks(branches: torch.Tensor, places: torch.Tensor, window: int) -> dict[str, torch.Tensor]:
    """What each id sees, by kind of layer: all before it in its own branch and in the trunk, or the last `window`.

    branches, places: (rows, columns). Masks are (rows, 1, columns, columns) to be added to the scores.
    """
    import torch

    columns = torch.arange(branches.shape[1])
    earlier = columns[:, None] >= columns[None, :]
    akin = (branches[:, None, :] == 0) | (branches[:, None, :] == branches[:, :, None])
    # Padding sees itself: a row of a mask that sees nothing has no softmax.
    full = (earlier & akin & (branches[:, None, :] >= 0)) | (columns[:, None] == columns[None, :])
    near = full & (places[:, :, None] - places[:, None, :] < window)
    hidden = torch.finfo(torch.float32).min
    added = {"full_attention": full, "sliding_attention": near}
    return {kind: torch.zeros(seen.shape).masked_fill(~seen, hidden)[:, None] for kind, seen in added.items()}


def _logits(model: Any, hidden: torch.Tensor) -> torch.Tensor:  # noqa: ANN401 - any causal model of transformers
    """What the model would predict from some of its last hidden states; Gemma2 caps it."""
    logits = model.get_output_embeddings()(hidden)
    cap = getattr(model.config, "final_logit_softcapping", None)
    return logits if cap is None else (logits / cap).tanh() * cap
