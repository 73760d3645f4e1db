"""`wlf oracle`: the best that weeks allow, the worst, and whether the labels hold."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from ..episodes.job import split_seeds
from ..episodes.oracle import CACHE, OracleWeek, solve_weeks
from ..episodes.verdict import verdict
from . import options as opt
from .output import advance, one_json, progress, say, table

WORDS: Mapping[str, str] = {
    "v_star": "V* (perfect information)",
    "gap": "gap to the bound",
    "labelled": "labelled acts",
    "look_ahead": "one-step look-ahead",
    "worst": "worst week found",
}


def command(
    weeks: opt.WeeksOption = 20,
    split: opt.SplitOption = "test",
    seed: opt.SeedOption = 0,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=256, help="Processes; one a core by default.")
    ] = None,
    cache: Annotated[Path | None, typer.Option("--cache", metavar="DIR", help="Where solved weeks are kept.")] = CACHE,
    fresh: Annotated[bool, typer.Option("--fresh", help="Solve all weeks again, and keep none.")] = False,
    scenario: opt.ScenarioOption = "canonical",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    json: opt.JsonOption = False,
) -> int:
    """The best total that each week allows, by a planner that knows the hidden facts and the luck."""
    setup = opt.setup(scenario, persona, personas)
    wanted = split_seeds(split, weeks, seed)
    with progress("oracle", weeks) as bar:

        def on_week(done: int, _week: OracleWeek) -> None:
            advance(bar, done)

        found = solve_weeks(setup, wanted, workers, None if fresh else cache, on_week)
    told = verdict(found, split)
    if json:
        one_json(told)
    else:
        _tell(told)
    return 0


def _tell(told: Mapping[str, Any]) -> None:
    rows = [_row(WORDS.get(name, name.replace("_", " ")), figure) for name, figure in told["figures"].items()]
    rows += [_row(f"evening {day}", figure) for day, figure in enumerate(told["evening_energy"], 1)]
    table(("", "mean", "95% low", "high"), rows, f"oracle: {told['weeks']} {told['split']} weeks")
    kinds = ", ".join(f"{count} {kind}" for kind, count in told["kinds"].items())
    say(f"found: {kinds}; exact weeks are proven best, for the others the gap says how much better any could be")
    if told["beaten"]:
        say(f"in {told['beaten']} weeks a simpler policy beats the plan")
    labels = told["labels"]
    if labels["n"]:
        say(f"labels: the side named by refuse_when wins without the boundary part in {labels['agree']:.1%} of asks")
        worst = [[ask, f"{row['agree']:.1%}", f"{row['margin']:+.4f}"] for ask, row in labels["by_ask"].items()]
        table(("ask", "agree", "least margin"), worst)


def _row(name: str, figure: Mapping[str, Any]) -> list[str]:
    return [name, *("-" if figure[key] is None else f"{figure[key]:.4f}" for key in ("mean", "low", "high"))]
