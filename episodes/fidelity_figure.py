"""The figure of a fidelity probe: trust won, voice and scale over a conversation, distance from the script."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from ..stakeholders.fidelity.asking import SCALE_PLACES
from ..stakeholders.fidelity.turns import LENGTH
from .fidelity import BLOCK, Fidelity, Person
from .figures import PATH_COLOURS, STYLE, csv_beside, pyplot, save
from .stats import Figure

Series = tuple[str, str, Sequence[float], Sequence[Figure]]
"""(panel, name, places on the x axis, values): what is drawn is what stands in the CSV."""
TEMPER_COLOURS = ("#b3402a", "#6b7280", "#3b5b92", "#1b6e53")
APART = 0.16
"""Distance of the dots that stand side by side."""


def draw(found: Fidelity, out: Path) -> list[Path]:
    """Draw four panels; out is the files' name without a suffix. Raises UsageError without matplotlib, and RunError."""
    plot = pyplot()
    with plot.rc_context(STYLE):
        drawing, panels = plot.subplots(2, 2, figsize=(9.6, 6.4), layout="constrained")
        _dots(panels[0][0], list(_gains(found.people)), [one.person for one in found.people])
        _titled(panels[0][0], "trust gained by one reply, raw", "trust")
        _lines(panels[0][1], list(_voices(found.people)))
        _titled(panels[0][1], "messages known, learned from first turns (dashed: last turns)", "share")
        panels[0][1].axhline(found.chance, color="#999999", linewidth=0.9, linestyle="--")
        panels[0][1].set_ylim(0.0, 1.03)
        _lines(panels[1][0], list(_scales(found.people)))
        _titled(panels[1][0], "appraisal of identical replies, helpful (dashed: rude)", "notches, mean of sides")
        panels[1][0].set_ylim(-2.1, 2.1)
        _dots(panels[1][1], list(_distances(found.people)), [one.person for one in found.people])
        _titled(panels[1][1], "raw appraisal off the script", "notches")
        for axes in (panels[0][1], panels[1][0]):
            axes.set_xlabel("turn of the conversation")
        return [*save(drawing, out), csv_beside(out, ("panel", "name", "at", "mean", "low", "high", "n"), _rows(found))]


def _gains(people: Sequence[Person]) -> Iterator[Series]:
    for number, name in enumerate(people[0].gains):
        places = [at + APART * (number - 1.5) for at in range(len(people))]
        yield "gain", name, places, [one.gains[name] for one in people]


def _distances(people: Sequence[Person]) -> Iterator[Series]:
    for number, side in enumerate(people[0].distance):
        places = [at + APART * (number - 1.5) for at in range(len(people))]
        yield "distance", side, places, [one.distance[side] for one in people]


def _voices(people: Sequence[Person]) -> Iterator[Series]:
    for one in people:
        for half, values in one.voice_by_turn.items():
            places = [BLOCK * block + (BLOCK + 1) / 2 for block in range(len(values))]
            yield "voice", f"{one.person} {half}", places, values


def _scales(people: Sequence[Person]) -> Iterator[Series]:
    for one in people:
        for name, values in one.scale_by_turn.items():
            yield "scale", f"{one.person} {name}", [at + 1 for at in SCALE_PLACES], values


def _dots(axes: Any, series: Sequence[Series], people: Sequence[str]) -> None:  # noqa: ANN401 - matplotlib is optional
    for (_, name, places, values), colour in zip(series, TEMPER_COLOURS, strict=False):
        kept = [
            (at, f["mean"], f["low"], f["high"]) for at, f in zip(places, values, strict=True) if f["mean"] is not None
        ]
        for at, _, low, high in kept:
            axes.plot([at, at], [low, high], color=colour, linewidth=1.4)
        axes.plot([at for at, *_ in kept], [mid for _, mid, *_ in kept], "o", color=colour, markersize=4, label=name)
    axes.axhline(0.0, color="#999999", linewidth=0.9, linestyle="--")
    axes.set_xticks(range(len(people)), people)
    axes.legend(frameon=False, fontsize=7, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.08))


def _lines(axes: Any, series: Sequence[Series]) -> None:  # noqa: ANN401 - matplotlib is optional
    people = dict.fromkeys(name.partition(" ")[0] for _, name, *_ in series)
    colours = dict(zip(people, cycle(PATH_COLOURS), strict=False))
    for _, name, places, values in series:
        who, _, kind = name.partition(" ")
        kept = [(at, f["mean"]) for at, f in zip(places, values, strict=True) if f["mean"] is not None]
        second = kind in ("rude", "second")
        line, label = ("--", None) if second else ("-", who)
        xs, ys = [at for at, _ in kept], [middle for _, middle in kept]
        axes.plot(xs, ys, line, marker="o", color=colours[who], markersize=3, linewidth=1.2, label=label)
    axes.set_xticks(range(1, LENGTH + 1))
    axes.legend(frameon=False, fontsize=7, ncols=2, loc="lower left")


def _titled(axes: Any, title: str, unit: str) -> None:  # noqa: ANN401 - matplotlib is optional
    axes.set_title(title, fontsize=9, loc="left")
    axes.set_ylabel(unit)
    axes.spines[["top", "right"]].set_visible(False)


def _rows(found: Fidelity) -> list[tuple[object, ...]]:
    people = found.people
    names = [one.person for one in people]
    out: list[tuple[object, ...]] = []
    for panel, name, places, values in (*_gains(people), *_voices(people), *_scales(people), *_distances(people)):
        at = names if panel in ("gain", "distance") else places
        cells = [[("" if f[key] is None else f[key]) for key in ("mean", "low", "high", "n")] for f in values]
        out += [(panel, name, where, *cell) for where, cell in zip(at, cells, strict=True)]
    return out
