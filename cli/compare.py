"""`wlf compare`: two runs beside each other, over the weeks that both have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.chain import Chain, Link, week_chain
from ..episodes.compare import PASS_TOTAL, Comparison, Gap, compare
from ..episodes.figures import Heat, heatmaps
from ..world.reading import ACTS
from . import options as opt
from .output import one_json, say, table

RunArgument = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]
SHORT = {"acknowledge": "ackn", "delegate": "deleg", "escalate": "escal", "request": "requ", "unclear": "uncl"}


def command(
    first: RunArgument,
    second: RunArgument,
    unpaired: Annotated[
        bool, typer.Option("--unpaired", help="Take all weeks of both, as if their seeds had nothing in common.")
    ] = False,
    bar: Annotated[
        float, typer.Option("--pass", min=0.0, max=1.0, metavar="TOTAL", help="A week passes from this total on.")
    ] = PASS_TOTAL,
    figure: Annotated[
        Path | None,
        typer.Option("--figure", metavar="FILE", help="Draw both decision heatmaps: FILE.png, FILE.svg and FILE.csv."),
    ] = None,
    week: Annotated[
        int | None,
        typer.Option("--week", min=0, metavar="K", help="Only the chain of changes of one week: a seed, or its place."),
    ] = None,
    json: opt.JsonOption = False,
) -> int:
    """What differs between two runs, and what that changed: paired differences with 95% intervals."""
    if week is not None:
        links = week_chain(first, second, week)
        one_json(links.plain()) if json else _tell_chain(links)
        return 0
    found = compare(first, second, not unpaired, bar)
    if json:
        one_json(found.plain())
    else:
        _tell(found)
    if figure is not None:
        stem = figure.with_suffix("") if figure.suffix in (".png", ".svg", ".csv") else figure
        drawn = heatmaps(_heats(found), stem)
        if not json:
            say(f"figure: {', '.join(map(str, drawn))}")
    return 0


def _tell(found: Comparison) -> None:
    say(f"A: {found.names[0]}")
    say(f"B: {found.names[1]}")
    say(found.sentence)
    for difference in found.differences:
        say(f"    {difference.key}: {difference.first} -> {difference.second}")
    if not found.comparable:
        say("the rubric, the reader or the world is not the same: these scores do not mean the same")
    say()
    over = f"the same {found.weeks} weeks" if found.paired else f"{found.weeks} weeks or more of each, unpaired"
    table(
        ("", "A", "B", "B - A", "95% low", "high", ""),
        [_row(gap) for gap in found.gaps],
        f"Differences over {over}",
    )
    say()
    _decisions(found)
    say()
    rows = [[f"pass^{k}", _number(one), _number(other)] for k, (one, other) in found.passes.items()]
    table(("", "A", "B"), rows, f"Chance that k weeks all reach a total of {found.bar:.2f}")


def _row(gap: Gap) -> list[str]:
    numbers = [
        _number(gap.first),
        _number(gap.second),
        *(_number(gap.gap[key], "+") for key in ("mean", "low", "high")),
    ]
    return [gap.name.replace("_", " "), *numbers, "" if gap.verdict == "no clear difference" else gap.verdict]


def _number(value: float | None, sign: str = "") -> str:
    return "-" if value is None else f"{value:{sign}.3f}"


def _decisions(found: Comparison) -> None:
    """Shares of the acts by ask in percent, A and B with a bar between; acts that nobody used are left out."""
    asks = found.asks()
    acts = [act for act in ACTS if any(run.share(ask, act) for run in found.decisions for ask in asks)]
    rows = [[ask, *(_cell(*(run.share(ask, act) for run in found.decisions)) for act in acts)] for ask in asks]
    table(("", *(SHORT.get(act, act) for act in acts)), rows, "Answers in percent, A|B")


def _cell(one: float, other: float) -> str:
    return f"{100 * one:.0f}|{100 * other:.0f}" if one or other else ""


def _tell_chain(found: Chain) -> None:
    """Where the two weeks part, and every change with what it comes from."""
    say(f"week {found.seed}: " + (f"{', '.join(found.swapped)} swapped" if found.swapped else "nobody was swapped"))
    if not found.links:
        say("the two weeks are the same")
        return
    say(f"they part at {found.links[0].event}, {found.links[0].at}")
    table(("", "when", "event", "what", "because"), [_link(link) for link in found.links])
    say()
    rows = [[who, str(same), str(other)] for who, (same, other) in found.answers.items()]
    table(("answers to events of both", "the same", "otherwise"), rows)
    if found.unexplained:
        say(f"{len(found.unexplained)} changes have no reason on record")


def _link(link: Link) -> list[str]:
    called = {
        "vanished": "comes in A only",
        "appeared": "comes in B only",
        "event": "comes otherwise",
        "seen": "Arjun sees otherwise",
        "reply": "Arjun writes otherwise",
        "reading": "is read otherwise",
        "answer": f"{link.who} answers otherwise",
    }
    what = called[link.what] + (f": {', '.join(link.parts)}" if link.parts else "")
    reasons = [*link.roots, *([f"of {', '.join(map(str, link.because))}"] if link.because else [])]
    return [str(link.number), link.at, link.event, what, "; ".join(reasons) or "no reason on record"]


def _heats(found: Comparison) -> list[Heat]:
    asks = found.asks()
    return [
        Heat(name, asks, ACTS, [[run.share(ask, act) for act in ACTS] for ask in asks])
        for name, run in zip(found.names, found.decisions, strict=True)
    ]
