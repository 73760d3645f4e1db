"""The table as Markdown, from the table.json object alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ...world.clock import DAY_NAMES
from ...world.scoring import COMPONENTS

NAMES: Mapping[str, str] = {
    "total": "total",
    **{f"components.{name}": f"- {name.replace('_', ' ')}" for name in COMPONENTS},
    "sprint_delivered": "sprint delivered",
    **{f"evening_energy.{day}": f"energy, {name} evening" for day, name in enumerate(DAY_NAMES)},
    "min_trust": "lowest trust, mean",
    "burnout": "weeks ended by burnout",
    "unclear": "answers the reader could not read",
    "twins.balanced_accuracy": "twins: balanced accuracy",
    "twins.pair_accuracy": "twins: pair accuracy",
}
COMPARED = ("total", "sprint_delivered", "components.boundary_setting", "friday_energy", "min_trust")
DIFFERENCES: Mapping[str, str] = {
    **NAMES,
    "components.boundary_setting": "boundary setting",
    "friday_energy": "Friday energy",
}
HELD = {True: "holds", False: "**does not hold**", None: "-"}
CLEAR = {True: "yes", False: "no", None: "-"}


def markdown(table: Mapping[str, Any]) -> str:
    """The whole page."""
    return "\n".join([*_head(table), *_figures(table), *_differences(table), *_bars(table), *_costs(table), ""])


def _head(table: Mapping[str, Any]) -> Iterator[str]:
    first, last = table["seeds"]
    versions = ", ".join(f"{name} {value}" for name, value in table["versions"].items())
    yield "# Training: the same weeks for everybody"
    yield ""
    yield f"    {table['command']}"
    yield ""
    yield (
        f"{table['weeks']} {table['split']} weeks (seeds {first} to {last}) and one twin of each, the same for every "
        f"column. {table['intervals']} Energy, scores and trust are 0..1. The oracle is `wlf run --policy oracle`: it "
        f"sees hidden facts and luck, and proofreads its replies with the week's reader; V* is the best total that "
        f"`wlf oracle` finds for a week. Versions: {versions}."
    )
    yield ""
    yield from _rows(
        ("column", "model", "made by", "plays at temperature", "files", "weeks that failed"),
        [
            [p["name"], p["model"], p["made_by"] or "-", _temperature(p), p["files"] or "-", str(p["failed"])]
            for p in table["players"]
        ],
    )


def _figures(table: Mapping[str, Any]) -> Iterator[str]:
    columns = list(table["figures"])
    yield "## Figures"
    yield ""
    rows = [[name, *(_interval(table["figures"][c][key]) for c in columns)] for key, name in NAMES.items()]
    rows += [[name, *(_interval(shares.get(c)) for c in columns)] for name, shares in table["shares"].items()]
    yield from _rows(("", *columns), rows)


def _differences(table: Mapping[str, Any]) -> Iterator[str]:
    yield "## Paired differences, week by week"
    yield ""
    rows = [[name, *(_signed(found[key]) for key in COMPARED)] for name, found in table["gaps"].items()]
    yield from _rows(("", *(DIFFERENCES[key] for key in COMPARED)), rows)


def _bars(table: Mapping[str, Any]) -> Iterator[str]:
    for column, title in (("trained", "What the issue asks of the trained"), ("untrained", "And of the untrained")):
        found = table["bars"][column]
        yield f"## {title}"
        yield ""
        rows = [
            [bar["what"], bar["bar"], _interval(bar["found"], 3), HELD[bar["held"]], CLEAR[bar["clear"]]]
            for bar in found
        ]
        yield from _rows(("", "bar", "measured", "", "whole interval"), rows)


def _costs(table: Mapping[str, Any]) -> Iterator[str]:
    if not table["costs"]:
        return
    yield "## What training cost"
    yield ""
    rows = [
        [
            cost["run"],
            str(cost["steps"]),
            f"{cost['seconds'] / 60:.1f}",
            f"{cost['seconds_per_step']:.1f}",
            "-" if cost["tokens_per_second"] is None else f"{cost['tokens_per_second']:.0f}",
            *(f"{share:.0%}" for share in cost["share"].values()),
        ]
        for cost in table["costs"]
    ]
    yield from _rows(
        ("run", "steps", "minutes", "seconds a step", "tokens a second of generation", "generation", "world", "update"),
        rows,
    )
    yield "Wall clock of the machine that trained, as metrics.jsonl has it."


def _rows(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '/') for cell in row)} |"
    yield ""


def _temperature(player: Mapping[str, Any]) -> str:
    """Of a model; tables from before it was told have none."""
    return "-" if player.get("temperature") is None else f"{player['temperature']:g}"


def _interval(figure: Mapping[str, Any] | None, digits: int = 2) -> str:
    if figure is None or figure["mean"] is None:
        return "-"
    mean, low, high = (f"{figure[key]:.{digits}f}" for key in ("mean", "low", "high"))
    return f"{mean} [{low}, {high}]"


def _signed(figure: Mapping[str, Any]) -> str:
    if figure["mean"] is None:
        return "-"
    return f"{figure['mean']:+.3f} [{figure['low']:+.3f}, {figure['high']:+.3f}]"
