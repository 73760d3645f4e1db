"""`wlf train table | blind | ship`: what training came to, labelled blind, and the checkpoint that ships."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer

from ..episodes.errors import UsageError
from ..episodes.figures import available
from ..training.results import blind as blinded
from ..training.results.measure import Measured, OnPlayer, measure
from ..training.results.play import HOME, OnPlayed, Weeks
from ..training.results.players import label, players
from ..training.results.replies import PER_KIND
from ..training.results.ship import TRAINED_HOME, ship_run
from ..training.results.write import broken, draw_figures, write_replies, write_table
from . import options as opt
from .output import advance, one_json, progress, say, table

RunsArgument = Annotated[
    list[Path], typer.Argument(metavar="RUN...", help="Training runs or model folders, one a training seed.")
]
SHOWN = ("total", "sprint_delivered", "components.boundary_setting", "friday_energy", "min_trust")


def table_command(
    runs: RunsArgument,
    untrained: Annotated[
        Path | None, typer.Option("--untrained", metavar="DIR", help="The model before; by default RUN's own start.")
    ] = None,
    clone: Annotated[
        Path | None, typer.Option("--clone", metavar="DIR", help="The behaviour clone of the careful agent.")
    ] = None,
    also: Annotated[
        list[str] | None, typer.Option("--also", metavar="NAME=DIR", help="One more column; may be repeated.")
    ] = None,
    split: opt.SplitOption = "test",
    weeks: opt.WeeksOption = 200,
    seed: opt.SeedOption = 0,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Where the results go.")] = Path(
        "docs/results/training"
    ),
    played: Annotated[Path, typer.Option("--played", metavar="DIR", help="Where played weeks are kept.")] = HOME,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads to generate with.")] = 1,
    v_star: Annotated[
        bool, typer.Option("--v-star/--no-v-star", help="Also the best total that each week allows.")
    ] = True,
    draw: Annotated[bool, typer.Option("--figures/--no-figures", help="Draw the figures, too.")] = True,
    json: opt.JsonOption = False,
) -> int:
    """The same weeks for untrained, trained, careful and oracle: table, differences, bars, replies and figures."""
    others = _named(also or ())
    lineup = players(runs, untrained, clone, others)
    if draw and not available():
        raise UsageError("figures need matplotlib: install the extra 'plots', or give --no-figures")
    command = _command(runs, untrained, clone, others, split, weeks, seed)
    measured = _measured(lineup, Weeks(split, weeks, seed), command, played, threads, v_star)
    made, files = write_table(measured, out)
    files.append(write_replies(measured, out, per_kind=PER_KIND))
    if draw:
        files += draw_figures(measured, out)
    if json:
        one_json(made)
        return 0
    _tell(made)
    for name, folder in measured.folders.items():
        say(f"weeks of {name}: {folder}")
    say(f"written: {len(files)} files under {out}")
    return 0


def blind_command(
    runs: Annotated[list[Path] | None, typer.Argument(metavar="[RUN...]", help="Run folders of played weeks.")] = None,
    sheet: Annotated[Path, typer.Option("--sheet", metavar="FILE", help="The sheet, as JSON lines.")] = Path(
        "runs/labels.jsonl"
    ),
    count: Annotated[int, typer.Option("--count", min=1, help="How many replies to draw.")] = blinded.COUNT,
    seed: Annotated[int, typer.Option("--seed", min=0, help="What the draw is made with.")] = 0,
    score: Annotated[bool, typer.Option("--score", help="Set a filled sheet against the reader's acts.")] = False,
    json: opt.JsonOption = False,
) -> int:
    """A sheet of random replies to label without the reader's acts; with --score, how far the two agree."""
    if score == bool(runs):
        raise UsageError("give run folders to draw a sheet from, or --score for a sheet that is filled")
    if not score:
        drawn = blinded.write_sheet(runs or (), sheet, count, seed)
        if json:
            one_json({"sheet": str(sheet), "replies": drawn})
        else:
            say(f"{drawn} replies to label in {sheet}; the reader's acts lie in {blinded.key_of(sheet)}")
        return 0
    found = blinded.score_sheet(sheet)
    if json:
        one_json(found.plain())
    else:
        _tell_agreed(found)
    return 0 if found.held else 1


def ship_command(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A finished training run.")],
    table_file: Annotated[
        Path | None, typer.Option("--table", metavar="FILE", help="The table.json in which the run was measured.")
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="The checkpoint folder; by default the package's own.")
    ] = TRAINED_HOME,
    force: Annotated[bool, typer.Option("--force", help="Replace a checkpoint that is there.")] = False,
) -> int:
    """Make the checkpoint that ships, in half precision and with its model card: wlf run --policy trained."""
    made = ship_run(run, out, table_file, force)
    say(f"checkpoint: {made.folder} ({made.size / 1e6:.1f} MB, {made.parameters} parameters)")
    return 0


def _named(specs: Sequence[str]) -> dict[str, Path]:
    """Name -> folder, from NAME=DIR options. Raises UsageError."""
    found: dict[str, Path] = {}
    for spec in specs:
        name, equals, folder = spec.partition("=")
        if not (name and equals and folder) or not name.replace("-", "").replace("_", "").isalnum():
            raise UsageError(f"--also {spec!r}: write NAME=DIR, such as no-boundary=runs/no-boundary")
        found[name] = Path(folder)
    return found


def _command(
    runs: Sequence[Path],
    untrained: Path | None,
    clone: Path | None,
    also: Mapping[str, Path],
    split: str,
    weeks: int,
    seed: int,
) -> str:
    """The command as others may read it: no path of this machine."""
    parts = ["wlf", "train", "table", *(label(run) for run in runs)]
    parts += ["--untrained", label(untrained)] if untrained else []
    parts += ["--clone", label(clone)] if clone else []
    parts += [part for name, path in also.items() for part in ("--also", f"{name}={label(path)}")]
    parts += ["--split", split, "--weeks", str(weeks), *(["--seed", str(seed)] if seed else [])]
    return shlex.join(parts)


def _measured(lineup: Sequence[Any], weeks: Weeks, command: str, home: Path, threads: int, v_star: bool) -> Measured:
    """Everybody measured, with one bar a player."""
    with ExitStack() as open_bar:

        def on_player(name: str) -> OnPlayed:
            open_bar.close()
            typer.echo(f"{name} ...", err=True)
            bar = open_bar.enter_context(progress(name, weeks.count * (1 if name == "V*" else 2)))
            return lambda done: advance(bar, done)

        told: OnPlayer = on_player
        return measure(lineup, weeks, command, told, home, threads, v_star)


def _tell(made: Mapping[str, Any]) -> None:
    rows = [
        [name, *(_number(figures[key]) for key in SHOWN), *_twins(figures)] for name, figures in made["figures"].items()
    ]
    head = ("", "total", "sprint", "boundary", "Friday", "trust", "balanced", "pairs")
    table(head, rows, f"{made['weeks']} {made['split']} weeks and as many twin pairs")
    say()
    words = {True: "holds", False: "does not hold", None: "-"}
    rows = [[bar["what"], bar["bar"], _number(bar["found"]), words[bar["held"]]] for bar in made["bars"]["trained"]]
    table(("", "bar", "measured", ""), rows, "What the issue asks")
    say(f"{len(broken(made))} bars are not held" if broken(made) else "every bar that could be measured is held")


def _twins(figures: Mapping[str, Any]) -> list[str]:
    return [_number(figures[f"twins.{name}_accuracy"]) for name in ("balanced", "pair")]


def _number(figure: Mapping[str, Any] | None) -> str:
    return "-" if figure is None or figure["mean"] is None else f"{figure['mean']:.3f}"


def _tell_agreed(found: blinded.Agreed) -> None:
    said = [f"{name} {figure['mean']:.1%} [{figure['low']:.1%}, {figure['high']:.1%}]" for name, figure in _both(found)]
    kappa = "-" if found.kappa is None else f"{found.kappa:.3f}"
    say(f"{found.replies} replies labelled, {found.unlabelled} not: {'; '.join(said)}; kappa {kappa}")
    for (label_, reader), count in found.confused.items():
        say(f"    {count} labelled {label_}, read as {reader}")
    say(f"the bar of {blinded.LEAST:.0%} is {'held' if found.held else 'not held'}")


def _both(found: blinded.Agreed) -> list[tuple[str, Any]]:
    return [("asks", found.asks), ("whole replies", found.whole)]
