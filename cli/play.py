"""`wlf play`: be Arjun for a week. Energy, trust and scores stay hidden until it ends."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.errors import UsageError
from ..episodes.job import Job, one_week
from ..episodes.record import StepRecord
from ..episodes.runs import fresh, write_text
from . import options as opt
from .output import say
from .story import COLOURS, Story, ending
from .tables import score_table


def command(
    terminal: Annotated[bool, typer.Option("--terminal", help="Play here, in the terminal.")] = False,
    seed: opt.SeedOption = 0,
    split: opt.SplitOption = "validation",
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Where record and transcript go; numbered when used.")
    ] = Path("runs/play"),
    driver: opt.DriverOption = "direct",
    scenario: opt.ScenarioOption = "canonical",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    coworkers: opt.CoworkersOption = "scripted",
) -> int:
    """Be Arjun for a week: read what they want, and write what you would answer."""
    if not terminal:
        raise UsageError("play: in the browser comes with a later issue; use --terminal")
    setup = opt.setup(scenario, persona, personas, coworkers)
    cast = setup.first_names()
    folder = fresh(out)

    def answered(step: StepRecord) -> None:
        for who, answer in step.answers.items():
            said = f"{cast[who]}: {answer.message}" if answer.message else f"({cast[who]} says nothing.)"
            say(said, COLOURS.get(who))
        say()

    record = one_week(Job(setup, "human", split, 1, seed, driver), folder, answered)
    say()
    say(ending(record))
    score_table([record], "The score of your week")
    write_text(folder / "transcript.txt", _told(cast, record.steps))
    say(f"transcript: {folder / 'transcript.txt'}")
    return 1 if record.end == "error" else 0


def _told(cast: dict[str, str], steps: tuple[StepRecord, ...]) -> str:
    """The week as a story, with all that was hidden."""
    story = Story(cast, silent=True)
    for step in steps:
        story.step(step)
    return story.text()
