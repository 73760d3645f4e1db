"""`wlf weeks`: the weeks of a split, one week in full, its twins. Shows hidden facts: for people, not for policies."""

from __future__ import annotations

from typing import Annotated

import typer

from ..episodes.job import split_seeds
from ..episodes.preview import Preview, events_of, twin_of, twins_of, week_of
from ..world.clock import label
from . import options as opt
from .output import say, table

app = typer.Typer()
SeedArgument = Annotated[int, typer.Argument(metavar="SEED", help="Train 0.., validation 100000.., test 200000..")]


@app.command("list")
def list_weeks(
    split: opt.SplitOption = "validation",
    weeks: opt.WeeksOption = 10,
    seed: opt.SeedOption = 0,
    scenario: opt.ScenarioOption = "canonical",
) -> None:
    """The weeks of a split with their facts."""
    recipe = opt.setup(scenario).recipe()
    found = [week_of(recipe, number) for number in split_seeds(split, weeks, seed)]
    facts = list(recipe.scenario.facts)
    rows = [
        [str(week.seed), str(len(week.refusals)), f"{week.backlog:.0f}", *(week.facts[fact] for fact in facts)]
        for week in found
    ]
    table(("seed", "to refuse", "sprint min", *facts), rows)


@app.command()
def show(
    seed: SeedArgument,
    scenario: opt.ScenarioOption = "canonical",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
) -> None:
    """One week: its facts, and its events as they reach Arjun."""
    week = week_of(opt.setup(scenario, persona, personas).recipe(), seed)
    say(f"{week.episode_id}: {week.split} week, sprint of {week.backlog:.0f} focus minutes")
    say("facts: " + ", ".join(f"{fact} {value}" for fact, value in week.facts.items()))
    for event in events_of(week):
        _show(event)


@app.command()
def twin(
    seed: SeedArgument,
    fact: Annotated[
        str | None, typer.Option("--fact", metavar="NAME", help="Show the twin that differs in this fact.")
    ] = None,
    scenario: opt.ScenarioOption = "canonical",
) -> None:
    """The twins of a week: which fact differs and whose right answer flips; with --fact, both texts."""
    week = week_of(opt.setup(scenario).recipe(), seed)
    if fact is None:
        rows = [[*row[:3], ", ".join(row.asks)] for row in twins_of(week)]
        table(("fact", "this week", "twin", "answer flips at"), rows)
        return
    other = twin_of(week, fact)
    for own, twins in zip(events_of(week), events_of(other), strict=True):
        if own != twins:
            say(f"{fact} {week.facts[fact]}", style="bold")
            _show(own)
            say()
            say(f"{fact} {other.facts[fact]}", style="bold")
            _show(twins)


def _show(event: Preview) -> None:
    no = f"   [deserves a no: {', '.join(event.refuse)}]" if event.refuse else ""
    say()
    say(f"{label(event.at)}  {event.id}  {event.source}, {event.sender}: {event.subject}{no}", style="bold")
    for line in event.body.splitlines():
        say(f"    {line}")
