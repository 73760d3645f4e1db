"""Searches for policies that score without reading: the best fixed text, and the best text per kind of event.

All on training weeks, through the real reader and coworkers; the same weeks and seed find the same policy.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ..agents.attacks import TextTable
from ..agents.baselines import FixedText
from ..episodes.loop import run_week
from ..episodes.record import WeekRecord
from ..episodes.seats import SeatPlan, Seats
from ..world.luck import rng
from ..world.ports import Protagonist
from ..world.week import Week

Make = Callable[[int], Protagonist]
"""Builds a protagonist for a week's seed."""
OnTry = Callable[[int], None]
ROUNDS: tuple[tuple[int, int], ...] = ((3, 40), (8, 10), (24, 1))
"""Successive halving over texts: weeks to try each text on, and how many texts go on."""
TRIES = 240
AGAIN = ("nudge", "clarify")


class FoundText(NamedTuple):
    """One text with its mean total (0..1) on the weeks that it was last tried on, and how many texts were tried."""

    text: str
    total: float
    tried: int


class FoundTexts(NamedTuple):
    """One text per kind of event, their mean total (0..1), and how many tables were tried."""

    texts: Mapping[str, str]
    total: float
    tried: int


def seated(plan: SeatPlan, make: Make, seed: int, name: str = "attack") -> Seats:
    """The plan's seats with another protagonist."""
    return replace(plan.seats(seed), protagonist=make(seed), policy=name)


def played(week: Week, plan: SeatPlan, make: Make, name: str = "attack") -> WeekRecord:
    """The week under a protagonist that is made for it."""
    return run_week(week, seated(plan, make, week.seed, name))


def mean_total(weeks: Sequence[Week], plan: SeatPlan, make: Make) -> float:
    """The mean total of a policy over some weeks."""
    return sum(played(week, plan, make).total for week in weeks) / len(weeks)


def _to_everything(text: str) -> Make:
    return lambda seed: FixedText(text)


def best_text(
    weeks: Sequence[Week],
    plan: SeatPlan,
    texts: Sequence[str],
    on_try: OnTry | None = None,
    make: Callable[[str], Make] = _to_everything,
    rounds: Sequence[tuple[int, int]] = ROUNDS,
) -> FoundText:
    """The text that scores most when it is sent to everything, by successive halving over the weeks.

    make: who sends a text to something else; rounds: as `ROUNDS`. Raises ValueError when there is no text.
    """
    if not texts:
        raise ValueError("no text to try")
    left, tried, best = list(texts), 0, 0.0
    for size, keep in rounds:
        some = weeks[:size]
        totals = []
        for text in left:
            totals.append(mean_total(some, plan, make(text)))
            tried += 1
            if on_try is not None:
                on_try(tried)
        order = sorted(range(len(left)), key=lambda place: -totals[place])[:keep]
        best = totals[order[0]]
        left = [left[place] for place in order]
    return FoundText(left[0], best, tried)


def random_search(
    weeks: Sequence[Week],
    plan: SeatPlan,
    texts: Callable[[str], Sequence[str]],
    tries: int = TRIES,
    seed: int = 0,
    on_try: OnTry | None = None,
) -> FoundTexts:
    """Draw a text for one to three kinds of event at a time and keep what scores no less: a blind adversary.

    texts: kind of event (also "nudge:KIND", "clarify:KIND") -> what may be said to it.
    """
    kinds = _kinds(weeks[0])
    pools = {kind: texts(kind) for kind in kinds}
    luck = rng(seed, "texts", "random search")
    table = {kind: luck.choice(pools[kind]) for kind in kinds}
    best = mean_total(weeks, plan, lambda seed: TextTable(table))
    for tried in range(1, tries):
        changed = {kind: luck.choice(pools[kind]) for kind in luck.shuffled(kinds)[: 1 + luck.index(3)]}
        other = {**table, **changed}
        total = mean_total(weeks, plan, lambda seed, other=other: TextTable(other))
        if total >= best:
            table, best = other, total
        if on_try is not None:
            on_try(tried + 1)
    return FoundTexts(table, best, tries)


def _kinds(week: Week) -> list[str]:
    """The kinds of events that a table of texts tells apart; what comes back is told apart by what it is about."""
    canonical = [kind for kind, spec in week.events.items() if spec.at]
    spawned = [kind for kind, spec in week.events.items() if not spec.at and kind not in AGAIN]
    return [*canonical, *spawned, *(f"{again}:{kind}" for again in AGAIN for kind in canonical)]
