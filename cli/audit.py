"""`wlf audit`: can the score be had without reading? Every adversary beside the careful agent and the oracle."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ..episodes.errors import UsageError
from ..episodes.job import Setup
from ..episodes.preview import week_of
from ..episodes.versions import versions
from ..testing import own_texts
from ..testing.audit import Audit, Line, PolicyRows, report
from ..testing.habits import HABITS
from ..testing.lineup import QUICK, Effort, Entrant, Findings, lineup, search_all
from ..testing.replies import Replies, RunAudit, write
from ..testing.replies_page import interval, page
from ..testing.report import Report
from ..testing.robust import MOST, Robustness, robustness
from ..world.scenario import Split
from . import options as opt
from .output import advance, one_json, progress, say, table

ORDERED = ("careful", "fact-blind table", "best fixed text")


def command(
    weeks: opt.WeeksOption = 200,
    split: Annotated[
        Split | None, typer.Option("--split", help="Which weeks: train, validation (the default) or test.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write audit.md, .csv, .json and the figure there.")
    ] = None,
    robust: Annotated[
        int, typer.Option("--robust", min=0, metavar="WEEKS", help="Also check the orderings with other constants.")
    ] = 0,
    found: Annotated[
        Path | None, typer.Option("--found", metavar="FILE", help="Take a found.json instead of searching again.")
    ] = None,
    replies: Annotated[
        Path | None,
        typer.Option("--replies", metavar="RUN", help="Audit the replies of a recorded run instead (at most --weeks)."),
    ] = None,
    quick: Annotated[bool, typer.Option("--quick", help="Search only a little: a first look, not a result.")] = False,
    processes: Annotated[int, typer.Option("--processes", min=1, max=64, help="Workers to play weeks with.")] = 2,
    scenario: opt.ScenarioOption = "canonical",
    json: opt.JsonOption = False,
) -> int:
    """Every adversary over the same weeks and twins, and the bars that it must stay under (exit 1 where one is not).

    With --replies RUN: what a recorded policy said, beside careful, as one text per kind of event, and put to twins.
    """
    setup = opt.setup(scenario)
    if replies is not None:
        if split or robust or found is not None:
            raise UsageError("--replies audits the weeks of one run; --split, --robust and --found do not go with it")
        trying = own_texts.QUICK if quick else own_texts.USUAL
        return _replies(RunAudit(replies, setup, weeks, processes, trying), out, json)
    audit = Audit(setup, split or "validation", weeks, processes)
    adversary = Findings.read(found) if found is not None else _search(setup, QUICK if quick else Effort())
    recipe = setup.recipe()
    entrants = lineup(week_of(recipe, 0), adversary)
    lines = report(_play(audit, entrants))
    checked = _robust(setup, entrants, robust, processes) if robust else None
    made = Report(lines, adversary, audit.split, weeks, versions(recipe, setup.plan(recipe, "ignorer").reader), checked)
    written = made.write(out) if out is not None else []
    if json:
        one_json(made.plain())
    else:
        _tell(made)
        for path in written:
            say(f"written: {path}")
    return 1 if made.broken else 0


def _replies(audit: RunAudit, out: Path | None, json: bool) -> int:
    """The audit of a recorded run, written and told (exit 1 where a bar is not held)."""
    with ExitStack() as open_bar:

        def on_part(part: str, total: int) -> Callable[[int], None]:
            open_bar.close()
            typer.echo(f"{part} ...", err=True)
            bar = open_bar.enter_context(progress(part, total))
            return lambda done: advance(bar, done)

        made = audit.audit(on_part)
    written = write(made, page(made), out) if out is not None else []
    if json:
        one_json(made.plain())
    else:
        _tell_replies(made)
        for path in written:
            say(f"written: {path}")
    return 1 if made.broken else 0


def _tell_replies(made: Replies) -> None:
    own, careful = made.habits
    rows = [["total", *map(interval, made.totals)]]
    rows += [[habit, interval(own.figures[habit]), interval(careful.figures[habit])] for habit in HABITS]
    rows += [[name, str(getattr(own, name)), str(getattr(careful, name))] for name in ("distinct", "templates")]
    table(("", "policy", "careful"), rows, f"{made.policy}: {own.replies} replies in {made.weeks} {made.split} weeks")
    say()
    one = made.one_text
    say(f"one text per kind of event: {interval(one.total)}, {interval(one.under)} under the policy")
    say(f"    pair accuracy {interval(one.twins.pair_accuracy)} over {one.twins.pairs} pairs")
    say()
    head = ("ask", "swaps", "lost there", "in the twin", "gap", "suits both", "right in both")
    rows = [[ask, str(one.swaps), *(f"{part['mean']:.3f}" for part in one[1:])] for ask, one in made.swapped.items()]
    table(head, rows, "the same replies where the need is the other one: lost total against the labelled act")
    say()
    for swap in made.universal:
        say(f"suits both ({swap.ask}, lost {swap.own:.3f} and {swap.other:.3f}): {swap.reply}")
    for bar, held in made.bars.items():
        say(f"{'held' if held else 'NOT held'}: {bar}")


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
