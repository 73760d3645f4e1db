"""How a judge's scores go with the world's own notes on the same replies. Reads records only."""

from __future__ import annotations

from array import array
from typing import Any, NamedTuple

import numpy as np

from .record import WeekRecord
from .stats import bootstrap

FIGURES = ("score", "local", "difference")


class _Week(NamedTuple):
    """Sums over one week's replies, and how many they rest on; local and difference: where the world noted too."""

    score: float
    local: float
    difference: float
    scored: int
    noted: int


class Agreement:
    """What a judge said over many weeks. A reply without a score is counted, and is in no figure."""

    def __init__(self) -> None:
        self._weeks: list[_Week] = []
        self._judged = 0
        self._scores, self._locals = array("d"), array("d")

    def add(self, record: WeekRecord) -> None:
        """Take in one week."""
        notes = [step.judge for step in record.steps if step.judge is not None]
        scores = [note.score for note in notes if note.score is not None]
        pairs = [(note.score, note.local) for note in notes if note.score is not None and note.local is not None]
        self._judged += len(notes)
        self._scores.extend(score for score, _ in pairs)
        self._locals.extend(local for _, local in pairs)
        gaps = sum(abs(score - local) for score, local in pairs)
        self._weeks.append(_Week(sum(scores), sum(local for _, local in pairs), gaps, len(scores), len(pairs)))

    def plain(self) -> dict[str, Any] | None:
        """The `judge` object of summary.json, None where nobody judged.

        scored and unscored count replies; score is the judge's mean, local the world's on the replies that both noted,
        difference the mean distance there, each 0..1 with its interval over weeks; correlation is Pearson's there.
        """
        if not self._judged:
            return None
        parts = np.array([(week.score, week.local, week.difference) for week in self._weeks])
        wholes = np.array([(week.scored, week.noted, week.noted) for week in self._weeks], dtype=float)
        figures = dict(zip(FIGURES, bootstrap(parts, wholes), strict=True))
        scored = sum(week.scored for week in self._weeks)
        return {"scored": scored, "unscored": self._judged - scored, **figures, "correlation": self._correlation()}

    def _correlation(self) -> float | None:
        """Between both sides of all pairs; None where one of them never varies."""
        if len(self._scores) < 2 or len({*self._scores}) < 2 or len({*self._locals}) < 2:
            return None
        return float(np.corrcoef(self._scores, self._locals)[0, 1])
