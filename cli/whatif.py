"""`wlf whatif`: one reply of a recorded week changed, and what became of the week."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes import figures
from ..episodes.forks import Diff, Pair, Then
from ..episodes.whatif import Question, ask
from ..world.clock import DAY_NAMES
from . import options as opt
from .output import one_json, say, table
from .story import shortened


def command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    week: Annotated[int, typer.Option("--week", min=0, metavar="K", help="A seed, or a week's place in the run.")],
    event: Annotated[str, typer.Option("--event", metavar="ID", help="The event to answer otherwise.")],
    reply: Annotated[str | None, typer.Option("--reply", metavar="TEXT", help="The other reply.")] = None,
    act: Annotated[
        str | None, typer.Option("--act", metavar="ACT[,ACT]", help="Or its act; one for all asks, or one an ask.")
    ] = None,
    then: Annotated[
        Then, typer.Option("--then", help="Who goes on: the same policy, or the recorded replies where they still fit.")
    ] = "policy",
    scenario: Annotated[
        str | None, typer.Option("--scenario", metavar="NAME", help="The run's scenario, if it was a file of its own.")
    ] = None,
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    figure: Annotated[
        Path | None, typer.Option("--figure", metavar="FILE", help="Also draw both paths: FILE.png, .svg and .csv.")
    ] = None,
    json: opt.JsonOption = False,
) -> int:
    """Fork a recorded week at one event under the same luck, and compare the two."""
    given = opt.given_personas(persona or ())
    pair, path = ask(Question(run, week, event, reply, act, then, scenario, given, personas))
    drawn = _drawn(pair, figure) if figure else []
    if json:
        one_json(pair.diff.model_dump(mode="json"))
        return 0
    _tell(pair)
    for kept in (path, *drawn):
        say(f"kept: {kept}")
    return 0


def _drawn(pair: Pair, out: Path) -> list[Path]:
    """Energy on the evenings of both weeks, as a figure."""
    first, second = zip(*pair.diff.evenings, strict=True)
    title = f"{pair.base.episode_id}: only {pair.diff.event} answered otherwise"
    return figures.evenings({"recorded": first, "what if": second}, title, out)


def _tell(pair: Pair) -> None:
    diff = pair.diff
    step = next(step for step in pair.other.steps if step.event == diff.event)
    acts = ", ".join(reading.act for reading in step.reading.asks)
    say(f"{pair.base.episode_id}, {diff.event} answered with: {shortened(step.reply or '(no answer)')}  [{acts}]")
    say(f"vanished: {', '.join(diff.vanished) or 'nothing'}")
    say(f"appeared: {', '.join(diff.appeared) or 'nothing'}")
    say(f"answered otherwise: {', '.join(diff.answered) or 'nothing'}")
    table(("", "recorded", "what if", "change"), _rows(diff))


def _rows(diff: Diff) -> list[list[str]]:
    rows = [_row(f"{day} evening energy", *pair) for day, pair in zip(DAY_NAMES, diff.evenings, strict=True)]
    rows += [_row(f"trust {who}", *pair) for who, pair in diff.trust.items()]
    rows += [_row(name.replace("_", " "), *pair) for name, pair in diff.scores.items()]
    rows.append(_row("total", *diff.total))
    rows.append(["sprint delivered", *("yes" if there else "no" for there in diff.delivered), ""])
    rows.append(["week ended", *diff.end, ""])
    return rows


def _row(name: str, old: float, new: float) -> list[str]:
    return [name, f"{old:.3f}", f"{new:.3f}", f"{new - old:+.3f}"]
