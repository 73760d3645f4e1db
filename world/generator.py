"""From (recipe, seed, split) to a week: facts, times, and a backlog that the right choices just leave slack for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import product

from .clock import DAY_MINUTES
from .luck import rng
from .reference import play
from .same import Same
from .scenario import Scenario, Split
from .tuning import Tuning
from .week import Recipe, Week

FIRST_SEED: dict[Split, int] = {"train": 0, "validation": 100_000, "test": 200_000}
SEEDS_A_SPLIT = 100_000
ENDLESS = 100_000.0
"""A backlog that no week can finish, to measure what the right choices leave time for."""


def seeds(split: Split, weeks: int, start: int = 0) -> range:
    """The seeds of a split's weeks, from its `start`-th on. Raises ValueError when the split has not that many."""
    if weeks < 0 or start < 0 or start + weeks > SEEDS_A_SPLIT:
        raise ValueError(f"split {split!r} has {SEEDS_A_SPLIT} seeds; {start}..{start + weeks} is outside")
    first = FIRST_SEED[split] + start
    return range(first, first + weeks)


def split_of(seed: int) -> Split:
    """The split a seed belongs to. Raises ValueError for a seed of no split."""
    for split, first in FIRST_SEED.items():
        if first <= seed < first + SEEDS_A_SPLIT:
            return split
    raise ValueError(f"seed {seed} belongs to no split; train 0.., validation 100000.., test 200000..299999")


def generate(recipe: Recipe, seed: int, split: Split | None = None) -> Week:
    """The week of a seed. Raises ValueError when the seed is not of the split, or no facts satisfy the scenario."""
    own = split_of(seed)
    if split is not None and split != own:
        raise ValueError(f"seed {seed} is a {own} seed, not a {split} one")
    scenario = recipe.scenario
    combos = _combinations(Same(scenario), own)
    if not combos:
        raise ValueError(
            f"scenario {scenario.id!r}: no combination of facts gives {scenario.refusals} refusals in {own}"
        )
    facts = dict(rng(seed, scenario.id, "facts").choice(combos))
    week = _week(recipe, seed, own, facts, f"{scenario.id}-{seed}", ENDLESS)
    return week._replace(backlog=_backlog(week))


def twin(week: Week, fact: str) -> Week:
    """The same week, luck and backlog with one fact flipped. Raises ValueError for an unknown or twinless fact."""
    specs = week.recipe.scenario.facts
    if fact not in specs or not specs[fact].twin:
        raise ValueError(f"{fact!r} makes no twin; facts that do: {sorted(k for k, v in specs.items() if v.twin)}")
    first, second = specs[fact].values
    facts = {**week.facts, fact: second if week.facts[fact] == first else first}
    return _week(week.recipe, week.seed, week.split, facts, week.episode_id, week.backlog)


def _week(recipe: Recipe, seed: int, split: Split, facts: dict[str, str], name: str, backlog: float) -> Week:
    events = {spec.kind: spec for spec in recipe.scenario.events}
    refuse = frozenset(
        f"{spec.kind}/{ask.id}"
        for spec in recipe.scenario.events
        for ask in spec.asks
        if ask.need == "light" or any(facts[fact] in values for fact, values in ask.refuse_when.items())
    )
    return Week(recipe, seed, split, name, facts, _times(recipe.scenario, seed), refuse, backlog, events)


def _times(scenario: Scenario, seed: int) -> dict[str, int]:
    """When each canonical event comes: one of its slots, jittered."""
    out = {}
    for spec in scenario.events:
        if spec.at:
            luck = rng(seed, spec.kind, "time")
            slot = luck.choice(spec.at)
            out[spec.kind] = slot.day * DAY_MINUTES + slot.minute + luck.index(2 * slot.jitter + 1) - slot.jitter
    return out


def _backlog(week: Week) -> float:
    """Sprint minutes such that the right choices end with the drawn slack: sample the slack, not the backlog."""
    low, high = week.recipe.scenario.sprint.slack_minutes
    end = play(week._replace(recipe=_for_sizing(week.recipe)))
    slack = rng(week.seed, week.recipe.scenario.id, "slack").uniform(low, high)
    return max(end.done - (end.backlog - ENDLESS) - slack, 60.0)


def _for_sizing(recipe: Recipe) -> Recipe:
    """The recipe for measuring: the usual people, and an endless sprint must not turn every evening into overtime."""
    return recipe._replace(tuning=_uncrunched(recipe.tuning), personas=recipe.usual or recipe.personas)


@lru_cache(maxsize=64)
def _uncrunched(tuning: Tuning) -> Tuning:
    return replace(tuning, crunch_from=ENDLESS)


@lru_cache(maxsize=64)
def _combinations(key: Same[Scenario], split: Split) -> tuple[tuple[tuple[str, str], ...], ...]:
    """All fact combinations a split may have: the right number of refusals, and the split's side of the holdout."""
    scenario = key.value
    names = list(scenario.facts)
    out = []
    for values in product(*(scenario.facts[name].values for name in names)):
        facts = dict(zip(names, values, strict=True))
        if scenario.refusals[0] <= _refusals(scenario, facts) <= scenario.refusals[1] and _in_split(
            scenario, facts, split
        ):
            out.append(tuple(facts.items()))
    return tuple(out)


def _refusals(scenario: Scenario, facts: dict[str, str]) -> int:
    """How many canonical asks deserve a no."""
    return sum(
        any(facts[fact] in values for fact, values in ask.refuse_when.items())
        for spec in scenario.events
        if spec.at
        for ask in spec.asks
    )


def _in_split(scenario: Scenario, facts: dict[str, str], split: Split) -> bool:
    """Train weeks match no held-out combination; the other splits match one of their own and none of the other's."""
    hits = {
        name: any(combo.items() <= facts.items() for combo in getattr(scenario.holdout, name))
        for name in ("validation", "test")
    }
    own = [] if split == "train" else [split]
    return all(hits[name] == (name in own) or not getattr(scenario.holdout, name) for name in hits)
