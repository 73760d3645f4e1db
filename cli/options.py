"""The options that several commands share, and what they mean to `episodes`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from ..episodes.errors import UsageError
from ..episodes.job import Setup
from ..episodes.loop import DriverName
from ..world.scenario import Split

PolicyOption = Annotated[
    str,
    typer.Option(
        "--policy",
        metavar="SPEC",
        help="Who writes the replies: random, greedy, decliner, ignorer, careful, oracle, human, trained, fixed:TEXT, "
        "act:ACT, llm:NAME[@PROMPT], hf:FOLDER, py:MODULE:CLASS; adversaries: echo, flatterer, stuffer, promiser, "
        "long, short, injector, template.",
    ),
]
SplitOption = Annotated[Split, typer.Option("--split", help="Which weeks: train, validation or test.")]
WeeksOption = Annotated[int, typer.Option("--weeks", min=1, max=100_000, help="How many weeks.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Start at the split's SEED-th week.")]
ScenarioOption = Annotated[str, typer.Option("--scenario", metavar="NAME", help="A scenario, by name or file.")]
PersonaOption = Annotated[
    list[str] | None, typer.Option("--persona", metavar="ID=FILE", help="Swap one persona; may be repeated.")
]
PersonasOption = Annotated[
    Path | None, typer.Option("--personas", metavar="DIR", help="Take personas from a folder of ID.md files.")
]
CoworkersOption = Annotated[
    str,
    typer.Option(
        "--coworkers",
        metavar="SPEC[,ID=SPEC]",
        help="Who plays the coworkers: scripted, human, llm:NAME, cassette:FILE; priya=human for one.",
    ),
]
ReaderOption = Annotated[str, typer.Option("--reader", metavar="SPEC", help="Who reads the replies: local, llm:NAME.")]
JudgeOption = Annotated[
    str,
    typer.Option(
        "--judge",
        metavar="SPEC",
        help="Who judges communication beside the world's own score: none, llm:NAME.",
    ),
]
DriverOption = Annotated[DriverName, typer.Option("--driver", help="Plain calls, or the LangGraph graph.")]
RegretOption = Annotated[
    bool, typer.Option("--regret", help="Also V* and the regret of every decision; a few seconds a week.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else.")]


def setup(
    scenario: str = "canonical",
    persona: Sequence[str] | None = None,
    personas: Path | None = None,
    coworkers: str = "scripted",
    reader: str = "local",
    judge: str = "none",
) -> Setup:
    """The world and the seats that the shared options ask for. Raises UsageError for a malformed --persona."""
    return Setup(scenario, given_personas(persona or ()), personas, coworkers, reader, judge)


def given_personas(specs: Sequence[str]) -> dict[str, Path]:
    """Person id -> file, from ID=FILE options. Raises UsageError."""
    given: dict[str, Path] = {}
    for spec in specs:
        who, equals, file = spec.partition("=")
        if not (who and equals and file):
            raise UsageError(f"--persona {spec!r}: write ID=FILE, such as priya=my/priya.md")
        given[who] = Path(file)
    return given
