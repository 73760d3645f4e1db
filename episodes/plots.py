"""What `wlf plot` draws of runs: components, evenings, decisions before and after, and the curve of a training run.

Reads run folders only: summary.json of weeks that were played, metrics.jsonl of training. Needs the extra `plots`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..world.clock import DAY_NAMES
from ..world.reading import ACTS
from ..world.scoring import COMPONENTS
from .errors import RunError, UsageError
from .figures import STYLE, Heat, csv_beside, heatmaps, pyplot, save

COLOURS = ("#9a3412", "#1b6e53", "#3b5b92", "#7c3aed", "#6b7280", "#b45309", "#0e7490", "#be185d")
SMOOTH = 10
"""Training steps of the running mean in a curve."""
WEEK = "week"
CURVE_KEYS = (WEEK, "reward")
"""What a training curve shows: mean total of the weeks that ended in a step, else the reward of its replies."""


@dataclass(frozen=True)
class Played:
    """A run of weeks: its name in legends, and the STATS of summary.json under "all"."""

    name: str
    stats: Mapping[str, Any]


@dataclass(frozen=True)
class Trained:
    """A training run: its name in legends, and the lines of metrics.jsonl."""

    name: str
    lines: Sequence[Mapping[str, Any]]

    @property
    def has_curve(self) -> bool:
        """Whether there is anything to draw yet."""
        return any(line.get(key) is not None for line in self.lines for key in CURVE_KEYS)

    def curve(self) -> tuple[str, np.ndarray, np.ndarray]:
        """(key, steps, values) of the first key that this run has values for. Raises RunError when it has none."""
        for key in CURVE_KEYS:
            points = [(line["step"], line[key]) for line in self.lines if line.get(key) is not None]
            if points:
                steps, values = np.array(points, dtype=float).T
                return key, steps, values
        raise RunError(f"{self.name}: metrics.jsonl holds none of {', '.join(CURVE_KEYS)} yet")


def plot(folders: Sequence[Path], out: Path, together: bool = False) -> list[Path]:
    """Draw all that the folders hold and return the files, PNG, SVG and CSV each.

    together: the training runs are seeds of one, drawn with their mean. Raises UsageError without matplotlib or for a
    folder that holds no run, RunError for one that cannot be read.
    """
    runs = [run for folder in folders for run in read_run(folder)]
    played = [run for run in runs if isinstance(run, Played)]
    trained = [run for run in runs if isinstance(run, Trained)]
    drawn: list[Path] = []
    if trained:
        drawn += curves(trained, played, out / "reward", together)
    if played:
        drawn += components(played, out / "components")
        drawn += energy(played, out / "energy")
        drawn += decisions(played, out / "decisions")
    return drawn


def curves(trained: Sequence[Trained], played: Sequence[Played], out: Path, together: bool = False) -> list[Path]:
    """Training curves: each step as a faint dot, a running mean as a line, and the played runs' totals dashed.

    together: seeds of one run: a thin line each, and their mean over the steps that all have as a thick one.
    The dashed lines stand only beside week totals: a reward of replies is another quantity.
    """
    drawer, found = pyplot(), [(run.name, *run.curve()) for run in trained]
    rows: list[tuple[str, str, float, float, float]] = []
    with drawer.rc_context(STYLE):
        drawing, axes = drawer.subplots(figsize=(7.2, 3.8), layout="constrained")
        for (name, key, steps, values), colour in zip(found, _colours(len(found)), strict=True):
            smooth = running_mean(values, SMOOTH)
            if not together:
                axes.plot(steps, values, ".", color=colour, alpha=0.25, markersize=3)
            axes.plot(steps, smooth, color=colour, linewidth=0.8 if together else 1.8, label=name)
            rows += [(name, key, *point) for point in zip(steps, values, smooth, strict=True)]
        keys = {key for _, key, _, _ in found}
        if together and len(found) > 1:
            steps, values, smooth = mean_curve([(steps, values) for _, _, steps, values in found])
            axes.plot(steps, smooth, color="#111111", linewidth=2.2, label=f"mean of {len(found)}")
            rows += [("mean", " / ".join(sorted(keys)), *point) for point in zip(steps, values, smooth, strict=True)]
        for run in played if keys == {WEEK} else ():
            total = run.stats["total"]["mean"]
            axes.axhline(total, color="#999999", linewidth=0.9, linestyle="--")
            axes.annotate(run.name, (1.0, total), xycoords=("axes fraction", "data"), fontsize=7)
        axes.set_xlabel("training step")
        axes.set_ylabel(" / ".join(f"{key} total" if key == WEEK else key for key in sorted(keys)))
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="best")
        return [*save(drawing, out), csv_beside(out, ("run", "of", "step", "value", "running_mean"), rows)]


def mean_curve(runs: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(steps, values, running means) averaged over (steps, values) of several runs, on the steps that all of them have.

    The running mean of each run is taken over all its own steps first.
    """
    common = sorted(set.intersection(*({*steps.tolist()} for steps, _ in runs)))
    places = [np.searchsorted(steps, common) for steps, _ in runs]
    values = [values[place] for (_, values), place in zip(runs, places, strict=True)]
    smooth = [running_mean(values, SMOOTH)[place] for (_, values), place in zip(runs, places, strict=True)]
    return np.array(common), np.mean(values, axis=0), np.mean(smooth, axis=0)


def running_mean(values: np.ndarray, width: int) -> np.ndarray:
    """Mean of the last `width` values at every place, of fewer at the start. values, result: (steps,)."""
    sums = np.cumsum(np.concatenate([[0.0], values]))
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(ends - width, 0)
    return (sums[ends] - sums[starts]) / (ends - starts)


def components(played: Sequence[Played], out: Path) -> list[Path]:
    """The five components and the total: a radar, and beside it dots with 95% intervals."""
    drawer, names = pyplot(), [name.replace("_", " ") for name in COMPONENTS]
    angles = np.linspace(0, 2 * np.pi, len(COMPONENTS), endpoint=False)
    with drawer.rc_context(STYLE):
        drawing = drawer.figure(figsize=(10.5, 4.4), layout="constrained")
        radar, dots = drawing.add_subplot(1, 2, 1, projection="polar"), drawing.add_subplot(1, 2, 2)
        rows = []
        for place, (run, colour) in enumerate(zip(played, _colours(len(played)), strict=True)):
            figures = [run.stats["components"][name] for name in COMPONENTS]
            means = [figure["mean"] for figure in figures]
            radar.plot(np.append(angles, angles[0]), [*means, means[0]], color=colour, linewidth=1.5, label=run.name)
            shift = 0.7 * ((place + 0.5) / len(played) - 0.5)
            for down, figure in enumerate([*figures, run.stats["total"]]):
                dots.plot([figure["low"], figure["high"]], [down + shift] * 2, color=colour, linewidth=1.5)
                dots.plot([figure["mean"]], [down + shift], "o", color=colour, markersize=4)
                name = (*COMPONENTS, "total")[down]
                rows.append((run.name, name, figure["mean"], figure["low"], figure["high"]))
        radar.set_theta_offset(np.pi / 2)
        radar.set_xticks(angles, [name.replace(" ", "\n") for name in names])
        radar.tick_params(axis="x", pad=14)
        radar.set_ylim(0, 1)
        dots.set_yticks(range(len(names) + 1), [*names, "total"])
        dots.set_ylim(len(names) + 0.5, -0.5)
        dots.set_xlim(-0.02, 1.02)
        dots.spines[["top", "right"]].set_visible(False)
        radar.legend(frameon=False, loc="upper left", bbox_to_anchor=(-0.25, 1.1))
        return [*save(drawing, out), csv_beside(out, ("run", "component", "mean", "low", "high"), rows)]


def energy(played: Sequence[Played], out: Path, seeds: Mapping[str, Sequence[Played]] | None = None) -> list[Path]:
    """Mean energy on the five evenings with 95% intervals, one line a run; seeds: thin lines that go with a run."""
    drawer, rows = pyplot(), list[tuple[str, str, float, float, float]]()
    with drawer.rc_context(STYLE):
        drawing, axes = drawer.subplots(figsize=(6.4, 3.4), layout="constrained")
        for run, colour in zip(played, _colours(len(played)), strict=True):
            figures = run.stats["evening_energy"]
            low, mean, high = ([figure[key] for figure in figures] for key in ("low", "mean", "high"))
            axes.fill_between(range(len(figures)), low, high, color=colour, alpha=0.15, linewidth=0)
            axes.plot(range(len(figures)), mean, "o-", color=colour, linewidth=1.6, markersize=4, label=run.name)
            for seed in (seeds or {}).get(run.name, ()):
                thin = [figure["mean"] for figure in seed.stats["evening_energy"]]
                axes.plot(range(len(thin)), thin, "-", color=colour, linewidth=0.6, alpha=0.7)
            for one in (run, *(seeds or {}).get(run.name, ())):
                rows += [
                    (one.name, day, *(figure[key] for key in ("mean", "low", "high")))
                    for day, figure in zip(DAY_NAMES, one.stats["evening_energy"], strict=True)
                ]
        axes.set_xticks(range(len(DAY_NAMES)), DAY_NAMES)
        axes.set_ylim(0, 1)
        axes.set_ylabel("energy in the evening")
        axes.spines[["top", "right"]].set_visible(False)
        axes.legend(frameon=False, loc="best")
        return [*save(drawing, out), csv_beside(out, ("run", "day", "mean", "low", "high"), rows)]


def decisions(played: Sequence[Played], out: Path) -> list[Path]:
    """How every kind of event was answered, one heatmap a run, side by side."""
    return heatmaps([_heat(run, played) for run in played], out)


def _heat(run: Played, played: Sequence[Played]) -> Heat:
    kinds = sorted({kind for other in played for kind in other.stats["acts"]})
    acts = run.stats["acts"]
    shares = [[acts.get(kind, {}).get(act, {}).get("mean") or 0.0 for act in ACTS] for kind in kinds]
    return Heat(run.name, kinds, ACTS, shares)


def _colours(count: int) -> list[str]:
    return [COLOURS[place % len(COLOURS)] for place in range(count)]


def read_run(folder: Path) -> list[Played | Trained]:
    """What a folder holds. Raises UsageError when that is no run, RunError when a file is broken."""
    found: list[Played | Trained] = []
    metrics, summary = folder / "metrics.jsonl", folder / "summary.json"
    if metrics.is_file():
        found.append(Trained(folder.name, [_json(metrics, line) for line in _text(metrics).splitlines() if line]))
    if summary.is_file():
        found.append(Played(folder.name, _json(summary, _text(summary))["all"]))
    if not found:
        raise UsageError(f"{folder}: no run: neither metrics.jsonl nor summary.json is there")
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: cannot be read: {error}") from None


def _json(path: Path, text: str) -> dict[str, Any]:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise RunError(f"{path}: not JSON: {error}") from None
