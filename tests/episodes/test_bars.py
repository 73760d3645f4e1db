"""The orderings that the week promises, on validation weeks, through text, reader and scripted coworkers."""

from __future__ import annotations

import asyncio
from functools import lru_cache
from statistics import mean

import pytest

from work_life_firewall.agents.baselines import Greedy
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.loop import run_week_async
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.seats import Seats, plan
from work_life_firewall.world.generator import generate, seeds

pytestmark = pytest.mark.slow
WEEKS = 40
WEDNESDAY = 2
FIXED = (
    "act:accept",
    "act:decline",
    "act:counter",
    "act:delegate",
    "act:request",
    "fixed:Sorry, I cannot take this on. I will send notes by 5 pm today.",
    "fixed:Yes, I will do it by 5 pm today.",
)


@lru_cache
def played(policy: str) -> tuple[WeekRecord, ...]:
    """The first validation weeks under a policy."""
    recipe = load_recipe()
    seated = plan(recipe.personas, policy)

    async def run() -> tuple[WeekRecord, ...]:
        return tuple(
            [await run_week_async(generate(recipe, seed), seated.seats(seed)) for seed in seeds("validation", WEEKS)]
        )

    return asyncio.run(run())


def total(policy: str) -> float:
    return mean(record.total for record in played(policy))


def delivered(record: WeekRecord) -> bool:
    return any(bool(step.deltas.get("sprint.delivered", (False, False))[1]) for step in record.steps)


def test_who_accepts_everything_is_worn_out_by_wednesday_and_does_not_deliver() -> None:
    weeks = played("greedy")
    assert mean(record.evenings[WEDNESDAY] for record in weeks) < 0.30
    assert mean(delivered(record) for record in weeks) <= 0.45
    assert mean(record.scores["boundary_setting"] for record in weeks) <= 0.20


def test_who_declines_everything_loses_people() -> None:
    assert mean(record.scores["relationship_preservation"] for record in played("decliner")) <= 0.35


@pytest.mark.parametrize("policy", FIXED)
def test_a_fixed_policy_stays_far_under_the_careful_one(policy: str) -> None:
    assert total(policy) <= total("careful") - 0.30


class Renamed(Greedy):
    """The same policy under another name: nothing in the world may know policies by name."""


def test_greedy_under_another_name_scores_the_same() -> None:
    recipe = load_recipe()
    seated = plan(recipe.personas, "greedy").seats(100_000)
    other = Seats(Renamed(100_000), seated.reader, seated.coworkers, "renamed", seated.specs)
    record = asyncio.run(run_week_async(generate(recipe, 100_000), other))
    assert record.scores == played("greedy")[0].scores
