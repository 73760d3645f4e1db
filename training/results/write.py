"""The results on disk: table.json, table.md, replies.md, a summary of every column, and the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...episodes.errors import RunError
from ...episodes.plots import Played, Trained, components, curves, decisions, energy, read_run
from ...episodes.record import rounded
from ...episodes.runs import SUMMARY, write_text
from ...world.frozen import SCHEMA
from ..metrics import METRICS
from .markdown import markdown
from .measure import Measured
from .players import CAREFUL, TRAINED, UNTRAINED
from .replies import PER_KIND, drawn, page
from .table import Results, stats, table

COLUMNS = "columns"
"""The folder of a summary.json for every column, which `wlf plot` can draw."""


def write_table(measured: Measured, out: Path) -> tuple[dict[str, Any], list[Path]]:
    """Write table.json, table.md and the summaries; returns the table and the files. Raises RunError."""
    made = table(measured.results)
    files = [
        _written(out / "table.json", json.dumps(made, indent=1, ensure_ascii=False) + "\n"),
        _written(out / "table.md", markdown(made)),
    ]
    for name, found in summaries(measured.results).items():
        files.append(_written(out / COLUMNS / name / SUMMARY, json.dumps(found, indent=1, ensure_ascii=False) + "\n"))
    return made, files


def summaries(results: Results) -> dict[str, dict[str, Any]]:
    """Column -> its summary.json."""
    first, last = results.weeks.seeds()[0], results.weeks.seeds()[-1]
    return {
        column.name: rounded(
            {
                "schema": SCHEMA,
                "policy": column.name,
                "split": results.weeks.split,
                "weeks": results.weeks.count,
                "seeds": [first, last],
                "faulted_weeks": sum(rows.failed for rows in column.members),
                "all": stats(column),
                "versions": results.versions.model_dump(exclude_none=True),
            }
        )
        for column in results.columns()
    }


def write_replies(measured: Measured, out: Path, seed: int = 0, per_kind: int = PER_KIND) -> Path:
    """Write replies.md, drawn from the trained seeds. Raises RunError."""
    folders = {name: measured.folders[name] for name in measured.results.seeds}
    text = page(drawn(folders, seed, per_kind), measured.results.command, seed, per_kind)
    return _written(out / "replies.md", text)


def draw_figures(measured: Measured, out: Path) -> list[Path]:
    """Components, evenings, decisions before and after, and the curve of the runs that have metrics.

    Raises UsageError without matplotlib, RunError.
    """
    found = summaries(measured.results)
    before, after, careful = (Played(name, found[name]["all"]) for name in (UNTRAINED, TRAINED, CAREFUL))
    drawn_files = components([before, after, careful], out / "components")
    several = [Played(name, found[name]["all"]) for name in measured.results.seeds]
    drawn_files += energy([before, after, careful], out / "energy", {TRAINED: several if len(several) > 1 else ()})
    drawn_files += decisions([before, after], out / "decisions")
    runs = [run for run in _trained(measured.results) if run.has_curve]
    if runs:
        drawn_files += curves(runs, [before, careful], out / "reward", together=True)
    return drawn_files


def _trained(results: Results) -> list[Trained]:
    """The training runs behind the trained columns, those that are there."""
    folders = [player.run for player in results.players if player.role == TRAINED and player.run]
    found = [read_run(folder) for folder in folders if (folder / METRICS).is_file()]
    return [run for runs in found for run in runs if isinstance(run, Trained)]


def broken(made: Mapping[str, Any]) -> list[str]:
    """The bars of the trained that do not hold, in words."""
    return [f"{bar['what']}: {bar['bar']}" for bar in made["bars"][TRAINED] if bar["held"] is False]


def _written(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RunError(f"{path.parent}: cannot be made: {error.strerror or error}") from None
    write_text(path, text)
    return path
