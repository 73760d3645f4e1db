"""`wlf audit`: can the score be had without reading? Every adversary beside the careful agent and the oracle."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.job import Setup
from ..episodes.preview import week_of
from ..episodes.versions import versions
from ..testing.audit import Audit, Line, PolicyRows, report
from ..testing.lineup import QUICK, Effort, Entrant, Findings, lineup, search_all
from ..testing.report import Report
from ..testing.robust import MOST, Robustness, robustness
from . import options as opt
from .output import advance, one_json, progress, say, table

ORDERED = ("careful", "fact-blind table", "best fixed text")


def command(
    weeks: opt.WeeksOption = 200,
    split: opt.SplitOption = "validation",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write audit.md, .csv, .json and the figure there.")
    ] = None,
    robust: Annotated[
        int, typer.Option("--robust", min=0, metavar="WEEKS", help="Also check the orderings with other constants.")
    ] = 0,
    found: Annotated[
        Path | None, typer.Option("--found", metavar="FILE", help="Take a found.json instead of searching again.")
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Search only a little: a first look, not a result.")] = False,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="Workers to play weeks with.")] = 2,
    scenario: opt.ScenarioOption = "canonical",
    json: opt.JsonOption = False,
) -> int:
    """Every adversary over the same weeks and twins, and the bars that it must stay under (exit 1 where one is not)."""
    setup = opt.setup(scenario)
    audit = Audit(setup, split, weeks, processes)
    adversary = Findings.read(found) if found is not None else _search(setup, QUICK if quick else Effort())
    recipe = setup.recipe()
    entrants = lineup(week_of(recipe, 0), adversary)
    lines = report(_play(audit, entrants))
    checked = _robust(setup, entrants, robust, processes) if robust else None
    made = Report(lines, adversary, split, weeks, versions(recipe, setup.plan(recipe, "ignorer").reader), checked)
    written = made.write(out) if out is not None else []
    if json:
        one_json(made.plain())
    else:
        _tell(made)
        for path in written:
            say(f"written: {path}")
    return 1 if made.broken else 0


def _search(setup: Setup, effort: Effort) -> Findings:
    with progress("searching", 4) as bar:
        begun: list[str] = []

        def on_search(name: str) -> None:
            begun.append(name)
            advance(bar, len(begun) - 1)

        return search_all(setup, effort, on_search)


def _play(audit: Audit, entrants: list[Entrant]) -> list[PolicyRows]:
    with progress("playing", audit.weeks * len(entrants)) as bar:
        return list(audit.run(entrants, lambda done: advance(bar, done)))


def _robust(setup: Setup, entrants: list[Entrant], weeks: int, processes: int) -> Robustness:
    """The orderings of careful and of everybody fixed, on so many weeks of each variant."""
    some = [e for e in entrants if e.group == "fixed" or e.name in ORDERED]
    with progress("other constants", 2 * MOST + 1) as bar:
        return robustness(setup, some, weeks=weeks, processes=processes, on_variant=lambda done: advance(bar, done))


def _tell(made: Report) -> None:
    rows = [_row(line) for line in made.lines]
    head = ("", "total", "95% low", "high", "boundary", "balanced", "pairs", "under oracle", "under careful", "")
    table(head, rows, f"{made.weeks} {made.split} weeks and as many twin pairs")
    say()
    for line in made.robustness.markdown() if made.robustness else ():
        say(line)
    say("every bar is held" if not made.broken else f"{len(made.broken)} bars are not held:")
    for text in made.broken:
        say(f"    {text}")


def _row(line: Line) -> list[str]:
    total = line.columns["total"]
    figures = [total["mean"], total["low"], total["high"], line.columns["boundary_setting"]["mean"]]
    figures += [line.twins.balanced_accuracy["mean"], line.twins.pair_accuracy["mean"]]
    figures += [line.gaps[name]["mean"] if name in line.gaps else None for name in ("oracle", "careful")]
    held = "" if all(line.bars.values()) else "not held"
    return [line.name, *("-" if value is None else f"{value:.3f}" for value in figures), held]
