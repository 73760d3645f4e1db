"""A job: some weeks of a split under one policy, from specs to a finished run folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..config import load_recipe
from ..world.generator import generate, seeds
from ..world.scenario import Split
from ..world.week import Recipe, Week
from .batch import run_weeks
from .errors import UsageError
from .loop import DriverName, OnStep, run_week
from .record import WeekRecord
from .regret import with_regret
from .runs import RunConfig, RunFolder, pairs_in, weeks_in
from .seats import SeatPlan, plan
from .summary import Tally, summarize
from .usage import check_models, note_usage
from .versions import persona_marks, prompt_marks, versions

OnWeek = Callable[[int, WeekRecord], None]
"""Hears of every week as it ends: how many are done, and its record."""


@dataclass(frozen=True)
class Setup:
    """The world of a job and who sits in it, as specs; personas is person id -> file, and wins over the folder."""

    scenario: str = "canonical"
    personas: Mapping[str, Path] = field(default_factory=dict)
    personas_dir: Path | None = None
    coworkers: str = "scripted"
    reader: str = "local"
    judge: str = "none"

    def recipe(self) -> Recipe:
        """What weeks are made from. Raises ConfigError."""
        return load_recipe(self.scenario, self.personas, self.personas_dir)

    def first_names(self) -> dict[str, str]:
        """Person id -> first name, for everyone of the cast. Raises ConfigError."""
        return {who: persona.name.split()[0] for who, persona in self.recipe().personas.items()}

    def plan(self, recipe: Recipe, policy: str) -> SeatPlan:
        """The seats under a policy. Raises UsageError and ConfigError."""
        return plan(recipe.personas, policy, self.coworkers, self.reader, self.judge)


@dataclass(frozen=True)
class Job:
    """`weeks` weeks of a split from its `seed`-th on, under one policy; concurrency is weeks in flight.

    regret: whether V* and the regret of every decision go on record, which costs a few seconds a week.
    """

    setup: Setup
    policy: str
    split: Split
    weeks: int
    seed: int = 0
    driver: DriverName = "direct"
    concurrency: int = 1
    regret: bool = False

    def check(self) -> None:
        """Whether this job can start at all. Raises UsageError and ConfigError."""
        self.setup.plan(self.setup.recipe(), self.policy)
        self.seeds()

    def seeds(self) -> range:
        """The seeds of the weeks. Raises UsageError when the split has not that many."""
        return split_seeds(self.split, self.weeks, self.seed)


def split_seeds(split: Split, weeks: int, start: int = 0) -> range:
    """The seeds of `weeks` weeks of a split from its `start`-th on. Raises UsageError when there are not that many."""
    try:
        return seeds(split, weeks, start)
    except ValueError as error:
        raise UsageError(str(error)) from None


def run_job(job: Job, out: Path, resume: bool = False, on_week: OnWeek | None = None) -> dict[str, Any]:
    """Run the weeks that are not on disk yet and return the summary, which is written beside them.

    Raises UsageError, RunError and ConfigError; weeks that were finished by then stay on disk.
    """
    recipe = job.setup.recipe()
    seated = job.setup.plan(recipe, job.policy)
    wanted = job.seeds()
    config = config_of(job, recipe, seated)
    check_models(seated.chats)
    tally = Tally()
    with RunFolder(out, config, resume) as folder:
        for record in weeks_in(out):
            tally.add(record)

        def sink(record: WeekRecord) -> None:
            record = _judged(job, recipe, record)
            folder.append(record)
            tally.add(record)
            note_usage(out, record, seated.chats.ledger)
            if on_week is not None:
                on_week(len(folder.done), record)

        left = [seed for seed in wanted if seed not in folder.done]
        run_weeks(_generated(recipe, left, job.split), seated, sink, job.driver, job.concurrency)
        summary = tally.summary(config, pairs_in(out))
        folder.summarize(summary)
    return summary


def one_week(job: Job, out: Path, on_step: OnStep | None = None) -> WeekRecord:
    """Play the first week of a job into its own run folder, telling of every step.

    Raises UsageError, RunError and ConfigError.
    """
    recipe = job.setup.recipe()
    seated = job.setup.plan(recipe, job.policy)
    config = config_of(job, recipe, seated)
    seed = job.seeds()[0]
    check_models(seated.chats)
    with RunFolder(out, config, resume=False) as folder:
        (week,) = _generated(recipe, [seed], job.split)
        record = _judged(job, recipe, run_week(week, seated.seats(seed), job.driver, on_step))
        folder.append(record)
        note_usage(out, record, seated.chats.ledger)
        folder.summarize(summarize([record], config))
    return record


def _judged(job: Job, recipe: Recipe, record: WeekRecord) -> WeekRecord:
    """The record, with V* and regrets when the job wants them."""
    return with_regret(record, generate(recipe, record.seed)) if job.regret else record


def config_of(job: Job, recipe: Recipe, seated: SeatPlan) -> RunConfig:
    """What config.yaml says of a job."""
    return RunConfig(
        policy=job.policy,
        coworkers=dict(seated.specs),
        reader=job.setup.reader,
        judge=job.setup.judge,
        scenario=recipe.scenario.id,
        split=job.split,
        seed=job.seed,
        weeks=job.weeks,
        driver=job.driver,
        personas=persona_marks(recipe),
        models=seated.chats.marks(),
        prompts=prompt_marks(job.policy, seated.specs, job.setup.reader, job.setup.judge),
        versions=versions(recipe, seated.reader, seated.judge),
    )


def _generated(recipe: Recipe, wanted: list[int], split: Split) -> Iterator[Week]:
    """The weeks, each made only when it is its turn."""
    for seed in wanted:
        try:
            yield generate(recipe, seed, split)
        except ValueError as error:
            raise UsageError(f"week {seed}: {error}") from None
