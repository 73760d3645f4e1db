"""`wlf doctor`: whether a model endpoint can play: reachable, key, schema support, speed, valid answers."""

from __future__ import annotations

from typing import Annotated

import typer

from ..stakeholders.doctor import Diagnosis, diagnose
from .output import one_json, say, table


def command(
    model: Annotated[str, typer.Argument(metavar="NAME", help="A model: configs/models/NAME.yaml, or a file.")],
    turns: Annotated[int, typer.Option("--turns", min=1, max=512, help="Turns of real weeks that it answers.")] = 16,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout and nothing else.")] = False,
) -> int:
    """Ask a model a few turns of real weeks, and say whether it can play a coworker."""
    found = diagnose(model, turns)
    if json:
        one_json(found._asdict())
    else:
        _show(found)
    return 0 if found.fit else 1


def _show(found: Diagnosis) -> None:
    say(f"{found.model} at {found.base_url}")
    rows = [
        ("endpoint answers", f"yes, in {found.first_ms:.0f} ms"),
        ("held to a JSON schema", "yes" if found.schema else "no (output: text)"),
        ("turns answered", f"{found.answered} of {found.turns}"),
        ("without any fault", f"{found.clean} of {found.turns}"),
        ("calls a second", f"{found.calls_per_s:.1f}"),
        ("new tokens a second", f"{found.tokens_per_s:.0f}"),
        ("a turn, median", f"{found.median_ms:.0f} ms"),
    ]
    table(("check", "found"), rows)
    for line in found.faults:
        say(f"  fault: {line}")
    say(
        "It can play." if found.fit else "Too many turns fell back to the script: a week would be its, not the model's."
    )
