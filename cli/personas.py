"""`wlf personas`: list, check, show, compare and probe personas."""

from __future__ import annotations

from difflib import unified_diff
from pathlib import Path
from typing import Annotated

import typer

from ..agents.chat.ledger import Usage
from ..config import find, names, read_markdown
from ..episodes.fidelity import change
from ..episodes.fidelity_gate import bars
from ..episodes.fidelity_report import Probed, interval, mean
from ..episodes.probe import probe as run_probe
from ..episodes.stats import Figure
from ..stakeholders.fidelity.turns import LENGTH
from ..stakeholders.registry import build
from ..world.persona import Persona
from . import options as opt
from .output import one_json, progress, say, table

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
    conversations: Annotated[
        int, typer.Option("--conversations", min=2, max=1000, help="Conversations of 12 turns with each coworker.")
    ] = 10,
    concurrency: Annotated[int, typer.Option("--concurrency", min=1, max=1024, help="Turns in flight.")] = 16,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write report.md, JSON, CSV and the figure there.")
    ] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 where a bar is not held.")] = False,
    json: opt.JsonOption = False,
) -> int:
    """Whether coworkers keep to their personas: what bad replies win, drift, voice, and distance from the script."""
    setup = opt.setup("canonical", persona, personas, coworkers)
    recipe = setup.recipe()
    seated = setup.plan(recipe, "ignorer")
    with progress("probing", 1) as bar:

        def on_answer(done: int, total: int) -> None:
            bar.update(bar.task_ids[0], completed=done, total=total)

        probed = run_probe(recipe, seated, conversations, concurrency, on_answer)
    written = probed.write(out) if out is not None else []
    if json:
        one_json(probed.plain())
    else:
        _show_probe(probed, seated.chats.ledger.total())
        for path in written:
            say(f"written: {path}")
    return 0 if probed.passes or not gate else 1


def _show_probe(probed: Probed, used: Usage) -> None:
    found = probed.found
    turns = sum(one.asked for one in found.people)
    tempers = list(found.people[0].gains)
    rows = [
        [
            one.person,
            *(mean(figure, "+") for figure in one.gains.values()),
            mean(one.voice, places=2),
            _whole(one.fading),
            _whole(one.drift),
            *(mean(figure, places=2) for figure in one.distance.values()),
            mean(one.agreement, places=2),
            str(one.left),
        ]
        for one in found.people
    ]
    head = ("trust won", *tempers, "voice", "fades", "scale drifts", *found.people[0].distance, "same f-up", "left")
    table(head, rows, f"{found.conversations} conversations of {LENGTH} turns with each; {turns} turns in all")
    say(f"writers told apart: {interval(found.separability)} (chance {found.chance:.2f})")
    say(f"    in wordings never seen: {interval(found.unseen)}")
    if used.calls or used.replayed:
        tokens = f"{used.prompt_tokens} + {used.completion_tokens} tokens, cost {used.cost:.4f}"
        say(f"models: {used.calls} calls, {used.replayed} replayed, {used.failed} failed; {tokens}")
    broken = [bar for bar in bars(found) if not bar.held]
    say("every bar is held" if not broken else f"{len(broken)} bars are not held:")
    for one in broken:
        say(f"    {one.person}: {one.name} ({one.found})")


def _whole(slope: Figure) -> str:
    """A slope as the change over a conversation."""
    whole = change(slope)
    return "-" if whole is None else f"{whole:+.2f}"


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
