"""The best fact-blind table: one act per ask and round, found by coordinate ascent on training weeks, rules only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ..agents.table import Key, TablePolicy
from ..world.reading import Act
from ..world.state import WeekState
from ..world.week import Week
from .rules import Asked, always, play, scores, tabled

MOVES: tuple[Act, ...] = ("accept", "act", "decline", "counter", "defer", "delegate", "escalate", "request", "ask")
PROBED: tuple[Act, ...] = ("accept", "decline", "ask")
"""Policies that between them meet all kinds of events; which asks there are is learnt from these."""
SWEEPS = 3
STEP = 1e-6


class Found(NamedTuple):
    """A table with its mean total (0..1) on the weeks that it was found on, and how many tables were tried."""

    table: Mapping[Asked, Act]
    total: float
    tried: int


def best_table(weeks: Sequence[Week], sweeps: int = SWEEPS, on_try: Callable[[int], None] | None = None) -> Found:
    """Change one entry at a time while that helps, most frequent asks first; ends when a sweep changes nothing."""
    table: dict[Asked, Act] = {}
    best, tried = mean_total(weeks, table), 1
    keys = [key for key, _ in sorted(_met(weeks).items(), key=lambda item: (-item[1], item[0]))]
    for _ in range(sweeps):
        before = best
        for key in keys:
            for act in MOVES:
                if act == table.get(key, "accept"):
                    continue
                total = mean_total(weeks, {**table, key: act})
                tried += 1
                if on_try is not None:
                    on_try(tried)
                if total > best + STEP:
                    best, table[key] = total, act
        if best == before:
            break
    return Found(table, best, tried)


def mean_total(weeks: Sequence[Week], table: Mapping[Asked, Act]) -> float:
    """The mean total of a table over some weeks."""
    choose = tabled(table)
    return sum(scores(week, choose).total for week in weeks) / len(weeks)


def _met(weeks: Sequence[Week]) -> Counter[Asked]:
    """How often each ask comes up."""
    seen: Counter[Asked] = Counter()
    for act in PROBED:
        fixed = always(act)

        def note(state: WeekState, ask: Asked, fixed: Callable[[WeekState, Asked], Act] = fixed) -> Act:
            seen[ask] += 1
            return fixed(state, ask)

        for week in weeks[:30]:
            play(week, note)
    return seen


def policy(table: Mapping[Asked, Act], asks: Mapping[str, int], seed: int = 0) -> TablePolicy:
    """The table as a protagonist that writes text. asks: event kind -> how many asks it has."""
    return TablePolicy(text_table(table, asks), "accept", seed)


def text_table(table: Mapping[Asked, Act], asks: Mapping[str, int]) -> dict[Key, tuple[Act, ...]]:
    """The table by event: first rounds by kind, later ones by the nudge or clarification that brings the ask back."""
    made: dict[Key, tuple[Act, ...]] = {}
    for kind, count in asks.items():
        matters = [f"{kind}/{number}" for number in range(1, count + 1)]
        made[kind, 0] = tuple(table.get(Asked(matter, 0), "accept") for matter in matters)
        for matter in matters:
            for again in ("nudge", "clarify"):
                made[f"{again}:{matter}", 0] = (table.get(Asked(matter, 1), "accept"),)
    return made


def asks_of(week: Week) -> dict[str, int]:
    """Event kind -> how many asks it has."""
    return {kind: len(spec.asks) for kind, spec in week.events.items()}
