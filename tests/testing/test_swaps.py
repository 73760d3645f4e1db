"""Swaps: whoever reads loses in the twin, others lose the same on both sides, and asking back is no way out."""

from __future__ import annotations

from functools import cache

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.seats import plan
from work_life_firewall.testing.lineup import spec
from work_life_firewall.testing.search import played
from work_life_firewall.testing.swaps import ALIKE, Swap, bars, summed, swaps, universal
from work_life_firewall.world.generator import generate
from work_life_firewall.world.nodes import Ports

RECIPE = load_recipe()
FLIPS = 7
"""Canonical asks of a week whose need a fact decides."""


@cache
def found(policy: str, weeks: int = 3) -> tuple[Swap, ...]:
    seated = plan(RECIPE.personas, "ignorer")
    ports = Ports(seated.reader, seated.coworkers)
    records = [played(generate(RECIPE, 100_000 + number), seated, spec(policy)) for number in range(weeks)]
    return tuple(swap for record in records for swap in swaps(record, RECIPE, ports))


def test_every_ask_with_a_fact_is_put_to_its_twin_once() -> None:
    own = found("oracle")
    assert len(own) == 3 * FLIPS
    assert len({(swap.seed, swap.ask) for swap in own}) == len(own)
    figures = summed(own)
    assert set(figures) == {"all"} | {swap.ask for swap in own}
    assert sum(one.swaps for ask, one in figures.items() if ask != "all") == figures["all"].swaps


def test_who_reads_loses_in_the_twin() -> None:
    figures = summed(found("oracle"))["all"]
    assert (figures.own["mean"] or 0.0) < 0.03
    assert all(bars(figures).values())


@pytest.mark.parametrize("policy", ["greedy", "decliner"])
def test_who_does_not_read_loses_the_same_on_both_sides(policy: str) -> None:
    figures = summed(found(policy))["all"]
    assert (figures.gap["mean"] or 0.0) < 0.02
    assert (figures.own["mean"] or 0.0) > 0.04
    assert not bars(figures)["loses 0.05 more in the twin"]


def test_asking_back_is_not_rescued_by_the_rest_of_the_week() -> None:
    own = found("act:ask", 1)
    assert {act for swap in own for act in swap.acts} <= {"ask", "unclear"}
    figures = summed(own)["all"]
    assert min(figures.own["mean"] or 0.0, figures.other["mean"] or 0.0) > ALIKE
    assert not figures.right_twice["mean"]


def made(own: float, other: float, acts: tuple[str, str] = ("decline", "accept"), reply: str = "x") -> Swap:
    return Swap(1, "leave", "leave/1", "light", reply, acts, own, other)  # type: ignore[arg-type]


def test_universal_replies_are_counted_shown_once_and_break_their_bar() -> None:
    some = [made(0.01, 0.015), made(0.0, 0.001), made(0.0, 0.1), made(0.01, 0.004, reply="y")]
    assert [swap.suits_both for swap in some] == [True, True, False, True]
    assert [(swap.reply, swap.other) for swap in universal(some)] == [("x", 0.001), ("y", 0.004)]
    assert len(universal(some, shown=1)) == 1
    figures = summed(some)["all"]
    assert figures.suits_both["mean"] == pytest.approx(0.75)
    held = bars(figures)
    assert not held["at most 5% of replies suit both"]
    assert not held["no text is right in both"]


def test_right_twice_follows_the_need() -> None:
    swap = made(0.0, 0.0)
    assert swap.right_twice
    assert not swap._replace(need="real").right_twice
    assert swap._replace(need="real", acts=("accept", "counter")).right_twice
    assert not swap._replace(acts=("decline", "decline")).right_twice
