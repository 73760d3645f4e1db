"""The audit: every policy over the same weeks and the same twins, as rows of numbers; two processes, weeks streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, NamedTuple

import numpy as np

from ..config import ConfigError
from ..episodes.errors import UsageError
from ..episodes.job import Setup, split_seeds
from ..episodes.record import WeekRecord
from ..episodes.seats import SeatPlan
from ..episodes.stats import Figure, Table, mean_figures, paired
from ..episodes.twins import Pair, TwinFigures, TwinPlan, figures, first_answers, judge, plan_pairs, twin_weeks
from ..world.scenario import Split
from ..world.scoring import COMPONENTS, WEIGHTS
from ..world.week import Recipe
from .lineup import Entrant
from .search import played

CHUNK = 10
"""Weeks that one task of a worker plays."""
UNDER_ORACLE, UNDER_CAREFUL, FIXED_UNDER_CAREFUL = 0.30, 0.15, 0.30
"""How far below the references every attack must stay, and every fixed policy below the careful one."""
COLUMNS = (*COMPONENTS, "total", "without_boundary", "sprint_delivered", "friday_energy", "min_trust")
TOTAL = COLUMNS.index("total")


class PolicyRows(NamedTuple):
    """One policy: a row of `COLUMNS` per week in the order of seeds, its pairs, and how many weeks failed."""

    entrant: Entrant
    weeks: Table
    pairs: tuple[Pair, ...]
    failed: int


class Line(NamedTuple):
    """One policy of the report. gaps: reference -> how far below it, in paired weeks; bars: what it must hold."""

    name: str
    group: str
    columns: dict[str, Figure]
    twins: TwinFigures
    gaps: dict[str, Figure]
    bars: dict[str, bool]
    failed: int

    def plain(self) -> dict[str, Any]:
        """As it stands in audit.json."""
        return {**self._asdict(), "twins": self.twins.plain()}


class _Week(NamedTuple):
    seed: int
    row: tuple[float, ...]
    pairs: tuple[Pair, ...]
    failed: bool


@dataclass(frozen=True)
class Audit:
    """Which weeks: `weeks` of a split from its `start`-th on, one twin each.

    processes: workers, 1 for none beside this process.
    """

    setup: Setup
    split: Split = "validation"
    weeks: int = 200
    processes: int = 2
    start: int = 0

    def run(self, entrants: Sequence[Entrant], on_done: Callable[[int], None] | None = None) -> Iterator[PolicyRows]:
        """Everybody's rows in the order of the lineup, each as soon as those before it are there.

        on_done hears how many policy-weeks are done. Raises UsageError and ConfigError.
        """
        seeds = split_seeds(self.split, self.weeks, self.start)
        plans = {plan.seed: plan.fact for plan in plan_pairs(self.setup.recipe(), seeds, self.weeks)}
        chunks = [[(seed, plans[seed]) for seed in seeds[at : at + CHUNK]] for at in range(0, len(seeds), CHUNK)]
        tell = on_done or (lambda done: None)
        if self.processes == 1:
            yield from self._here(entrants, chunks, tell)
            return
        with ProcessPoolExecutor(self.processes, get_context("spawn")) as workers:
            tasks = [[workers.submit(_play, self.setup, entrant, chunk) for chunk in chunks] for entrant in entrants]
            for number, (entrant, futures) in enumerate(zip(entrants, tasks, strict=True)):
                weeks = [week for future in as_completed(futures) for week in future.result()]
                tell((number + 1) * self.weeks)
                yield _rows(entrant, weeks)

    def _here(
        self, entrants: Sequence[Entrant], chunks: Sequence[Sequence[tuple[int, str]]], tell: Callable[[int], None]
    ) -> Iterator[PolicyRows]:
        for number, entrant in enumerate(entrants):
            weeks = [week for chunk in chunks for week in _play(self.setup, entrant, chunk)]
            tell((number + 1) * self.weeks)
            yield _rows(entrant, weeks)


def _rows(entrant: Entrant, weeks: Sequence[_Week]) -> PolicyRows:
    ordered = sorted(weeks, key=lambda week: week.seed)
    table = np.array([week.row for week in ordered], dtype=float).reshape(len(ordered), len(COLUMNS))
    pairs = tuple(pair for week in ordered for pair in week.pairs)
    return PolicyRows(entrant, table, pairs, sum(week.failed for week in ordered))


def _play(setup: Setup, entrant: Entrant, chunk: Sequence[tuple[int, str]]) -> list[_Week]:
    """Some weeks of one policy, each beside its twin. Raises UsageError, also for a broken config file."""
    try:
        recipe = setup.recipe()
        plan = setup.plan(recipe, "ignorer")
    except ConfigError as error:  # has more than a text, and does not survive the way between processes
        raise UsageError(str(error)) from None
    return [_one(recipe, plan, entrant, seed, fact) for seed, fact in chunk]


def _one(recipe: Recipe, plan: SeatPlan, entrant: Entrant, seed: int, fact: str) -> _Week:
    weeks = twin_weeks(recipe, TwinPlan(seed, fact))
    own, other = (played(week, plan, entrant.make, entrant.name) for week in weeks)
    firsts = (first_answers(weeks[0], own), first_answers(weeks[1], other))
    failed = "error" in (own.end, other.end)
    return _Week(seed, row_of(own), tuple(judge(weeks, firsts, fact)), failed)


def row_of(record: WeekRecord) -> tuple[float, ...]:
    """The figures of a week in the order of `COLUMNS`."""
    boundary = WEIGHTS.boundary_setting
    rest = (record.total - boundary * record.scores["boundary_setting"]) / (1 - boundary)
    parts = (record.scores[name] for name in COMPONENTS)
    return (*parts, record.total, rest, float(record.delivered), record.evenings[-1], min(record.trust.values()))


def report(everybody: Sequence[PolicyRows]) -> list[Line]:
    """One line a policy with its intervals, its distance from the references, and the bars that it must hold."""
    references = {rows.entrant.name: rows for rows in everybody if rows.entrant.group == "reference"}
    return [_line(rows, references) for rows in everybody]


def _line(rows: PolicyRows, references: dict[str, PolicyRows]) -> Line:
    entrant = rows.entrant
    gaps = {
        name: paired(rows.weeks[:, TOTAL : TOTAL + 1], reference.weeks[:, TOTAL : TOTAL + 1])[0]
        for name, reference in references.items()
        if name != entrant.name
    }
    columns = dict(zip(COLUMNS, mean_figures(rows.weeks), strict=True))
    twins = figures(rows.pairs)
    return Line(entrant.name, entrant.group, columns, twins, gaps, _bars(entrant, gaps, twins), rows.failed)


def _bars(entrant: Entrant, gaps: dict[str, Figure], twins: TwinFigures) -> dict[str, bool]:
    """The bars of one policy and whether each is held."""
    bars: dict[str, bool] = {}
    if entrant.constant:
        bars["pair accuracy 0"] = twins.pair_accuracy["mean"] == 0.0
    if entrant.group == "reference":
        return bars
    least = FIXED_UNDER_CAREFUL if entrant.group == "fixed" else UNDER_CAREFUL
    for name, bar in (("oracle", UNDER_ORACLE), ("careful", least)):
        if name in gaps:
            bars[f"{bar:.2f} under {name}"] = (gaps[name]["mean"] or 0.0) >= bar
    return bars
