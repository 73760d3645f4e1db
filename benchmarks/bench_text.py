"""Weeks in words: the careful policy, the local reader, scripted coworkers, and records on disk."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from growth import flat
from work import Work

from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.world.generator import generate, seeds

WEEKS = 100
WEEK_SECONDS = 1 / 50
MANY = 500
WARM_UP = 500
"""Weeks after which the bounded caches of texts and readings are full."""


def bench_run() -> Work:
    """A run as `wlf run` does it: weeks generated, played, recorded and summarised."""
    folder = TemporaryDirectory()
    names = count()

    def run() -> None:
        run_job(Job(Setup(), "careful", "validation", WEEKS), Path(folder.name) / str(next(names)))

    return Work(run=run, units=WEEKS, unit="week", at_most=WEEK_SECONDS)


def bench_flat_memory() -> Work:
    """Five hundred weeks in words, recorded and forgotten."""
    recipe = Setup().recipe()
    seated = Setup().plan(recipe, "careful")
    numbers = seeds("train", WARM_UP + MANY)

    def run() -> None:
        flat(
            lambda number: run_week(generate(recipe, numbers[number]), seated.seats(numbers[number])).line(),
            WARM_UP,
            MANY,
        )

    return Work(run=run, units=WARM_UP + MANY, unit="week", repeats=1)
