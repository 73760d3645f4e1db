"""The weeks behind the table: every player plays the same ones and their twins; what is on disk is not played again.

A player's weeks are an ordinary run folder, named after all that decides them; `wlf score` and `wlf plot` read it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ...episodes.errors import RunError
from ...episodes.job import Job, Setup, run_job, split_seeds
from ...episodes.record import Versions, WeekRecord
from ...episodes.runs import SUMMARY, pairs_in
from ...episodes.twin_runs import run_twins
from ...episodes.twins import plan_pairs
from ...episodes.versions import persona_marks, versions
from ...world.scenario import Split
from .players import Player

HOME = Path("runs/table")
ABREAST = 64
"""Weeks of a model in flight, whose replies are generated together; more is no faster, and a kill loses more weeks."""
OnPlayed = Callable[[int], None]
"""Hears how many weeks and twins of a player are done."""


@dataclass(frozen=True)
class Weeks:
    """Which weeks everybody plays: `count` of a split from its `start`-th on, and as many twin pairs."""

    split: Split = "test"
    count: int = 200
    start: int = 0
    setup: Setup = field(default_factory=Setup)

    def seeds(self) -> range:
        """Their seeds. Raises UsageError when the split has not that many."""
        return split_seeds(self.split, self.count, self.start)

    def versions(self) -> Versions:
        """What the scores depend on. Raises UsageError and ConfigError."""
        recipe = self.setup.recipe()
        return versions(recipe, self.setup.plan(recipe, "ignorer").reader)


def play(player: Player, weeks: Weeks, home: Path = HOME, threads: int = 1, on_played: OnPlayed | None = None) -> Path:
    """Play what is not on disk yet, and return the run folder of weeks, twins and summary.

    threads: torch's; its sums, and so one draw in very many, may come out otherwise with another number.
    Raises UsageError, RunError and ConfigError; finished weeks stay on disk.
    """
    folder = home / f"{player.name}-{weeks_mark(player, weeks)}"
    if whole(folder, weeks):
        return folder
    _use_threads(threads)
    job = Job(weeks.setup, player.spec, weeks.split, weeks.count, weeks.start, concurrency=min(weeks.count, ABREAST))
    tell = on_played or (lambda done: None)
    run_job(job, folder, resume=folder.exists(), on_week=lambda done, _record: tell(done))
    run_twins(job, folder, weeks.count, lambda done: tell(weeks.count + done))
    return folder


def whole(folder: Path, weeks: Weeks) -> bool:
    """Whether a run folder holds all weeks and all their twins. Raises RunError for a broken one, UsageError."""
    if not (folder / SUMMARY).is_file():
        return False
    try:
        told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{folder / SUMMARY}: cannot be read: {error}") from None
    planned = {(plan.seed, plan.fact) for plan in plan_pairs(weeks.setup.recipe(), weeks.seeds(), weeks.count)}
    played = {(pair.seed, pair.fact) for pair in pairs_in(folder)}
    return told["weeks"] == weeks.count and told["all"]["twins"] is not None and played <= planned


def weeks_mark(player: Player, weeks: Weeks) -> str:
    """10 hex digits of all that decides a player's weeks: its files, the world's versions, the people, the seeds."""
    recipe = weeks.setup.recipe()
    made = weeks.versions()
    parts = [player.spec, player.mark, made.rubric, made.reader, made.world, weeks.split, str(weeks.seeds())]
    parts += [weeks.setup.scenario, *(f"{who}={mark}" for who, mark in sorted(persona_marks(recipe).items()))]
    return sha256("|".join(parts).encode()).hexdigest()[:10]


def failures(records: Iterable[WeekRecord]) -> list[str]:
    """One line for every week that ended in an error."""
    return [f"{record.episode_id}: {record.error}" for record in records if record.error]


def _use_threads(threads: int) -> None:
    try:
        import torch
    except ImportError:  # a script needs none; a model's seat says in one line what is missing
        return
    torch.set_num_threads(threads)
