"""The table of training: every player's figures over the same weeks, the paired differences, and the bars of the issue.

Puts together what was played; plays nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...episodes.record import Versions, rounded
from ...episodes.stats import Figure
from ...world.frozen import SCHEMA
from ...world.reading import ACTS
from ...world.scoring import COMPONENTS
from . import intervals
from .bars import Bar, bars, opening_bars
from .play import Weeks
from .players import CAREFUL, CLONE, ORACLE, TRAINED, UNTRAINED, Player, notes_of
from .rows import (
    BALANCED,
    BURNOUT,
    DELIVERED,
    EVENINGS,
    FRIDAY,
    LOWEST,
    PAIRED,
    TOTAL,
    UNCLEAR,
    Key,
    Rows,
    evening,
)

EVERY_WEEK: tuple[Key, ...] = (
    TOTAL,
    *((("components", name)) for name in COMPONENTS),
    DELIVERED,
    *(evening(day) for day in range(EVENINGS)),
    FRIDAY,
    LOWEST,
    BURNOUT,
)
"""What every week has one value of; paired differences are taken of these."""
SHOWN: tuple[Key, ...] = (*EVERY_WEEK, UNCLEAR, BALANCED, PAIRED)
AGAINST = (CAREFUL, CLONE, UNTRAINED)
"""Whom the trained seeds are set against, week by week."""


@dataclass(frozen=True)
class Column:
    """One column: a player, or (members of several) the trained seeds taken together."""

    name: str
    members: tuple[Rows, ...]


@dataclass(frozen=True)
class Results:
    """What was played. rows: by player; v_star: (weeks,) the best totals that the weeks allow, None where not asked."""

    weeks: Weeks
    players: Sequence[Player]
    rows: Mapping[str, Rows]
    versions: Versions
    command: str
    v_star: np.ndarray | None = None
    costs: Sequence[Mapping[str, Any]] = field(default_factory=tuple)

    @property
    def seeds(self) -> list[str]:
        """The names of the trained seeds."""
        return [player.name for player in self.players if player.role == TRAINED]

    def columns(self) -> list[Column]:
        """Everybody, and in front of the trained seeds all of them together."""
        found: list[Column] = []
        for player in self.players:
            if player.role == TRAINED and not any(column.name == TRAINED for column in found):
                found.append(self.together())
            found.append(Column(player.name, (self.rows[player.name],)))
        return found

    def together(self) -> Column:
        """The trained seeds as one column."""
        return Column(TRAINED, tuple(self.rows[name] for name in self.seeds))


def table(results: Results) -> dict[str, Any]:
    """The table.json object; every figure is {mean, low, high, n}, n in weeks."""
    columns = results.columns()
    figures = {column.name: dict(zip(SHOWN, intervals.means(column.members, SHOWN), strict=True)) for column in columns}
    gaps = {
        f"{column.name} - {other}": dict(
            zip(EVERY_WEEK, intervals.gaps(column.members, results.rows[other], EVERY_WEEK), strict=True)
        )
        for column in columns
        for other in _against(column, results)
    }
    shares = _shares(results, columns)
    found = _bars(figures, gaps, shares["total / oracle"].get(TRAINED))
    return rounded(
        {
            "schema": SCHEMA,
            "command": results.command,
            "split": results.weeks.split,
            "weeks": results.weeks.count,
            "seeds": [results.weeks.seeds()[0], results.weeks.seeds()[-1]],
            "scenario": results.weeks.setup.scenario,
            "versions": results.versions.model_dump(exclude_none=True),
            "intervals": intervals.WORDS,
            "players": [_player(player, results.rows[player.name]) for player in results.players],
            "figures": {name: _named(by_key) for name, by_key in figures.items()},
            "shares": shares,
            "gaps": {name: _named(by_key) for name, by_key in gaps.items()},
            "bars": {name: [bar.plain() for bar in group] for name, group in found.items()},
            "costs": list(results.costs),
        }
    )


def stats(column: Column) -> dict[str, Any]:
    """STATS of summary.json for a column, as far as figures are drawn from them."""
    kinds = sorted({key[1] for rows in column.members for key in rows.parts if key[0] == "acts"})
    keys = [*SHOWN, *(("acts", kind, act) for kind in kinds for act in ACTS)]
    found = dict(zip(keys, intervals.means(column.members, keys), strict=True))
    return {
        "total": found[TOTAL],
        "components": {name: found["components", name] for name in COMPONENTS},
        "sprint_delivered": found[DELIVERED],
        "friday_energy": found[FRIDAY],
        "evening_energy": [found[evening(day)] for day in range(EVENINGS)],
        "min_trust": found[LOWEST],
        "acts": {kind: {act: found["acts", kind, act] for act in ACTS} for kind in kinds},
        "twins": {"balanced_accuracy": found[BALANCED], "pair_accuracy": found[PAIRED]},
    }


def _against(column: Column, results: Results) -> list[str]:
    """Whom a column is set against: not itself, and only who plays."""
    if column.name == ORACLE:
        return []
    return [other for other in AGAINST if other in results.rows and other != column.name]


def _shares(results: Results, columns: Sequence[Column]) -> dict[str, dict[str, Figure]]:
    """Total as a share of what is possible: of the oracle's seat, and of V* where it is known."""
    known = {"total / oracle": results.rows[ORACLE].means(TOTAL), "total / V*": results.v_star}
    return {
        name: {column.name: intervals.fraction(column.members, values, TOTAL) for column in columns}
        for name, values in known.items()
        if values is not None
    }


def _bars(
    figures: Mapping[str, Mapping[Key, Figure]], gaps: Mapping[str, Mapping[Key, Figure]], share: Figure | None
) -> dict[str, list[Bar]]:
    def figure(column: str, key: Key) -> Figure | None:
        return figures.get(column, {}).get(key)

    def gap(of: str, other: str, key: Key) -> Figure | None:
        return gaps.get(f"{of} - {other}", {}).get(key)

    return {
        TRAINED: bars(figure, lambda other, key: gap(TRAINED, other, key), share),
        UNTRAINED: opening_bars(figure, lambda other, key: gap(UNTRAINED, other, key)),
    }


def _player(player: Player, rows: Rows) -> dict[str, Any]:
    notes = notes_of(player)
    return {
        "name": player.name,
        "role": player.role,
        "model": player.label,
        "files": player.mark,
        "made_by": notes.made_by if notes else "",
        "temperature": notes.temperature if notes else None,
        "weeks": len(rows.seeds),
        "failed": rows.failed,
    }


def _named(by_key: Mapping[Key, Figure]) -> dict[str, Figure]:
    return {".".join(key): figure for key, figure in by_key.items()}
