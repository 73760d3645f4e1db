"""A player's weeks as numbers: per figure one part and one whole a week, so that every mean is a ratio of sums.

Reads records and pairs; holds a few hundred numbers a week and no text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...episodes.errors import RunError
from ...episodes.record import WeekRecord
from ...episodes.runs import pairs_in, weeks_in
from ...episodes.stats import Table
from ...episodes.summary import event_kind
from ...episodes.twins import Pair
from ...world.reading import ACTS
from ...world.scoring import COMPONENTS

Key = tuple[str, ...]
EVENINGS = 5
TOTAL: Key = ("total",)
DELIVERED: Key = ("sprint_delivered",)
FRIDAY: Key = ("friday_energy",)
LOWEST: Key = ("min_trust",)
UNCLEAR: Key = ("unclear",)
BURNOUT: Key = ("burnout",)
BALANCED: Key = ("twins", "balanced_accuracy")
PAIRED: Key = ("twins", "pair_accuracy")
BOUNDARY: Key = ("components", "boundary_setting")


def evening(day: int) -> Key:
    """The energy in the evening of a day, 0 (Monday) to 4."""
    return "evening_energy", str(day)


@dataclass(frozen=True)
class Rows:
    """One player: (weeks,) parts and wholes of every figure, by seed; failed: how many weeks ended in "error".

    A week whose whole is 0 has no say in that figure (a kind of event that never came, a pair that was not answered).
    """

    name: str
    seeds: tuple[int, ...]
    parts: Mapping[Key, np.ndarray]
    wholes: Mapping[Key, np.ndarray]
    failed: int = 0

    def table(self, keys: Sequence[Key]) -> tuple[Table, Table]:
        """(weeks, keys) parts and wholes; zeros for a figure that this player has none of."""
        none = np.zeros(len(self.seeds))
        parts = [self.parts.get(key, none) for key in keys]
        wholes = [self.wholes.get(key, none) for key in keys]
        return np.stack(parts, axis=1), np.stack(wholes, axis=1)

    def means(self, key: Key) -> np.ndarray:
        """(weeks,) values of a figure that every week has one of."""
        return self.parts[key] / self.wholes[key]


def rows_of(name: str, folder: Path, seeds: Sequence[int]) -> Rows:
    """The rows of a run folder with twins. Raises RunError: broken, or not these weeks."""
    found: dict[int, dict[Key, tuple[float, float]]] = {}
    failed = 0
    for record in weeks_in(folder):
        found[record.seed] = dict(figures_of(record))
        failed += record.end == "error"
    if sorted(found) != sorted(seeds):
        raise RunError(f"{folder}: holds {len(found)} weeks, not the {len(seeds)} that were asked for")
    for seed, figures in _twins(pairs_in(folder)):
        found[seed] |= figures
    order = sorted(found)
    keys = dict.fromkeys(key for seed in order for key in found[seed])
    columns = {key: np.array([found[seed].get(key, (0.0, 0.0)) for seed in order]) for key in keys}
    parts = {key: column[:, 0] for key, column in columns.items()}
    return Rows(name, tuple(order), parts, {key: column[:, 1] for key, column in columns.items()}, failed)


def figures_of(record: WeekRecord) -> Iterator[tuple[Key, tuple[float, float]]]:
    """(figure, (part, whole)) of everything one week says."""
    yield TOTAL, (record.total, 1.0)
    for name in COMPONENTS:
        yield ("components", name), (record.scores[name], 1.0)
    yield DELIVERED, (float(record.delivered), 1.0)
    for day, energy in enumerate(record.evenings):
        yield evening(day), (energy, 1.0)
    yield FRIDAY, (record.evenings[-1], 1.0)
    yield LOWEST, (min(record.trust.values()), 1.0)
    yield BURNOUT, (float(record.end == "burnout"), 1.0)
    acts = _acts(record)
    every = sum(acts.values(), Counter[str]())
    yield UNCLEAR, (float(every["unclear"]), float(every.total()))
    for kind, counts in acts.items():
        for act in ACTS:
            yield ("acts", kind, act), (float(counts[act]), float(counts.total()))


def _acts(record: WeekRecord) -> dict[str, Counter[str]]:
    """Kind of event -> how often each act answered an ask of it."""
    found: dict[str, Counter[str]] = {}
    for step in record.steps:
        found.setdefault(event_kind(step.event), Counter()).update(ask.act for ask in step.reading.asks)
    return found


def _twins(pairs: Iterable[Pair]) -> Iterator[tuple[int, dict[Key, tuple[float, float]]]]:
    """(seed, twin figures); the pairs of one week go together, as in `episodes.twins.figures`."""
    by_week: dict[int, list[Pair]] = {}
    for pair in pairs:
        by_week.setdefault(pair.seed, []).append(pair)
    for seed, own in by_week.items():
        whole = float(len(own))
        balanced, both = sum(p.balanced for p in own), float(sum(p.refused and p.gave for p in own))
        yield seed, {BALANCED: (balanced, whole), PAIRED: (both, whole)}
