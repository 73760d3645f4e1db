"""Do the orderings survive other constants? The weightiest ones of `world/tuning.py`, a fifth up and a fifth down.

Weeks are made anew for every variant, backlog included. The labels played by the rules alone stand in for the oracle:
its plan starts from them, so it is at least as good, and where they beat careful it does too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import fields, replace
from functools import partial
from multiprocessing import get_context
from typing import Any, NamedTuple

from ..episodes.job import Setup, split_seeds
from ..world.generator import generate
from ..world.tuning import TUNING, Tuning
from ..world.week import Recipe
from .lineup import Entrant
from .rules import Choose, labelled, noisy, scores
from .search import mean_total

SHARE = 0.2
MOST = 10
RANK_WEEKS, CHECK_WEEKS = 40, 20
PANEL: tuple[Choose, ...] = (labelled, noisy(0.8))
"""Who the weight of a constant is measured on: the labels, and a reader as good as the careful one."""
UP_TO_ONE = frozenset({"0..1", "share", "probability", "trust"})
_UNITS = {name: unit for name, _, unit, _ in Tuning.table()}
REFERENCE, HONEST = "labels", "careful"


class Weight(NamedTuple):
    """A constant and how much a fifth more or less of it moves the total, averaged over the panel and both ways."""

    name: str
    effect: float


class Variant(NamedTuple):
    """One constant at another value, and every policy's mean total there."""

    name: str
    factor: float
    totals: dict[str, float]

    @property
    def holds(self) -> bool:
        """Whether labels > careful > everybody else."""
        others = [total for name, total in self.totals.items() if name not in (REFERENCE, HONEST)]
        return self.totals[REFERENCE] > self.totals[HONEST] > max(others)


class Robustness(NamedTuple):
    """The ranked constants, and the orderings as they are and in every variant of the weightiest."""

    weights: tuple[Weight, ...]
    variants: tuple[Variant, ...]

    @property
    def broken(self) -> list[str]:
        """One line for every variant in which the ordering does not hold."""
        return [_broken(variant) for variant in self.variants if not variant.holds]

    def plain(self) -> dict[str, Any]:
        """As it stands in audit.json."""
        return {
            "weights": [weight._asdict() for weight in self.weights],
            "variants": [{**variant._asdict(), "holds": variant.holds} for variant in self.variants],
        }

    def markdown(self) -> Iterator[str]:
        """A section of the report."""
        yield from ("## Orderings with the weightiest constants a fifth up and down", "")
        yield (
            f"{REFERENCE} (a lower bound of the oracle) > {HONEST} > every fixed policy and the fact-blind table: "
            f"{sum(v.holds for v in self.variants)} of {len(self.variants)} variants hold."
        )
        yield from ("", f"| constant | x | {REFERENCE} | {HONEST} | best other | holds |", "|" + " --- |" * 6)
        for variant in self.variants:
            name, total = _best_other(variant)
            own = f"{variant.totals[REFERENCE]:.3f} | {variant.totals[HONEST]:.3f} | {total:.3f} ({name})"
            yield f"| {variant.name} | {variant.factor:.1f} | {own} | {'yes' if variant.holds else '**no**'} |"
        yield ""
        yield "Effect of a fifth on the total: " + ", ".join(
            f"{w.name} {w.effect:.4f}" for w in self.weights[: 2 * MOST]
        )


def _broken(variant: Variant) -> str:
    name, total = _best_other(variant)
    own = f"{REFERENCE} {variant.totals[REFERENCE]:.3f}, {HONEST} {variant.totals[HONEST]:.3f}"
    return f"ordering with {variant.name} x {variant.factor:.1f}: {own}, best other {total:.3f} ({name})"


def _best_other(variant: Variant) -> tuple[str, float]:
    others = {name: total for name, total in variant.totals.items() if name not in (REFERENCE, HONEST)}
    best = max(others, key=others.__getitem__)
    return best, others[best]


def with_constant(recipe: Recipe, name: str, factor: float) -> Recipe:
    """The recipe with one constant multiplied; shares and chances stop at 1. Raises AttributeError: unknown."""
    value = float(getattr(recipe.tuning, name)) * factor
    if _UNITS.get(name) in UP_TO_ONE:
        value = min(value, 1.0)
    return recipe._replace(tuning=replace(recipe.tuning, **{name: value}))


def weigh(setup: Setup, weeks: int = RANK_WEEKS, names: Sequence[str] | None = None) -> list[Weight]:
    """Every constant by its effect, weightiest first. Raises ConfigError."""
    recipe = setup.recipe()
    usual = _panel(recipe, weeks)
    found = []
    for name in names or [field.name for field in fields(Tuning)]:
        if getattr(TUNING, name) == 0:
            continue
        moved = [_panel(with_constant(recipe, name, 1 + way * SHARE), weeks) for way in (-1, 1)]
        gaps = [abs(other - own) for totals in moved for other, own in zip(totals, usual, strict=True)]
        found.append(Weight(name, sum(gaps) / len(gaps)))
    return sorted(found, key=lambda weight: (-weight.effect, weight.name))


def _panel(recipe: Recipe, weeks: int) -> list[float]:
    made = [generate(recipe, seed) for seed in split_seeds("validation", weeks)]
    return [sum(scores(week, choose).total for week in made) / weeks for choose in PANEL]


def robustness(
    setup: Setup,
    entrants: Sequence[Entrant],
    weights: Sequence[Weight] | None = None,
    weeks: int = CHECK_WEEKS,
    most: int = MOST,
    processes: int = 2,
    on_variant: Callable[[int], None] | None = None,
) -> Robustness:
    """Rank the constants and play everybody in every variant of the weightiest ones.

    entrants: careful and whoever must stay under it; weights: ranked already; weeks: of each variant. Raises UsageError
    and ConfigError.
    """
    weights = weigh(setup) if weights is None else weights
    tries = [("as it is", 1.0)]
    tries += [(weight.name, 1 + way * SHARE) for weight in weights[:most] for way in (-1, 1)]
    task = partial(_variant, setup, tuple(entrants), weeks)
    variants: list[Variant] = []
    with ProcessPoolExecutor(processes, get_context("spawn")) as workers:
        for variant in workers.map(task, tries):
            variants.append(variant)
            if on_variant is not None:
                on_variant(len(variants))
    return Robustness(tuple(weights), tuple(variants))


def _variant(setup: Setup, entrants: Sequence[Entrant], weeks: int, tried: tuple[str, float]) -> Variant:
    name, factor = tried
    recipe = setup.recipe() if factor == 1.0 else with_constant(setup.recipe(), name, factor)
    plan = setup.plan(recipe, "ignorer")
    made = [generate(recipe, seed) for seed in split_seeds("validation", weeks)]
    totals = {REFERENCE: sum(scores(week, labelled).total for week in made) / weeks}
    totals |= {entrant.name: mean_total(made, plan, entrant.make) for entrant in entrants}
    return Variant(name, factor, totals)
