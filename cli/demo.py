"""`wlf demo`: one week as a story with the careful agent, greedy beside it, and the score table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..episodes.job import Job, one_week
from ..episodes.record import WeekRecord
from ..episodes.runs import fresh, write_text
from . import options as opt
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
) -> int:
    """One week told in words: the careful agent, greedy beside it, and the score table."""
    setup = opt.setup(scenario, persona, personas, coworkers)
    cast = setup.first_names()
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
    transcript = folder / "transcript.txt"
    write_text(transcript, story.text())
    say()
    say(f"transcript: {transcript}")
    say(f"records:    {folder / TOLD / 'weeks.jsonl'}, {folder / BESIDE / 'weeks.jsonl'}")
    return _failed(first, second)


def _failed(*records: WeekRecord) -> int:
    return 1 if any(record.end == "error" for record in records) else 0
