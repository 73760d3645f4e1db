"""The model card of the shipped checkpoint, from the files of its run: config, metrics, notes, table."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from ...config import read_yaml
from ...episodes.errors import RunError
from ..folder import CONFIG
from ..settings import TrainSettings
from ..warm_config import MADE
from .costs import costs
from .markdown import NAMES
from .players import CAREFUL, UNTRAINED, label, mark

NOT_GIVEN = "Not on record: the checkpoint was made without --table."


def card(
    run: Path, source: Path, parameters: int, rounding: float, measured: tuple[Mapping[str, Any], str] | None
) -> str:
    """The card as Markdown. measured: table.json and the column of these weights. Raises RunError and ConfigError."""
    shape = _json(source / "config.json")
    notes = _json(source / "wlf.json")
    taught = (source / MADE).is_file()
    lines = [
        f"# The {'untrained' if taught else 'trained'} protagonist: a small Gemma that answers for Arjun",
        "",
        "A policy for the simulated week of work-life-firewall, and for nothing else: it reads one decision (time, "
        "sender, how he feels, what was promised, the event) and writes his reply in English. "
        + ("Training begins from it." if taught else "`wlf run --policy trained` plays it."),
        "",
        "## What it is",
        "",
        f"- {shape['architectures'][0]}, {parameters:,} parameters: {shape['num_hidden_layers']} layers of width "
        f"{shape['hidden_size']}, vocabulary {shape['vocab_size']:,}; begun from random weights.",
        f"- Stored as float16 (largest change of a weight: {rounding:.1e}), loaded and run in float32.",
        f"- Context `{notes['context']}`; replies of at most {notes['max_new_tokens']} tokens, drawn at temperature "
        f"{notes['temperature']}; made by: {notes['made_by'] or 'unknown'}; files of the original: {mark(source)}.",
        "",
        *(_warm_start(source / MADE) if taught else _training(run)),
        *_measured(measured),
        "## Limits",
        "",
        "It knows one scenario, four coworkers and their wordings; of anything else it makes nothing sensible. It was "
        "trained on the score of a simulation and a reader that can be wrong; it gives no advice about real work. "
        "Weights and text come under the licence of the package.",
        "",
    ]
    return "\n".join(lines)


def _training(run: Path) -> Iterator[str]:
    yield "## How it was trained"
    yield ""
    if not (run / CONFIG).is_file():
        yield f"Not on record: {label(run)} is a bare model folder."
        yield ""
        return
    settings = read_yaml(run / CONFIG, TrainSettings)
    spent = costs(run)
    yield (
        f"GRPO with `{settings.credit}` credit from `{label(Path(settings.model))}`, seed {settings.seed}, "
        f"{spent['steps'] if spent else settings.steps} steps of {settings.rows} rows, learning rate "
        f"{settings.optim.lr:g}, KL weight {settings.optim.beta:g}, on {settings.weeks.seeds} {settings.weeks.split} "
        f"weeks from seed {settings.weeks.first_seed} on."
    )
    if settings.reward.without:
        yield f"Reward without {', '.join(settings.reward.without)}."
    if spent:
        yield f"It took {spent['seconds'] / 60:.0f} minutes, {spent['seconds_per_step']:.1f} s a step."
    yield ""
    yield "```yaml"
    yield (run / CONFIG).read_text(encoding="utf-8").replace(settings.model, label(Path(settings.model))).rstrip()
    yield "```"
    yield ""


def _warm_start(made: Path) -> Iterator[str]:
    """How a warm start was made."""
    told = _json(made)
    config, figures = told["config"], told["figures"]
    base = f" from `{label(Path(config['base']))}`" if config["base"] else " from nothing"
    yield "## How it was made"
    yield ""
    yield (
        f"`wlf train warmstart`{base}: it imitates a scripted `{config['teacher']['mode']}` on {figures['tokens']:,} "
        f"tokens of training weeks, in {figures['cpu_seconds']['all']:.0f} CPU seconds."
    )
    yield ""
    yield "```yaml"
    yield yaml.safe_dump(config | {"base": config["base"] and label(Path(config["base"]))}, sort_keys=False).rstrip()
    yield "```"
    yield ""


def _measured(measured: tuple[Mapping[str, Any], str] | None) -> Iterator[str]:
    yield "## What was measured"
    yield ""
    if measured is None:
        yield NOT_GIVEN
        yield ""
        return
    table, column = measured
    columns = [name for name in (UNTRAINED, column, CAREFUL) if name in table["figures"]]
    first, last = table["seeds"]
    versions = ", ".join(f"{name} {value}" for name, value in table["versions"].items())
    yield f"    {table['command']}"
    yield ""
    yield (
        f"{table['weeks']} {table['split']} weeks (seeds {first} to {last}), with the weights as they were before "
        f"rounding; means with 95% intervals over weeks. Versions: {versions}."
    )
    yield ""
    yield f"| | {' | '.join(columns)} |"
    yield f"| --- | {' | '.join('---' for _ in columns)} |"
    for key, name in NAMES.items():
        cells = [_cell(table["figures"][one][key]) for one in columns]
        yield f"| {name} | {' | '.join(cells)} |"
    yield ""


def _cell(figure: Mapping[str, Any]) -> str:
    if figure["mean"] is None:
        return "-"
    return f"{figure['mean']:.3f} [{figure['low']:.3f}, {figure['high']:.3f}]"


def _json(path: Path) -> dict[str, Any]:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path}: cannot be read: {error}") from None
