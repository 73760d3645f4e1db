"""What-ifs on disk: one week of a run folder forked at one event, kept as runs/NAME/whatif/*.json."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..world.frozen import SCHEMA
from .errors import RunError, UsageError
from .forks import Pair, Then, fork
from .job import Setup
from .rebuild import week_of_record
from .record import WeekRecord, rounded
from .runs import RunConfig, read_config, weeks_in, write_text

FOLDER = "whatif"


@dataclass(frozen=True)
class Question:
    """What would have happened in a week, had one event been answered otherwise.

    week: a seed of the run, or the place of a week in it from 0. Exactly one of reply and act is given. scenario and
    personas are needed again where the run had its own files.
    """

    run: Path
    week: int
    event: str
    reply: str | None = None
    act: str | None = None
    then: Then = "policy"
    scenario: str | None = None
    personas: Mapping[str, Path] = field(default_factory=dict)
    personas_dir: Path | None = None


def ask(question: Question) -> tuple[Pair, Path]:
    """Fork the week and keep the answer beside the run. Raises UsageError, RunError and ConfigError."""
    config = read_config(question.run)
    record = _found(question)
    setup = _setup(config, question)
    recipe = setup.recipe()
    week = week_of_record(record, recipe)
    seats = setup.plan(recipe, config.policy).seats(record.seed)
    pair = fork(record, question.event, seats, reply=question.reply, act=question.act, week=week, then=question.then)
    return pair, _save(question, pair)


def _setup(config: RunConfig, question: Question) -> Setup:
    """The world and seats that the run had."""
    coworkers = ",".join(f"{who}={spec}" for who, spec in config.coworkers.items())
    return Setup(
        question.scenario or config.scenario,
        question.personas,
        question.personas_dir,
        coworkers,
        config.reader,
        config.judge,
    )


def _found(question: Question) -> WeekRecord:
    """The week by its seed, else by its place. Raises UsageError."""
    place: WeekRecord | None = None
    count = 0
    for record in weeks_in(question.run):
        if record.seed == question.week:
            return record
        place = record if count == question.week else place
        count += 1
    if place is None:
        raise UsageError(f"{question.run}: no week {question.week} among its {count}; give a seed, or 0..{count - 1}")
    return place


def _save(question: Question, pair: Pair) -> Path:
    """Write the fork into the run's folder of what-ifs, under a name that is still free. Raises RunError."""
    folder = question.run / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise RunError(f"{folder}: cannot be made: {error.strerror or error}") from None
    name = f"{pair.base.seed}-{re.sub(r'[^a-z0-9_]+', '-', question.event)}"
    number = 1
    while (path := folder / f"{name}-{number}.json").exists():
        number += 1
    place = [step.event for step in pair.other.steps].index(question.event)
    plain = {
        "schema": SCHEMA,
        "base": pair.base.episode_id,
        "then": question.then,
        "reply": pair.other.steps[place].reply,
        "diff": pair.diff.model_dump(mode="json"),
        "other": pair.other.model_dump(mode="json", by_alias=True),
    }
    write_text(path, json.dumps(rounded(plain), ensure_ascii=False, indent=1) + "\n")
    return path
