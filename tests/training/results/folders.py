"""Run folders of hand-made weeks, and rows of a few numbers, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from work_life_firewall.episodes.record import StepRecord, WeekRecord
from work_life_firewall.episodes.runs import TWINS, RunFolder
from work_life_firewall.episodes.twins import Pair
from work_life_firewall.training.results.rows import BALANCED, PAIRED, UNCLEAR, Key, Rows
from work_life_firewall.training.results.table import EVERY_WEEK

from ...episodes.weeks import config, step, week


def run_folder(path: Path, weeks: Sequence[WeekRecord], pairs: Sequence[Pair] = ()) -> Path:
    """A run folder of these weeks and pairs."""
    with RunFolder(path, config(), resume=False) as folder:
        for record in weeks:
            folder.append(record)
    (path / TWINS).write_text("".join(pair.model_dump_json(by_alias=True) + "\n" for pair in pairs))
    return path


def pair(seed: int, no: str | None, yes: str | None) -> Pair:
    """A pair: what was answered where the ask deserves a no, and where it deserves a yes."""
    given = {"seed": seed, "fact": "f", "ask": "staging/1", "deserves_no": no, "deserves_yes": yes}
    return Pair.model_validate(given)


def said(event: str, act: str, reply: str) -> StepRecord:
    """A step with this reply."""
    return step(event, act, 0.25, 0.5, reply)


def rows(
    name: str, totals: Sequence[float] | np.ndarray, twins: Sequence[float] | None = None, unclear: float = 0.0
) -> Rows:
    """Rows in which every figure of a week is its total, but for twins and unclear replies."""
    values = np.array(totals, dtype=float)
    ones = np.ones_like(values)
    parts: dict[Key, np.ndarray] = dict.fromkeys(EVERY_WEEK, values)
    right = values if twins is None else np.array(twins, dtype=float)
    parts |= {UNCLEAR: ones * unclear, BALANCED: right, PAIRED: right}
    parts |= {("acts", "staging", act): ones * share for act, share in (("accept", 0.25), ("decline", 0.75))}
    return Rows(name, tuple(range(len(values))), parts, dict.fromkeys(parts, ones))


def weeks(*seeds: int, value: float = 0.5) -> list[WeekRecord]:
    """Plain weeks of one step."""
    return [week(seed, value) for seed in seeds]
