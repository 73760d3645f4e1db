"""`wlf plot`: figures of runs and of training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.plots import plot
from .output import say


def command(
    runs: Annotated[
        list[Path], typer.Argument(metavar="RUN...", help="Run folders, of weeks or of training, in legend order.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the figures go.")] = Path("figures"),
    seeds: Annotated[
        bool, typer.Option("--seeds", help="The training runs are seeds of one: thin lines, and their mean.")
    ] = False,
) -> int:
    """Reward curve, components, energy Monday to Friday, decisions: PNG and SVG, with the numbers as CSV beside."""
    for path in plot(runs, out, seeds):
        say(str(path))
    return 0
