"""The local reader: replies of played weeks in one batch and one at a time, and how long until a reader is ready."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import cycle
from tempfile import TemporaryDirectory

from work import Work

from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.local import Item, LocalReader
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.generator import generate, seeds

WEEKS = 60
WARM_UP = 20
"""Weeks read before, whose replies are not measured: word lists are made and words are known."""
READ_SECONDS = 1 / 2000
ONE_SECONDS = 1 / 1000
READY_SECONDS = 0.2
READY = "from work_life_firewall.stakeholders.reading.local import LocalReader; LocalReader()"
LIBRARIES = "import numpy, pydantic; type('M', (pydantic.BaseModel,), {'__annotations__': {'n': int}})"
LEAVE = "; import os; os._exit(0)"
"""Ends a process without clearing up, which is not part of its start."""
TIMES, STARTS = 3, 9


def _played(policy: str, numbers: Sequence[int]) -> Iterator[Item]:
    """What a policy wrote in some weeks, in order."""
    recipe = Setup().recipe()
    seated = Setup().plan(recipe, policy)
    for number in numbers:
        for step in run_week(generate(recipe, number), seated.seats(number)).steps:
            seen = step.observation
            yield seen.event, step.reply, Moment(day=seen.day, minute=seen.minute)


def _replies(policy: str) -> list[list[Item]]:
    """The policy's replies, no two of the same text, once for each run.

    Reader and caches know the words of them, and none of the replies and events: each run has texts of its own.
    """
    numbers = seeds("train", WARM_UP + WEEKS)
    before = {item[1]: item for item in _played(policy, numbers[:WARM_UP])}
    distinct = {item[1]: item for item in _played(policy, numbers[WARM_UP:]) if item[1] not in before}
    LocalReader().read_many(before.values())
    return [
        [
            (event.model_copy(update={"body": f"{event.body} Ref {run}."}), f"{reply} {'!' * run}", now)
            for event, reply, now in distinct.values()
        ]
        for run in range(1, TIMES + 1)
    ]


def _labelled() -> list[list[Item]]:
    """Labelled replies of single asks as people write them, half of them to make the words known, in parts.

    Every reply and ask is in one part only; they come on Wednesday at noon.
    """
    fitting = [label for label in labels() if label.body and len(label.acts) == 1]
    items: list[Item] = [(label.event(), label.text, Moment(day=2, minute=720)) for label in fitting]
    LocalReader().read_many(items[::2])
    return [items[1 + 2 * run :: 2 * TIMES] for run in range(TIMES)]


def _batch(runs: list[list[Item]]) -> Work:
    turn = cycle(runs)
    return Work(
        run=lambda: LocalReader().read_many(next(turn)),
        units=len(runs[0]),
        unit="reply",
        at_most=READ_SECONDS,
        repeats=TIMES,
    )


def bench_batch_careful() -> Work:
    """The careful seat's replies, the longest of the scripted ones, new to the reader, as one batch."""
    return _batch(_replies("careful"))


def bench_batch_random() -> Work:
    """The random seat's replies, as one batch."""
    return _batch(_replies("random"))


def bench_batch_labelled() -> Work:
    """Labelled replies, 17 words in the mean, as one batch, each with the ask it answers."""
    return _batch(_labelled())


def bench_single() -> Work:
    """The careful seat's replies one at a time, new to the reader."""
    runs = _replies("careful")
    turn = cycle(runs)

    def run() -> None:
        reader = LocalReader()
        for item in next(turn):
            reader.read_now(*item)

    return Work(run=run, units=len(runs[0]), unit="reply", at_most=ONE_SECONDS, repeats=TIMES)


def _process(code: str, at_most: float | None) -> Work:
    """A process that runs some code, with the compiled modules an installation has."""
    folder = TemporaryDirectory()
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run() -> None:
        surroundings = environment | {"PYTHONPYCACHEPREFIX": folder.name}
        subprocess.run([sys.executable, "-c", code + LEAVE], check=True, env=surroundings)

    return Work(run=run, units=1, unit="start", at_most=at_most, repeats=STARTS)


def bench_start() -> Work:
    """From a bare interpreter to a reader that is ready: imports and the model."""
    return _process(READY, READY_SECONDS)


def bench_start_libraries() -> Work:
    """What of that the interpreter, numpy and pydantic with a single model take by themselves."""
    return _process(LIBRARIES, None)
