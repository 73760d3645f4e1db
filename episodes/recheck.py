"""Whether a record holds together: rewards add up to the score, components to the total. Recomputes no score."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..world.scoring import COMPONENTS, WEIGHTS
from .record import WeekRecord

TOLERANCE = 5e-6
"""Half a unit of the sixth place, a few times over: every figure on disk is rounded."""


def recheck(record: WeekRecord) -> Iterator[str]:
    """One line for everything that does not add up in a week."""
    name = record.episode_id
    before = opening = _weighted(record.start.scores)
    for step in record.steps:
        if abs(step.total - before - step.reward) > TOLERANCE:
            yield f"{name}: {step.event}: reward {step.reward:.6f} is not {before:.6f} -> {step.total:.6f}"
        if abs(_weighted(step.scores) - step.total) > TOLERANCE:
            yield f"{name}: {step.event}: components come to {_weighted(step.scores):.6f}, not {step.total:.6f}"
        before = step.total
    earned = sum(step.reward for step in record.steps)
    if abs(opening + earned - record.total) > TOLERANCE * (len(record.steps) + 1):
        yield f"{name}: {opening:.6f} and rewards of {earned:.6f} do not come to {record.total:.6f}"
    if abs(_weighted(record.scores) - record.total) > TOLERANCE:
        yield f"{name}: components come to {_weighted(record.scores):.6f}, not {record.total:.6f}"
    outside = [part for part in COMPONENTS if not 0.0 <= record.scores.get(part, -1.0) <= 1.0]
    if outside:
        yield f"{name}: {outside[0]} is missing or outside 0..1"


def _weighted(scores: Mapping[str, float]) -> float:
    return sum(weight * scores.get(name, 0.0) for name, weight in WEIGHTS._asdict().items())
