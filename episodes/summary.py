"""summary.json: what a run's weeks come to, every figure with a bootstrap 95% interval. Reads records only."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from ..world.frozen import SCHEMA
from ..world.reading import ACTS
from .agreement import Agreement
from .record import DECIMALS, WeekRecord, rounded
from .runs import RunConfig
from .stats import bootstrap
from .twins import Pair, figures

ENDS = ("friday", "burnout", "truncated", "error")
Path = tuple[str, ...]


class Tally:
    """The figures of many weeks, as one small row of numbers a week, so that memory stays flat."""

    def __init__(self) -> None:
        self._columns: dict[Path, int] = {}
        self._parts: list[array[float]] = []
        self._wholes: list[array[float]] = []
        self._faulted: list[bool] = []
        self._seeds: list[int] = []
        self._judge = Agreement()

    def add(self, record: WeekRecord) -> None:
        """Take in one week, as it stands on disk: rounded."""
        figures = {
            self._column(path): (round(part, DECIMALS), round(whole, DECIMALS))
            for path, part, whole in _figures_of(record)
        }
        self._parts.append(array("d", (figures.get(i, (0.0, 0.0))[0] for i in range(len(self._columns)))))
        self._wholes.append(array("d", (figures.get(i, (0.0, 0.0))[1] for i in range(len(self._columns)))))
        self._faulted.append(record.faulted)
        self._seeds.append(record.seed)
        self._judge.add(record)

    def _column(self, path: Path) -> int:
        return self._columns.setdefault(path, len(self._columns))

    def summary(self, config: RunConfig, twins: Sequence[Pair] = ()) -> dict[str, Any]:
        """The summary.json object; twins are the run's pairs. `judge` is there only where somebody judged."""
        order = sorted(range(len(self._seeds)), key=self._seeds.__getitem__)
        judge = self._judge.plain()
        unfaulted = [index for index in order if not self._faulted[index]]
        every = self._stats(order)
        return rounded(
            {
                "schema": SCHEMA,
                "policy": config.policy,
                "split": config.split,
                "weeks": len(self._seeds),
                "seeds": [min(self._seeds), max(self._seeds)] if self._seeds else None,
                "faulted_weeks": sum(self._faulted),
                "all": {**every, "twins": figures(twins).plain() if twins else None},
                "unfaulted": every if unfaulted == order else self._stats(unfaulted),
                **({"judge": judge} if judge else {}),
                "versions": config.versions.model_dump(),
                "config_hash": config.hash(),
            }
        )

    def _stats(self, weeks: list[int]) -> dict[str, Any]:
        """STATS over some of the weeks."""
        width = len(self._columns)
        figures = bootstrap(_matrix(self._parts, weeks, width), _matrix(self._wholes, weeks, width))
        stats: dict[str, Any] = {}
        for path, column in sorted(self._columns.items(), key=lambda item: _place(item[0])):
            _set(stats, path, figures[column])
        stats["evening_energy"] = list(stats.get("evening_energy", {}).values())
        # Twins are pairs of weeks and join in `summary`; V* is only on record where regret was asked for.
        return {"fraction_of_v_star": None, **stats, "twins": None}


def _matrix(rows: list[array[float]], weeks: list[int], width: int) -> np.ndarray:
    """The rows of some weeks; a row from before a column was first seen is 0 there."""
    made = np.zeros((len(weeks), width))
    for place, week in enumerate(weeks):
        made[place, : len(rows[week])] = rows[week]
    return made


def summarize(records: Iterable[WeekRecord], config: RunConfig, twins: Sequence[Pair] = ()) -> dict[str, Any]:
    """The summary.json object of some weeks, and of the pairs played beside them."""
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally.summary(config, twins)


def _figures_of(record: WeekRecord) -> Iterable[tuple[Path, float, float]]:
    """(path, part, whole) of everything one week says."""
    yield ("total",), record.total, 1.0
    if record.v_star is not None:
        yield ("fraction_of_v_star",), record.total, record.v_star["value"]
    for name, value in record.scores.items():
        yield ("components", name), value, 1.0
    yield ("sprint_delivered",), float(record.delivered), 1.0
    yield ("friday_energy",), record.evenings[-1], 1.0
    for day, energy in enumerate(record.evenings):
        yield ("evening_energy", str(day)), energy, 1.0
    trusts = record.trust
    yield ("min_trust",), min(trusts.values()), 1.0
    for who, trust in trusts.items():
        yield ("trust", who), trust, 1.0
    yield from _acts_of(record)
    for end in ENDS:
        yield ("end", end), float(record.end == end), 1.0


def _acts_of(record: WeekRecord) -> Iterable[tuple[Path, float, float]]:
    """Per kind of event the share of every act among the asks that were answered."""
    seen: dict[str, Counter[str]] = {}
    for step in record.steps:
        acts = seen.setdefault(event_kind(step.event), Counter())
        acts.update(ask.act for ask in step.reading.asks)
    for kind, acts in seen.items():
        for act in ACTS:
            yield ("acts", kind, act), float(acts[act]), float(acts.total())


def event_kind(event_id: str) -> str:
    """The kind of an event id: "nudge@priya#2" is a nudge."""
    return event_id.partition("@")[0].partition("#")[0]


def _place(path: Path) -> tuple[int, Path]:
    """Where a figure stands: in the order of CONTRACT, kinds of events by name, acts in their own order."""
    order = ("total", "components", "sprint_delivered", "friday_energy", "evening_energy", "min_trust", "trust", "acts")
    place = order.index(path[0]) if path[0] in order else len(order)
    return place, path if path[0] == "acts" else path[:1]


def _set(tree: dict[str, Any], path: Path, value: Mapping[str, Any]) -> None:
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value
