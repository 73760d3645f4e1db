"""`wlf demo`: one week as a story with the careful agent, greedy beside it, and some minutes of training."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.errors import UsageError
from ..episodes.job import Job, Setup, one_week
from ..episodes.runs import fresh, write_text
from . import options as opt
from .demo_training import lacking, train_and_tell
from .output import say
from .story import Story
from .tables import score_table

TOLD, BESIDE = "careful", "greedy"


def command(
    seed: opt.SeedOption = 0,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where records and transcript go; numbered when used.")
    ] = Path("runs/demo"),
    driver: opt.DriverOption = "direct",
    scenario: opt.ScenarioOption = "canonical",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    coworkers: opt.CoworkersOption = "scripted",
    train: Annotated[
        bool, typer.Option("--train", help="Also train the small Gemma for some minutes; needs the training extra.")
    ] = False,
) -> int:
    """One week told in words; with --train also the small Gemma before and after some minutes of training."""
    setup = opt.setup(scenario, persona, personas, coworkers)
    cast = setup.first_names()
    why = _in_the_way(setup, out) if train else []
    if why:
        raise UsageError(f"--train: {'; '.join(why)}")
    folder, story = fresh(out), Story(cast)
    told = Job(setup, TOLD, "validation", 1, seed, driver, regret=True)
    told.check()
    story.heading(f"Arjun's week, with the {TOLD} agent (validation week {told.seeds()[0]})")
    first = one_week(told, folder / TOLD, story.step)
    story.closing(first)
    story.heading(f"The same week with the {BESIDE} agent, in brief")
    second = one_week(Job(setup, BESIDE, "validation", 1, seed, driver, regret=True), folder / BESIDE, story.brief)
    story.closing(second)
    score_table([first, second], "The score of the week")
    records = [first, second]
    transcript = folder / "transcript.txt"
    write_text(transcript, story.text())
    if train:
        say()
        say("Training: GRPO from the people-pleaser that ships, some minutes on two cores.")
        records.append(train_and_tell(folder / "training", seed, story))
        write_text(transcript, story.text())
    say()
    say(f"transcript: {transcript}")
    say(f"records:    {folder / TOLD / 'weeks.jsonl'}, {folder / BESIDE / 'weeks.jsonl'}")
    if train:
        say(f"training:   {folder / 'training'}")
    return 1 if any(record.end == "error" for record in records) else 0


def _in_the_way(setup: Setup, out: Path) -> list[str]:
    """Why there can be no training, one line each."""
    return lacking(out) if setup == Setup() else ["training is shown in the world as it ships, without changes to it"]
