"""One line of metrics.jsonl a step, and the transcripts beside it; the source of truth for every curve."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..episodes.errors import RunError
from ..world.frozen import SCHEMA
from ..world.reading import ACTS
from ..world.scoring import WEIGHTS
from .batch import Batch, Sample, Tally, mean_scores

METRICS, SAMPLES = "metrics.jsonl", "samples"
DECIMALS = 6


def line(step: int, batch: Batch, logs: Mapping[str, float], seconds: float) -> dict[str, Any]:
    """The metrics of one step.

    reward: mean over replies (fork: of the week rolled on) or weeks; week: mean total of weeks that ended in this step,
    null when none did. kl and entropy in nats a token. refused: share of asks that deserve a no and got one; taken: of
    those that deserve a yes and were taken on. regret: value of the labelled act said well, less the reply's own.
    faults: of models in coworkers' seats, by kind; stand_ins: answers that the scripted coworker gave in their place.
    What is hidden behind a server is null.
    """
    tally = batch.tally
    rewards = batch.rewards if batch.drawn is None else batch.drawn
    update = max(seconds - tally.generation - tally.world, 0.0)
    return {
        "schema": SCHEMA,
        "step": step,
        "reward": _mean(rewards),
        "reward_std": _std(rewards),
        "components": _components(tally),
        "week": _mean([weighted(scores) for scores in tally.ended]),
        "weeks": len(tally.ended),
        "refused": tally.share("light", "no"),
        "taken": tally.share("real", "yes"),
        "acts": {act: tally.acts[act] / max(sum(tally.acts.values()), 1) for act in ACTS if tally.acts[act]},
        "unclear": tally.acts["unclear"] / max(sum(tally.acts.values()), 1),
        "repeats": tally.repeated / max(tally.replies, 1),
        "empty": tally.empty / max(tally.replies, 1),
        "reply_tokens": tally.tokens / max(tally.replies, 1),
        "regret": _mean(tally.regrets),
        "faults": None if tally.untold else dict(sorted(tally.faults.items())),
        "stand_ins": None if tally.untold else tally.stand_ins,
        "kl": logs.get("kl"),
        "entropy": logs.get("entropy"),
        "loss": logs.get("loss"),
        "grad_norm": logs.get("grad_norm"),
        "lr": logs.get("learning_rate"),
        "tokens_per_second": tally.tokens / tally.generation if tally.generation else None,
        "seconds": {
            "total": seconds,
            "generation": tally.generation,
            "world": tally.world,
            "update": update,
        },
    }


def weighted(scores: tuple[float, ...]) -> float:
    """The rubric's total of five scores, 0..1."""
    return sum(weight * part for weight, part in zip(WEIGHTS, scores, strict=True))


def text(found: Mapping[str, Any]) -> str:
    """A line of metrics.jsonl; what is not a number is null."""
    return json.dumps(_plain(found), ensure_ascii=False)


def append(path: Path, found: Mapping[str, Any]) -> None:
    """Add a line in one write. Raises RunError when the disk refuses."""
    try:
        with path.open("ab", buffering=0) as file:
            file.write(text(found).encode() + b"\n")
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror or error}") from None


def read(path: Path) -> list[dict[str, Any]]:
    """All whole lines of a metrics file, [] for none. Raises RunError for a broken one."""
    if not path.exists():
        return []
    found = []
    for number, raw in enumerate(path.read_bytes().split(b"\n")[:-1], 1):
        try:
            found.append(json.loads(raw))
        except ValueError:
            raise RunError(f"{path}:{number}: not JSON") from None
    return found


def cut(path: Path, step: int) -> None:
    """Forget what came after a step, a torn last line included: a resumed run writes it again. Raises RunError."""
    kept = [text(found) for found in read(path) if found["step"] <= step]
    try:
        path.write_text("".join(one + "\n" for one in kept), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{path}: cannot be written: {error.strerror or error}") from None


def write_samples(folder: Path, step: int, samples: list[Sample], count: int) -> None:
    """`count` decisions of a step, spread over its events, as samples/step-00010.md. Raises RunError."""
    chosen = samples[:: max(len(samples) // count, 1)][:count]
    parts = [f"# Step {step}\n"]
    for one in chosen:
        acts = ", ".join(one.acts)
        parts.append(
            f"## {one.event} ({one.episode})\n\n```\n{one.seen}\n```\n\n> {_quoted(one.reply)}\n\n"
            f"read as {acts}; {one.reward:.4f}\n"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"step-{step:05d}.md").write_text("\n".join(parts), encoding="utf-8")
    except OSError as error:
        raise RunError(f"{folder}: cannot be written: {error.strerror or error}") from None


def _quoted(reply: str) -> str:
    return (reply or "(nothing)").replace("\n", "\n> ")


def _components(tally: Tally) -> dict[str, float | None]:
    mean = mean_scores(tally.finals)
    return dict.fromkeys(WEIGHTS._fields) if mean is None else dict(mean._asdict())


def _mean(values: list[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _std(values: list[float]) -> float | None:
    mean = _mean(values)
    return None if mean is None else math.sqrt(sum((value - mean) ** 2 for value in values) / len(values))


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, float):
        return round(value, DECIMALS) if math.isfinite(value) else None
    return value
