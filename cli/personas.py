"""`wlf personas`: list, check, show and compare personas."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from ..config import find, names, read_markdown
from ..episodes.seats import plan
from ..episodes.usage import check_models
from ..stakeholders.probe import Fidelity
from ..stakeholders.probe import probe as probed
from ..stakeholders.registry import build
from ..world.persona import Persona
from . import options as opt
from .output import one_json, say, table

app = typer.Typer()
PersonaArgument = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A persona, by id or file.")]


@app.command("list")
def list_personas() -> None:
    """The personas that come with the package."""
    rows = []
    for name in names("personas"):
        persona = _read(name)
        weights = persona.weights.model_dump()
        heaviest = max(weights, key=lambda side: weights[side])
        rows.append(
            [name, persona.name, persona.role, f"{persona.initial_trust:.2f}", f"{persona.patience:.2f}", heaviest]
        )
    table(("id", "name", "role", "trust", "patience", "weighs most"), rows)


@app.command()
def check(file: Annotated[Path, typer.Argument(metavar="FILE", help="A persona file.")]) -> None:
    """Whether a persona file can be used, and what it changes beside the one that comes with the package."""
    persona = _read(str(file))
    build("scripted", persona)
    say(f"{file}: a good persona of {persona.id!r} ({persona.name})")
    if persona.id not in names("personas"):
        say(f"no persona {persona.id!r} comes with the package: the scenario's cast must name it")
        return
    changed = [name for name, _, _ in _differences(_read(persona.id), persona)]
    if not changed:
        say("it is the same as the one that comes with the package")
    elif changed == ["prompt"]:
        say("only the prompt differs: scripted coworkers never read it and behave the same, language models differ")
    else:
        say(f"it differs in: {', '.join(changed)}")


@app.command()
def show(persona: PersonaArgument) -> None:
    """One persona in full."""
    found = _read(persona)
    for name, value in found.model_dump(mode="json", exclude={"prompt", "follow_ups"}).items():
        say(f"{name + ':':<15}{_text(value)}")
    say("follow-ups:")
    for entry in found.follow_ups:
        when = entry.when.model_dump(mode="json", exclude_defaults=True)
        say(f"  {entry.id}: {entry.event} after {entry.after_minutes} min, when {_text(when) or 'always'}")
    say()
    say(found.prompt)


@app.command()
def probe(
    coworkers: opt.CoworkersOption = "scripted",
    persona: opt.PersonaOption = None,
    personas: opt.PersonasOption = None,
    weeks: Annotated[int, typer.Option("--weeks", min=1, max=100, help="Weeks whose events are asked.")] = 4,
    json: opt.JsonOption = False,
) -> int:
    """Whether coworkers keep to their personas: what bad replies win, and how far they are from the script."""
    cast = opt.setup("canonical", persona, personas, coworkers).recipe().personas
    seated = plan(cast, "ignorer", coworkers)
    check_models(seated.chats)
    found = probed(seated.coworkers, weeks, cast)
    if json:
        one_json([{**one._asdict(), "passes": one.passes, "tempers": _gains(one)} for one in found])
    else:
        _show_probe(found)
    return 0 if all(one.passes for one in found) else 1


def _gains(found: Fidelity) -> dict[str, float]:
    return {name: round(temper.gain, 6) for name, temper in found.tempers.items()}


def _show_probe(found: list[Fidelity]) -> None:
    tempers = list(found[0].tempers)
    rows = [
        [
            one.persona,
            *(f"{gain:+.3f}" for gain in _gains(one).values()),
            f"{one.distance:.2f}",
            f"{one.agreement:.2f}",
            str(one.fallbacks),
            "yes" if one.passes else "no",
        ]
        for one in found
    ]
    table(("trust won by", *tempers, "off the script", "same follow-up", "left to it", "passes"), rows)


@app.command()
def diff(first: PersonaArgument, second: PersonaArgument) -> None:
    """Where two personas differ, field by field; the prompt line by line."""
    one, other = _read(first), _read(second)
    found = _differences(one, other)
    if not found:
        say("no difference")
    for name, old, new in found:
        if name != "prompt":
            say(f"{name}: {_text(old)} -> {_text(new)}")
            continue
        for line in unified_diff(one.prompt.splitlines(), other.prompt.splitlines(), first, second, lineterm="", n=1):
            say(line)
    if [name for name, _, _ in found] == ["prompt"]:
        say("only the prompt differs: scripted coworkers behave the same")


def _read(name: str) -> Persona:
    return read_markdown(find("personas", name), Persona)


def _differences(one: Persona, other: Persona) -> list[tuple[str, object, object]]:
    """(field, its value in one, in the other) for every field that differs."""
    old, new = one.model_dump(mode="json"), other.model_dump(mode="json")
    return [(name, old[name], new[name]) for name in old if old[name] != new[name]]


def _text(value: object) -> str:
    """A value for people: no braces and quotes."""
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return "/".join(_text(inner) for inner in value)
    return str(value)
