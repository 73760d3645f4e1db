"""The planner: proven right by enumeration where a week is small enough, and bounded where it is not."""

from __future__ import annotations

from functools import cache

import pytest

from work_life_firewall.agents.menu import Choice, Move, after, branches, every_branch, labelled
from work_life_firewall.agents.planner import (
    BEST_NOTE,
    BEST_REFUSAL,
    BY_LABEL,
    QUICK,
    Plan,
    Search,
    look_ahead,
    plan,
    plan_week,
    worst_week,
)
from work_life_firewall.agents.worth import ALL_ACTS, acts_at, check_labels
from work_life_firewall.config import load_recipe
from work_life_firewall.world.acts import REFUSES
from work_life_firewall.world.bounds import upper
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reading import Act
from work_life_firewall.world.scoring import WEIGHTS, score
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.week import Recipe, Week

SMALL_MENU: tuple[Act, ...] = ("accept", "counter", "request")
PROVEN, CHECKED = 50, 4
TOLERANCE = 1e-9


@cache
def recipe(scenario: str = "canonical") -> Recipe:
    return load_recipe(scenario)


def week(number: int, scenario: str = "canonical") -> Week:
    return generate(recipe(scenario), seeds("validation", 1, number)[0])


def small(state: WeekState) -> Move:
    """The labels within the small menu."""
    return tuple(
        choice if choice.act in SMALL_MENU else Choice("counter" if choice.act in REFUSES else "accept")
        for choice in labelled(state)
    )


def enumerated(state: WeekState) -> float:
    """The best total of all weeks from here, and on the way that no bound is under what can be reached."""
    if state.end is not None:
        return score(state).total
    best = max(enumerated(branch.state) for branch in every_branch(state, SMALL_MENU))
    assert upper(state, BEST_NOTE, BEST_REFUSAL, WEIGHTS) >= best - TOLERANCE
    return best


def total_of(found: Plan, opening: WeekState) -> float:
    """What the moves of a plan come to when they are played."""
    state = opening
    while state.event is not None:
        state = after(state, found.moves[state.event.id])
    return score(state).total


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, PROVEN, 10))
def test_plans_of_the_reduced_scenario_are_proven_best_by_enumeration(first: int) -> None:
    search = Search(menu=SMALL_MENU, expansions=5000, usual=small)
    for number in range(first, first + 10):
        opening = start(week(number, "reduced"))
        found = plan(opening, search)
        assert found.kind == "exact"
        assert found.value == pytest.approx(enumerated(opening), abs=TOLERANCE)
        assert found.bound == found.value


def test_a_plan_is_worth_what_its_moves_come_to() -> None:
    opening = start(week(0))
    found = plan(opening, QUICK)
    assert total_of(found, opening) == pytest.approx(found.value, abs=TOLERANCE)
    assert score(found.end).total == found.value
    assert plan(opening, QUICK) == found


def test_a_plan_is_no_worse_than_the_labels_and_no_better_than_its_bound() -> None:
    for number in range(CHECKED):
        opening = start(week(number))
        found = plan(opening, Search(width=2, expansions=20))
        assert plan(opening, BY_LABEL).value <= found.value <= found.bound
        assert found.opened <= 20


def test_a_wider_search_finds_no_less() -> None:
    opening = start(week(1))
    assert plan(opening, Search(width=4)).value >= plan(opening, Search(width=1)).value - TOLERANCE


def test_the_bound_falls_along_the_best_week() -> None:
    opening = start(week(2))
    found, state = plan(opening, QUICK), opening
    while state.event is not None:
        assert upper(state, BEST_NOTE, BEST_REFUSAL, WEIGHTS) >= found.value - TOLERANCE
        state = after(state, found.moves[state.event.id])
    assert upper(state, BEST_NOTE, BEST_REFUSAL, WEIGHTS) == pytest.approx(found.value)


@pytest.mark.slow
def test_no_bound_is_under_what_a_beam_reaches_from_wherever_a_week_has_got_to() -> None:
    for number in range(8):
        state, luck = start(week(number)), rng(number, "bound", "moves")
        while state.event is not None:
            assert upper(state, BEST_NOTE, BEST_REFUSAL, WEIGHTS) >= plan(state, Search(width=1)).value - TOLERANCE
            state = luck.choice(every_branch(state, ("accept", "counter", "ask", "delegate", "ignore"))).state


def test_the_worst_week_is_far_under_the_labels() -> None:
    opening = start(week(0))
    assert 0 <= worst_week(week(0)) < plan(opening, BY_LABEL).value - 0.3


def test_thinning_keeps_an_answer_into_every_world_that_could_be_best() -> None:
    opening = start(week(3))
    every, kept = every_branch(opening), branches(opening)
    assert 0 < len(kept) < len(every)
    best_of_all = max(plan(branch.state, BY_LABEL).value for branch in every)
    assert max(plan(branch.state, BY_LABEL).value for branch in kept) == pytest.approx(best_of_all)


def test_an_ended_week_has_no_plan_but_its_score() -> None:
    end = plan(start(week(0)), BY_LABEL).end
    again = plan(end)
    assert (again.value, again.moves, again.kind) == (score(end).total, {}, "exact")
    with pytest.raises(ValueError, match="has ended"):
        labelled(end)


def test_every_act_has_a_worth_and_the_best_no_regret() -> None:
    opening = start(week(0))
    found = acts_at(opening, BY_LABEL)
    assert [entry.act for entry in found] == list(ALL_ACTS)
    assert min(entry.regret for entry in found) == 0.0
    assert all(0 <= entry.q <= 1 and entry.regret >= 0 for entry in found)


@pytest.mark.slow
def test_labels_name_the_side_that_wins_without_the_boundary_part() -> None:
    openings = [start(week(number)) for number in range(30)]
    checks = [check for opening in openings for check in check_labels(opening, plan(opening, BY_LABEL).moves)]
    assert len(checks) == 30 * 7
    assert sum(check.agrees for check in checks) / len(checks) >= 0.95


@pytest.mark.slow
def test_one_step_of_look_ahead_stays_under_the_plan() -> None:
    gaps = [plan_week(week(number), QUICK).value - score(look_ahead(week(number))).total for number in range(20)]
    assert sum(gaps) / len(gaps) >= 0.05
