"""`wlf train`: GRPO from a config, and the warm start it begins from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ..episodes.errors import UsageError
from ..training import warm_config
from ..training.backend import begin, track
from ..training.folder import TrainFolder
from ..training.plan import missing, resolved
from ..training.ranks import ranks
from ..training.settings import TrainSettings, changed, load
from . import options as opt
from .output import one_json, say
from .steps import steps_told
from .train_results import blind_command, ship_command, table_command

app = typer.Typer()
app.command("table")(table_command)
app.command("blind")(blind_command)
app.command("ship")(ship_command)
RUNS = Path("runs")
EXTRA = "needs the training extra: pip install 'openenv-work-life-firewall[train]'"
SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Change a setting; may be repeated.")
]
ConfigOption = Annotated[
    str | None, typer.Option("--config", metavar="NAME", help="A config of configs/training, by name or file.")
]


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    config: ConfigOption = None,
    change: SetOption = None,
    backend: Annotated[
        str | None, typer.Option("--backend", metavar="hf|unsloth", help="The library that loads and trains the model.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", metavar="NAME|DIR", help="The run folder; a bare name goes under runs/.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on from the last checkpoint of the folder.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the plan and what is missing; do nothing.")] = False,
    json: opt.JsonOption = False,
) -> int:
    """Train a policy by GRPO in the world itself."""
    if context.invoked_subcommand:
        return 0
    if config is None:
        raise UsageError("--config is needed: fork, turn, episode, quick, or a file of your own")
    settings = load(config, [*(change or ()), *([f"backend={backend}"] if backend else ())])
    folder = _folder(out or Path(config).stem)
    if dry_run:
        return _dry_run(settings, folder, json)
    lacks = missing(settings, folder)
    if lacks:
        raise UsageError("; ".join(lacks))
    begin(settings.backend)
    track(settings.tracker, folder)
    return _train(settings, ranks().open(folder, settings, resume), json)


@app.command()
def warmstart(
    config: ConfigOption = "warmstart",
    out: Annotated[
        str, typer.Option("--out", metavar="NAME|DIR", help="The model folder; a bare name goes under runs/.")
    ] = "warmstart",
    change: SetOption = None,
    json: opt.JsonOption = False,
) -> int:
    """Make the small Gemma that training begins from: it speaks, reads the event, and pleases people."""
    settings = changed(warm_config.load(config or "warmstart"), change or ())
    folder = _folder(out)
    if (folder / "config.json").exists():
        raise UsageError(f"{folder}: already holds a model; name another folder with --out")
    try:
        from ..training.warmstart import run

        with steps_told("warm start") as tell:
            made = run(settings, folder, lambda line: tell({**line, "steps": line["of"], "what": line["stage"]}))
    except ImportError as error:
        raise UsageError(f"wlf train warmstart {EXTRA} ({error.name} is missing)") from None
    if json:
        one_json({"folder": str(made.folder), **made.figures})
    else:
        say(f"warm start: {made.folder} ({made.figures['parameters']} parameters)")
    return 0


def _train(settings: TrainSettings, folder: TrainFolder, json: bool) -> int:
    for name in folder.torn:
        typer.echo(f"wlf: {name} was not whole and has been removed", err=True)
    if folder.checkpoint:
        typer.echo(f"wlf: going on after step {folder.done}", err=True)
    from ..training.run import train  # torch and TRL take seconds to import

    with steps_told("grpo", folder.done) as tell:
        done = train(settings, folder, lambda line: tell({**line, "steps": settings.steps}))
    ranks().leave()
    if not ranks().first:
        return 1 if done.why else 0
    if json:
        one_json({"folder": str(done.folder), "steps": done.steps, "why": done.why})
    elif done.why == "stopped":
        say(f"stopped after step {done.steps}; go on with --resume")
    else:
        say(f"{done.why or 'done'}: step {done.steps}; the policy: {folder.final}")
    return 1 if done.why else 0


def _dry_run(settings: TrainSettings, folder: Path, json: bool) -> int:
    plan = resolved(settings, folder)
    if json:
        one_json(plan)
    else:
        for key, value in plan.items():
            if key not in ("settings", "missing"):
                say(f"{key}: {_inline(value)}")
        for key, value in plan["settings"].items():
            say(f"  {key}: {_inline(value)}")
        for line in plan["missing"] or ["nothing is missing"]:
            say(f"missing: {line}" if plan["missing"] else line)
    return 2 if plan["missing"] else 0


def _inline(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {inner}" for key, inner in value.items())
    return str(value)


def _folder(name: str) -> Path:
    """A path as it is, a bare name under runs/."""
    given = Path(name)
    return given if len(given.parts) > 1 or given.is_absolute() or name in (".", "..") else RUNS / name
