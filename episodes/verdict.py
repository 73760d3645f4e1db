"""What solved weeks come to: mean V* and its parts, the gap, the worst, the labels. Reads `OracleWeek`s only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..world.frozen import SCHEMA
from ..world.scoring import COMPONENTS
from .oracle import OracleWeek
from .record import rounded
from .stats import Figure, mean_figures

BEATEN = 1e-6


def verdict(weeks: Sequence[OracleWeek], split: str) -> dict[str, Any]:
    """The figures of some weeks as one JSON object, means with bootstrap 95% intervals.

    beaten counts the weeks whose plan a simpler policy beats.
    """
    return rounded(
        {
            "schema": SCHEMA,
            "split": split,
            "weeks": len(weeks),
            "seeds": [weeks[0].seed, weeks[-1].seed] if weeks else None,
            "figures": _figures(weeks),
            "evening_energy": _evenings(weeks),
            "kinds": dict(Counter(week.kind for week in weeks)),
            "beaten": sum(max(week.look_ahead, week.labelled) > week.value + BEATEN for week in weeks),
            "labels": labels(weeks),
            "best_acts": best_acts(weeks),
        }
    )


def _figures(weeks: Sequence[OracleWeek]) -> dict[str, Figure]:
    columns: dict[str, list[float]] = {
        "v_star": [week.value for week in weeks],
        "gap": [week.bound - week.value for week in weeks],
        "labelled": [week.labelled for week in weeks],
        "look_ahead": [week.look_ahead for week in weeks],
        "worst": [week.worst for week in weeks],
        **{name: [week.scores[name] for week in weeks] for name in COMPONENTS},
        "sprint_delivered": [float(week.delivered) for week in weeks],
        "friday_energy": [week.evenings[-1] for week in weeks],
        "min_trust": [week.min_trust for week in weeks],
    }
    return dict(zip(columns, _means(list(columns.values())), strict=True))


def _evenings(weeks: Sequence[OracleWeek]) -> list[Figure]:
    return _means([list(day) for day in zip(*(week.evenings for week in weeks), strict=True)])


def _means(columns: list[list[float]]) -> list[Figure]:
    matrix = np.array(columns).T if columns and columns[0] else np.zeros((0, len(columns)))
    return mean_figures(matrix)


def labels(weeks: Sequence[OracleWeek]) -> dict[str, Any]:
    """How often `refuse_when` names the side that wins on the other components, in all and by ask.

    margin: the smallest advantage of the labelled side, below 0 where it loses.
    """
    checks = [label for week in weeks for label in week.labels]
    by_ask: dict[str, Mapping[str, float]] = {}
    for ask in dict.fromkeys(label.ask for label in checks):
        own = [label for label in checks if label.ask == ask]
        wins = [label.gain if label.need == "light" else -label.gain for label in own]
        by_ask[ask] = {"agree": sum(label.agrees for label in own) / len(own), "margin": min(wins), "n": len(own)}
    agree = sum(label.agrees for label in checks) / len(checks) if checks else None
    return {"agree": agree, "n": len(checks), "by_ask": by_ask}


def best_acts(weeks: Sequence[OracleWeek]) -> dict[str, dict[str, int]]:
    """Event kind -> how often each act, or acts, was the planned one."""
    found: dict[str, Counter[str]] = {}
    for week in weeks:
        for event, acts in week.moves.items():
            kind = event.partition("@")[0].partition("#")[0]
            found.setdefault(kind, Counter())["+".join(acts)] += 1
    return {kind: dict(counts.most_common()) for kind, counts in found.items()}
