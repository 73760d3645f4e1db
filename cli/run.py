"""`wlf run`: weeks under a policy, into a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.job import Job, run_job
from ..episodes.record import WeekRecord
from ..episodes.regret import beats_plan
from ..episodes.twin_runs import run_twins
from ..episodes.usage import run_usage
from . import options as opt
from .output import advance, one_json, progress, say
from .tables import summary_table


def command(
    policy: opt.PolicyOption,
    weeks: opt.WeeksOption = 20,
    split: opt.SplitOption = "validation",
    seed: opt.SeedOption = 0,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The run folder; runs/POLICY-SPLIT by default.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Continue a run folder without repeating a week.")] = False,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=1024, help="Weeks in flight.")] = 1,
    driver: opt.DriverOption = "direct",
    scenario: opt.ScenarioOption = "canonical",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    coworkers: opt.CoworkersOption = "scripted",
    reader: opt.ReaderOption = "local",
    judge: opt.JudgeOption = "none",
    twins: Annotated[int, typer.Option("--twins", min=0, help="Also play so many pairs of twin weeks.")] = 0,
    regret: opt.RegretOption = False,
    json: opt.JsonOption = False,
) -> int:
    """Run weeks under a policy into a run folder, and sum them up."""
    setup = opt.setup(scenario, persona, personas, coworkers, reader, judge)
    job = Job(setup, policy, split, weeks, seed, driver, concurrency, regret)
    folder = out or Path("runs") / _folder_name(policy, split)
    errors: list[str] = []
    beaten = 0
    with progress(policy, weeks) as bar:

        def on_week(done: int, record: WeekRecord) -> None:
            nonlocal beaten
            advance(bar, done)
            beaten += beats_plan(record)
            if record.error:
                errors.append(f"{record.episode_id}: {record.error}")

        summary = run_job(job, folder, resume, on_week)
    if twins:
        with progress("twins", twins) as bar:
            summary = run_twins(job, folder, twins, lambda done: advance(bar, done))
    if json:
        one_json(summary)
    else:
        summary_table(summary)
        if beaten:
            say(f"{beaten} weeks beat their V*: a beam found it, or the replies read better than it assumes")
        used = run_usage(folder)
        if used.calls or used.replayed:
            tokens = f"{used.prompt_tokens} + {used.completion_tokens} tokens, cost {used.cost:.4f}"
            say(f"models: {used.calls} calls, {used.replayed} replayed, {used.failed} failed; {tokens}")
        say(f"run folder: {folder}")
    for line in errors[:5]:
        typer.echo(f"wlf: week failed: {line}", err=True)
    if errors:
        typer.echo(f"wlf: {len(errors)} of {weeks} weeks ended in an error; they are recorded", err=True)
    return 1 if errors else 0


def _folder_name(policy: str, split: str) -> str:
    """A folder name from a policy spec: letters, digits and dashes."""
    plain = "".join(c if c.isalnum() else "-" for c in policy[:40]).strip("-")
    return f"{plain or 'policy'}-{split}"
