"""Figures of results: PNG and SVG that are the same to the byte every time, and the numbers beside them as CSV.

Needs the extra `plots`. Draws what it is given; computes nothing.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from ..world.clock import DAY_NAMES
from .errors import UsageError
from .runs import write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

GROUP_COLOURS = {"reference": "#1b6e53", "baseline": "#6b7280", "fixed": "#3b5b92", "attack": "#b3402a"}
PATH_COLOURS = ("#b3402a", "#1b6e53", "#3b5b92", "#6b7280")
LOW_ENERGY = 0.3
"""Under it somebody is drained."""
STYLE = {"font.family": "DejaVu Sans", "font.size": 9, "svg.hashsalt": "wlf", "svg.fonttype": "none"}
DPI = 130


class Dot(NamedTuple):
    """One row of a dot plot: a mean with its interval, and the group that gives its colour."""

    name: str
    group: str
    mean: float
    low: float
    high: float


class Heat(NamedTuple):
    """One heatmap: shares (0..1) of every act (across) by ask (down)."""

    title: str
    rows: Sequence[str]
    columns: Sequence[str]
    shares: Sequence[Sequence[float]]


def dots(rows: Sequence[Dot], marks: Mapping[str, float], label: str, out: Path) -> list[Path]:
    """A dot plot, first row on top, with a dashed line at every mark; out is the files' name without a suffix.

    Raises UsageError without matplotlib, RunError when a file cannot be written.
    """
    plot = pyplot()
    with plot.rc_context(STYLE):
        drawing, axes = plot.subplots(figsize=(7.2, 0.8 + 0.24 * len(rows)), layout="constrained")
        for place, row in enumerate(rows):
            colour = GROUP_COLOURS.get(row.group, "#333333")
            axes.plot([row.low, row.high], [place, place], color=colour, linewidth=1.6)
            axes.plot([row.mean], [place], "o", color=colour, markersize=4.5)
        for name, value in marks.items():
            axes.axvline(value, color="#999999", linewidth=0.9, linestyle="--")
            axes.annotate(name, (value, len(rows) - 0.4), rotation=90, va="bottom", ha="right", fontsize=7)
        axes.set_yticks(range(len(rows)), [row.name for row in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(0.0, 1.0)
        axes.set_xlabel(label)
        axes.spines[["top", "right"]].set_visible(False)
        return [*save(drawing, out), csv_beside(out, Dot._fields, rows)]


def evenings(paths: Mapping[str, Sequence[float]], title: str, out: Path) -> list[Path]:
    """Energy (0..1) on the five evenings, one line a path; out is the files' name without a suffix.

    Raises UsageError without matplotlib, RunError when a file cannot be written.
    """
    plot = pyplot()
    with plot.rc_context(STYLE):
        drawing, axes = plot.subplots(figsize=(6.4, 3.2), layout="constrained")
        for (name, values), colour in zip(paths.items(), PATH_COLOURS, strict=False):
            axes.plot(range(len(values)), values, "o-", color=colour, linewidth=1.8, markersize=4.5, label=name)
        axes.axhline(LOW_ENERGY, color="#999999", linewidth=0.9, linestyle="--")
        axes.set_xticks(range(len(DAY_NAMES)), DAY_NAMES)
        axes.set_ylim(0, 1)
        axes.set_ylabel("energy in the evening")
        axes.set_title(title, fontsize=9, loc="left")
        axes.legend(frameon=False, loc="best")
        rows = [[name, *values] for name, values in paths.items()]
        return [csv_beside(out, ["path", *DAY_NAMES], rows), *save(drawing, out)]


def heatmaps(maps: Sequence[Heat], out: Path) -> list[Path]:
    """Heatmaps side by side with one scale; out is the files' name without a suffix. Raises UsageError and RunError."""
    plot = pyplot()
    with plot.rc_context(STYLE):
        wide = 2.2 + sum(0.36 * len(heat.columns) + 0.3 for heat in maps)
        tall = 1.8 + 0.26 * max((len(heat.rows) for heat in maps), default=0)
        drawing, found = plot.subplots(1, len(maps), figsize=(wide, tall), layout="constrained", squeeze=False)
        for number, (axes, heat) in enumerate(zip(found[0], maps, strict=True)):
            axes.imshow(heat.shares, vmin=0.0, vmax=1.0, cmap="YlGnBu", aspect="auto")
            axes.set_title(heat.title, fontsize=9)
            axes.set_xticks(range(len(heat.columns)), heat.columns, rotation=90)
            axes.set_yticks(range(len(heat.rows)), heat.rows if number == 0 else [])
            for down, shares in enumerate(heat.shares):
                for across, share in enumerate(shares):
                    if share >= 0.005:
                        ink = "white" if share > 0.55 else "black"
                        axes.text(across, down, f"{100 * share:.0f}", ha="center", va="center", fontsize=6, color=ink)
        cells = [
            (heat.title, row, column, share)
            for heat in maps
            for row, shares in zip(heat.rows, heat.shares, strict=True)
            for column, share in zip(heat.columns, shares, strict=True)
        ]
        return [*save(drawing, out), csv_beside(out, ("run", "ask", "act", "share"), cells)]


def save(drawing: Drawing, out: Path) -> list[Path]:
    """Write a drawing as PNG and SVG without dates or versions in them, and close it. Raises OSError."""
    plot = pyplot()
    out.parent.mkdir(parents=True, exist_ok=True)
    png, svg = out.with_suffix(".png"), out.with_suffix(".svg")
    drawing.savefig(png, dpi=DPI, metadata={"Software": None})
    drawing.savefig(svg, metadata={"Date": None, "Creator": None})
    plot.close(drawing)
    return [png, svg]


def csv_text(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows as CSV, floats rounded to 6 places."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([round(cell, 6) if isinstance(cell, float) else cell for cell in row] for row in rows)
    return made.getvalue()


def available() -> bool:
    """Whether matplotlib can be imported."""
    try:
        pyplot()
    except UsageError:
        return False
    return True


def csv_beside(out: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    """Write the numbers of a figure as CSV beside it; out is the figure's name without a suffix. Raises RunError."""
    path = out.with_suffix(".csv")
    write_text(path, csv_text(header, rows))
    return path


def pyplot() -> ModuleType:
    """pyplot without a window. Raises UsageError when the extra is missing."""
    try:
        import matplotlib  # an optional extra that takes a second to import

        matplotlib.use("Agg")
        from matplotlib import pyplot as drawer
    except ImportError:
        raise UsageError("figures need matplotlib: install the extra 'plots'") from None
    return drawer
