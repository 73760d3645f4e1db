"""Two runs beside each other: what differs between them, paired differences, decisions, pass^k. Reads records only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np

from ..world.frozen import SCHEMA
from ..world.reading import ACTS
from ..world.scoring import COMPONENTS
from .errors import UsageError
from .record import WeekRecord
from .runs import RunConfig, read_config, weeks_in
from .stats import Figure, Table, mean_figures, paired, pass_k, unpaired
from .summary import event_kind

Verdict = Literal["higher", "lower", "no clear difference"]
DECIDE_SCORES = ("versions.rubric", "versions.reader", "versions.world")
"""What two runs must share for their scores to mean the same."""
NOT_DECIDING = (
    *("seed", "weeks", "driver", "versions.package", "schema"),
    *("judge", "versions.judge", "prompts.judge"),
)
"""Keys of a config that change no week of either run."""
BY_SEAT = ("models", "prompts")
"""Rooms of a config that follow from who sits where: what only one of two runs has is no difference of its own."""
PASSES = (1, 2, 4, 8)
PASS_TOTAL = 0.7


class Gap(NamedTuple):
    """One figure: both means, and second - first with its 95% interval."""

    name: str
    first: float | None
    second: float | None
    gap: Figure

    @property
    def verdict(self) -> Verdict:
        """Whether the second run is clearly higher or lower: the interval leaves out 0."""
        low, high = self.gap["low"], self.gap["high"]
        if low is None or high is None or low <= 0.0 <= high:
            return "no clear difference"
        return "higher" if low > 0.0 else "lower"


class Difference(NamedTuple):
    """One key of the config in which two runs differ: `personas.priya`, both values as text."""

    key: str
    first: str
    second: str


class Decisions(NamedTuple):
    """How often each ask was answered with each act, as counts."""

    counts: Mapping[str, Counter[str]]

    def share(self, ask: str, act: str) -> float:
        """The share (0..1) of an act among the answers to an ask; 0 for an ask that never came."""
        found = self.counts.get(ask, Counter[str]())
        return found[act] / found.total() if found else 0.0


class Comparison(NamedTuple):
    """Two runs beside each other; passes is k -> pass^k of both, at `bar` or more of the total."""

    names: tuple[str, str]
    weeks: int
    paired: bool
    differences: tuple[Difference, ...]
    gaps: tuple[Gap, ...]
    decisions: tuple[Decisions, Decisions]
    bar: float
    passes: Mapping[int, tuple[float | None, float | None]]

    @property
    def sentence(self) -> str:
        """What differs, in a sentence: "only priya differs"."""
        return sentence(self.differences)

    @property
    def comparable(self) -> bool:
        """Whether rubric, reader and world are the same, so that the scores mean the same."""
        return not any(found.key in DECIDE_SCORES for found in self.differences)

    def asks(self) -> list[str]:
        """Every ask that either run answered: canonical ones as they came, then what came back or was spawned."""
        return list(dict.fromkeys([*self.decisions[0].counts, *self.decisions[1].counts]))

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        shares = {
            ask: {act: [round(run.share(ask, act), 6) for run in self.decisions] for act in ACTS} for ask in self.asks()
        }
        return {
            "schema": SCHEMA,
            "runs": list(self.names),
            "weeks": self.weeks,
            "paired": self.paired,
            "differs": [found._asdict() for found in self.differences],
            "sentence": self.sentence,
            "comparable": self.comparable,
            "gaps": {gap.name: {**gap._asdict(), "verdict": gap.verdict} for gap in self.gaps},
            "decisions": shares,
            "pass_k": {"bar": self.bar, **{str(k): list(both) for k, both in self.passes.items()}},
        }


class _Run(NamedTuple):
    config: RunConfig
    rows: dict[int, list[float]]
    decisions: Decisions
    columns: tuple[str, ...]


def compare(first: Path, second: Path, pair: bool = True, bar: float = PASS_TOTAL) -> Comparison:
    """Two run folders, over the seeds that both have; pair=False takes all weeks of each as unrelated samples.

    bar: the total (0..1) from which a week passes. Raises UsageError when no week is in common, RunError, ConfigError.
    """
    runs = (_read(first), _read(second))
    if runs[0].columns != runs[1].columns:
        raise UsageError(f"{first} and {second} have different people in them and cannot be compared")
    common = sorted(runs[0].rows.keys() & runs[1].rows.keys())
    if pair and not common:
        raise UsageError(f"{first} and {second} have no week in common; compare them with --unpaired")
    seeds = [common, common] if pair else [sorted(run.rows) for run in runs]
    tables = [_table(run, wanted) for run, wanted in zip(runs, seeds, strict=True)]
    return Comparison(
        names=(str(first), str(second)),
        weeks=len(common) if pair else min(map(len, seeds)),
        paired=pair,
        differences=tuple(differences(runs[0].config, runs[1].config)),
        gaps=_gaps(runs[0].columns, tables[0], tables[1], paired if pair else unpaired),
        decisions=(runs[0].decisions, runs[1].decisions),
        bar=bar,
        passes=_passes(runs[0].columns, tables, bar),
    )


def differences(first: RunConfig, second: RunConfig) -> list[Difference]:
    """The keys that decide a week's outcome and differ between two configs."""
    old, new = first.flat(), second.flat()
    return [
        Difference(key, str(old.get(key, "none")), str(new.get(key, "none")))
        for key in dict.fromkeys((*old, *new))
        if old.get(key) != new.get(key) and key not in NOT_DECIDING and not _one_sided(key, old, new)
    ]


def _one_sided(key: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a key stands in one config only because a seat does."""
    return key.partition(".")[0] in BY_SEAT and (key not in old or key not in new)


def sentence(found: Sequence[Difference]) -> str:
    """ "only priya differs", "nothing differs", or a list of what does."""
    names = [_called(difference) for difference in found]
    if not names:
        return "nothing differs: the same policy, people and world"
    return f"only {names[0]} differs" if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]} differ"


def _called(found: Difference) -> str:
    room, dot, name = found.key.partition(".")
    if not dot:
        return f"the {room}"
    return {"personas": name, "coworkers": f"{name}'s seat", "versions": f"the {name} version"}.get(room, found.key)


def _read(path: Path) -> _Run:
    config = read_config(path)
    rows: dict[int, list[float]] = {}
    counts: dict[str, Counter[str]] = {}
    columns: tuple[str, ...] = ()
    for record in weeks_in(path):
        figures = _figures_of(record)
        columns = tuple(figures)
        rows[record.seed] = list(figures.values())
        _count(record, counts)
    if not rows:
        raise UsageError(f"{path}: no finished week to compare")
    return _Run(config, rows, Decisions(counts), columns)


def _figures_of(record: WeekRecord) -> dict[str, float]:
    trusts = record.trust
    return {
        "total": record.total,
        **{name: record.scores[name] for name in COMPONENTS},
        "sprint_delivered": float(record.delivered),
        "friday_energy": record.evenings[-1],
        "min_trust": min(trusts.values()),
        **{f"trust {who}": trust for who, trust in trusts.items()},
    }


def _count(record: WeekRecord, counts: dict[str, Counter[str]]) -> None:
    """Add a week's answers, by ask where an event has several and by kind where it has one."""
    for step in record.steps:
        kind, several = event_kind(step.event), len(step.reading.asks) > 1
        for number, ask in enumerate(step.reading.asks, 1):
            counts.setdefault(f"{kind}/{number}" if several else kind, Counter())[ask.act] += 1


def _table(run: _Run, seeds: Sequence[int]) -> Table:
    return np.array([run.rows[seed] for seed in seeds], dtype=float)


def _gaps(
    columns: Sequence[str], first: Table, second: Table, differ: Callable[[Table, Table], list[Figure]]
) -> tuple[Gap, ...]:
    gaps = differ(first, second)
    means = (mean_figures(first), mean_figures(second))
    return tuple(
        Gap(name, means[0][place]["mean"], means[1][place]["mean"], gaps[place]) for place, name in enumerate(columns)
    )


def _passes(
    columns: Sequence[str], tables: Sequence[Table], bar: float
) -> dict[int, tuple[float | None, float | None]]:
    place = columns.index("total")
    passed = [(int((table[:, place] >= bar).sum()), len(table)) for table in tables]
    return {k: (pass_k(*passed[0], k), pass_k(*passed[1], k)) for k in PASSES}
