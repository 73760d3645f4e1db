"""The twins of a run: `twins.jsonl` beside its weeks, one pair a line; the pairs' own weeks are not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ..world.generator import generate
from ..world.week import Recipe, Week
from .batch import run_weeks
from .job import Job
from .record import WeekRecord
from .runs import SUMMARY, TWINS, read_config, summary_text, weeks_in, write_text
from .summary import summarize
from .twins import Firsts, Pair, TwinPlan, first_answers, judge, plan_pairs, twin_weeks
from .usage import note_usage

OnPair = Callable[[int], None]
"""Hears of every pair as its twin ends: how many are done."""


def run_twins(job: Job, out: Path, pairs: int, on_pair: OnPair | None = None) -> dict[str, Any]:
    """Play the twins of a finished run's weeks and return its summary with them, which replaces the one on disk.

    pairs: how many, spread evenly over the facts. Raises UsageError, RunError and ConfigError.
    """
    recipe = job.setup.recipe()
    # Only the first answers of a twin are kept: a judge would be paid for nothing.
    seated = replace(job.setup.plan(recipe, job.policy), judge=None)
    plans = plan_pairs(recipe, job.seeds(), pairs)
    firsts = dict(_own(recipe, out, {plan.seed for plan in plans}))
    made: list[Pair] = []

    def sink(record: WeekRecord) -> None:
        plan = _plan_of(recipe, record, plans)
        note_usage(out, record, seated.chats.ledger, plan.fact)
        weeks = twin_weeks(recipe, plan)
        answers: tuple[Firsts, Firsts] = (firsts[plan.seed], first_answers(weeks[1], record))
        made.extend(judge(weeks, answers, plan.fact))
        if on_pair is not None:
            on_pair(len(made))

    run_weeks(_twins(recipe, plans), seated, sink, job.driver, job.concurrency)
    made.sort(key=lambda pair: (pair.seed, pair.fact, pair.ask))
    write_text(out / TWINS, "".join(pair.model_dump_json(by_alias=True) + "\n" for pair in made))
    summary = summarize(weeks_in(out), read_config(out), made)
    write_text(out / SUMMARY, summary_text(summary))
    return summary


def _own(recipe: Recipe, out: Path, seeds: set[int]) -> Iterator[tuple[int, Firsts]]:
    """(seed, first answers) of the weeks that are on disk already."""
    for record in weeks_in(out):
        if record.seed in seeds:
            yield record.seed, first_answers(generate(recipe, record.seed), record)


def _twins(recipe: Recipe, plans: list[TwinPlan]) -> Iterator[Week]:
    return (twin_weeks(recipe, plan)[1] for plan in plans)


def _plan_of(recipe: Recipe, record: WeekRecord, plans: list[TwinPlan]) -> TwinPlan:
    """Which pair a played twin belongs to: the fact in which it differs from the week of its seed."""
    own = generate(recipe, record.seed).facts
    return next(plan for plan in plans if plan.seed == record.seed and record.facts[plan.fact] != own[plan.fact])
