"""The audit of a run's replies, whoever wrote them: how they look, whether one text is enough, whom they suit.

Needs the run folder only; no model is called. Writes replies.md and replies.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..episodes.batch import run_weeks
from ..episodes.errors import RunError, UsageError
from ..episodes.job import Setup, split_seeds
from ..episodes.record import Versions, WeekRecord, rounded
from ..episodes.runs import RunConfig, read_config, weeks_in, write_text
from ..episodes.stats import Figure, mean_figures, paired
from ..episodes.twins import TwinFigures, figures
from ..episodes.versions import versions
from ..world.frozen import SCHEMA
from ..world.generator import generate, split_of
from ..world.nodes import Ports
from ..world.week import Recipe
from . import habits, own_texts, swaps
from .audit import TOTAL, Audit
from .habits import Habits
from .lineup import Entrant
from .own_texts import USUAL, Trying
from .search import FoundTexts
from .swaps import Swap, Swapped

UNDER_POLICY = 0.15
"""How far below the recorded policy the best text per kind of event must stay, as other attacks below careful."""
OnPart = Callable[[str, int], Callable[[int], None]]
"""Hears which part begins and how much it has to do, and gives who hears how much of it is done."""


class OneText(NamedTuple):
    """The best own text per kind of event in the audited weeks. under: how far below the recorded policy, paired."""

    found: FoundTexts
    total: Figure
    twins: TwinFigures
    under: Figure

    @property
    def bars(self) -> dict[str, bool]:
        """What it must hold."""
        return {
            "pair accuracy 0": self.twins.pair_accuracy["mean"] == 0.0,
            f"{UNDER_POLICY:.2f} under the policy": (self.under["mean"] or 0.0) >= UNDER_POLICY,
        }

    def plain(self) -> dict[str, Any]:
        """As it stands in replies.json."""
        found = {**self.found._asdict(), "texts": dict(self.found.texts)}
        return {**self._asdict(), "found": found, "twins": self.twins.plain()}


@dataclass(frozen=True)
class Replies:
    """What the audit of a run came to. habits: of the policy, and of the careful agent over the same weeks.

    totals: of both; universal: the replies that suit a week and its twin alike, best first; failed: weeks that ended in
    an error.
    """

    policy: str
    split: str
    weeks: int
    versions: Versions
    totals: tuple[Figure, Figure]
    habits: tuple[Habits, Habits]
    one_text: OneText
    swapped: Mapping[str, Swapped]
    universal: Sequence[Swap]
    failed: int

    @property
    def bars(self) -> dict[str, bool]:
        """Every bar, and whether it is held."""
        parts = {
            "replies": habits.bars(*self.habits),
            "one text": self.one_text.bars,
            "swapped": swaps.bars(self.swapped["all"]),
        }
        return {f"{part}: {bar}": held for part, own in parts.items() for bar, held in own.items()}

    @property
    def broken(self) -> list[str]:
        """One line for every bar that is not held."""
        return [bar for bar, held in self.bars.items() if not held]

    def plain(self) -> dict[str, Any]:
        """The report as one JSON object."""
        return rounded(
            {
                "schema": SCHEMA,
                "policy": self.policy,
                "split": self.split,
                "weeks": self.weeks,
                "failed": self.failed,
                "versions": self.versions.model_dump(),
                "totals": dict(zip(("policy", "careful"), self.totals, strict=True)),
                "habits": [one.plain() for one in self.habits],
                "one_text": self.one_text.plain(),
                "swapped": {ask: one._asdict() for ask, one in self.swapped.items()},
                "universal": [one._asdict() for one in self.universal],
                "bars": self.bars,
                "broken": self.broken,
                "held": not self.broken,
            }
        )


@dataclass(frozen=True)
class RunAudit:
    """Which run: at most its first `weeks` weeks. processes: workers, 1 for none beside this process."""

    run: Path
    setup: Setup
    weeks: int = 200
    processes: int = 2
    trying: Trying = USUAL

    def audit(self, on_part: OnPart | None = None) -> Replies:
        """All three parts. Raises UsageError, RunError and ConfigError; UsageError also for a run of other seats."""
        tell = on_part or (lambda part, total: lambda done: None)
        config = read_config(self.run)
        recipe = self.setup.recipe()
        plan = self.setup.plan(recipe, "careful")
        marks = versions(recipe, plan.reader)
        _check_seats(self.run, config, marks)
        records = self._records(config)
        told = tell("swapping", len(records))
        found: list[Swap] = []
        for number, record in enumerate(records, 1):
            found += swaps.swaps(record, recipe, Ports(plan.reader, plan.coworkers))
            told(number)
        careful = self._careful(recipe, records, tell)
        one_text = self._one_text(recipe, records, tell)
        totals = np.array([[one.total, other.total] for one, other in zip(records, careful, strict=True)])
        policy, reference = mean_figures(totals)
        looks = (habits.habits("policy", records), habits.habits("careful", careful))
        failed = sum(record.end == "error" for record in records)
        return Replies(
            config.policy, config.split, len(records), marks, (policy, reference), looks, one_text,
            swaps.summed(found), swaps.universal(found), failed,
        )  # fmt: skip

    def _records(self, config: RunConfig) -> list[WeekRecord]:
        """The first weeks of the run in the order of seeds. Raises RunError where some are missing."""
        wanted = range(config.weeks)[: self.weeks]
        seeds = split_seeds(split_of(_first(self.run)), len(wanted), config.seed)
        records = sorted((one for one in weeks_in(self.run) if one.seed in seeds), key=lambda one: one.seed)
        if [one.seed for one in records] != list(seeds):
            raise RunError(f"{self.run}: holds {len(records)} of the first {len(seeds)} weeks; finish it with --resume")
        return records

    def _careful(self, recipe: Recipe, records: Sequence[WeekRecord], tell: OnPart) -> list[WeekRecord]:
        told, played = tell("careful", len(records)), list[WeekRecord]()

        def sink(record: WeekRecord) -> None:
            played.append(record)
            told(len(played))

        run_weeks((generate(recipe, one.seed) for one in records), self.setup.plan(recipe, "careful"), sink)
        return played

    def _one_text(self, recipe: Recipe, records: Sequence[WeekRecord], tell: OnPart) -> OneText:
        """The search on training weeks, then what it found in the run's weeks and as many twins."""
        weeks = [generate(recipe, seed) for seed in split_seeds("train", self.trying.weeks)]
        canonical = {kind: spec for kind, spec in weeks[0].events.items() if spec.at}
        pools = own_texts.pools(records, canonical, self.trying)
        told = tell("searching", own_texts.tries(pools, self.trying))
        found = own_texts.search(weeks, self.setup.plan(recipe, "ignorer"), pools, self.trying.rounds, told)
        entrant = Entrant("one text", "attack", partial(own_texts.sender, dict(found.texts)), constant=True)
        first = records[0].seed
        start = first - split_seeds(split_of(first), 1)[0]
        audit = Audit(self.setup, split_of(first), len(records), self.processes, start)
        (rows,) = audit.run([entrant], tell("playing", len(records)))
        totals = rows.weeks[:, TOTAL : TOTAL + 1]
        policy = np.array([[record.total] for record in records])
        return OneText(found, mean_figures(totals)[0], figures(rows.pairs), paired(totals, policy)[0])


def _first(run: Path) -> int:
    """The seed of the first week on disk. Raises RunError when there is none."""
    for record in weeks_in(run):
        return record.seed
    raise RunError(f"{run}: holds no finished week")


def _check_seats(run: Path, config: RunConfig, marks: Versions) -> None:
    """Whether what was recorded can be played again here. Raises UsageError."""
    others = [f"{who}={spec}" for who, spec in config.coworkers.items() if spec != "scripted"]
    if others:
        raise UsageError(f"{run}: was played with {', '.join(others)}; replies are audited with scripted coworkers")
    if config.versions.reader != marks.reader:
        raise UsageError(f"{run}: was read by {config.versions.reader}, this is {marks.reader}; run the weeks again")


def write(made: Replies, text: str, out: Path) -> list[Path]:
    """Write replies.md (`text`) and replies.json into a folder. Raises RunError."""
    out.mkdir(parents=True, exist_ok=True)
    texts = {"replies.md": text, "replies.json": json.dumps(made.plain(), indent=1, ensure_ascii=False) + "\n"}
    for name, one in texts.items():
        write_text(out / name, one)
    return [out / name for name in texts]
