"""`wlf score`: the figures of a run, and that its records hold together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.recheck import recheck
from ..episodes.runs import pairs_in, read_config, weeks_in
from ..episodes.summary import summarize
from . import options as opt
from .output import one_json, say
from .tables import score_table, summary_table

SIDE_BY_SIDE = 6
"""Up to so many weeks are also shown one by one."""


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    json: opt.JsonOption = False,
) -> int:
    """The score table of a run, rechecked: rewards add up to the score, components to the total."""
    config = read_config(run)
    summary = summarize(weeks_in(run), config, pairs_in(run))
    found = [fault for record in weeks_in(run) for fault in recheck(record)]
    if json:
        one_json(summary)
    else:
        if 0 < summary["weeks"] <= SIDE_BY_SIDE:
            score_table(list(weeks_in(run)))
        summary_table(summary)
        if not found:
            say(f"{summary['weeks']} of {config.weeks} weeks on disk; rewards add up to the scores in each")
    for fault in found[:10]:
        typer.echo(f"wlf: {run}: {fault}", err=True)
    return 1 if found else 0
