"""What training cost: seconds a step and where they went, from the metrics of a run. Reads metrics.jsonl only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..metrics import METRICS, read

PARTS = ("generation", "world", "update")


def costs(run: Path) -> dict[str, Any] | None:
    """The cost of one run, None where it has no metrics; seconds are wall clock of the machine that trained.

    share: of the seconds of all steps; tokens_per_second: tokens of replies by seconds of generation. Raises RunError.
    """
    lines = read(run / METRICS)
    timed = [line for line in lines if line.get("seconds")]
    total = _sum(timed, "total")
    if not total:
        return None
    last = timed[-1]
    generated = sum(
        float(line["tokens_per_second"]) * float(line["seconds"]["generation"])
        for line in timed
        if line.get("tokens_per_second") is not None
    )
    generation = _sum(timed, "generation")
    return {
        "run": run.name,
        "steps": int(last["step"]),
        "seconds": total,
        "seconds_per_step": total / len(timed),
        "share": {part: _sum(timed, part) / total for part in PARTS},
        "tokens_per_second": generated / generation if generation else None,
    }


def _sum(lines: Sequence[Mapping[str, Any]], part: str) -> float:
    return sum(float(line["seconds"][part]) for line in lines)
