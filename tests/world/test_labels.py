"""Labels are earned: for each ask and label the labelled side wins on the four components beside boundary."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from work_life_firewall.world.reading import Act
from work_life_firewall.world.reference import right_act
from work_life_firewall.world.scenario import Need
from work_life_firewall.world.scoring import WEIGHTS, score
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.week import Week

from .weeks import play, recipe, weeks

pytestmark = pytest.mark.slow
WEEKS = 60
MARGIN = 0.03
RIGHT_SIGN = 0.95
REFUSALS: tuple[Act, ...] = ("decline", "counter", "defer")
CANONICAL = [spec for spec in recipe().scenario.events if spec.at]
ASKS = [f"{spec.kind}/{ask.id}" for spec in CANONICAL for ask in spec.asks]
SIDES: list[tuple[str, Need]] = [
    *((ask, "real") for ask in ASKS),
    *((f"{spec.kind}/{ask.id}", "light") for spec in CANONICAL for ask in spec.asks if ask.refuse_when),
]
"""Every ask with every label it can have."""


class Difference(NamedTuple):
    """What the labelled side of one ask is worth in one week, on the components beside boundary."""

    ask: str
    need: Need
    worth: float


def _beside_boundary(state: WeekState) -> float:
    scores = score(state)
    return scores.total - WEIGHTS.boundary_setting * scores.boundary_setting


def _other_side(week: Week, ask: str) -> tuple[Act, ...]:
    """What the label says no to: taking a light ask on, or the best ways of refusing a real one."""
    best = week.spec(ask).best
    return (best.real[0],) if week.need(ask) == "light" else best.light or REFUSALS


def _deviating(week: Week, ask: str, act: Act) -> float:
    """The worth of a week in which one thread is answered against its label, and all else by the labels."""
    return _beside_boundary(play(week, lambda state, thread: act if thread == ask else right_act(state, thread)))


def _week_differences(week: Week) -> Iterator[Difference]:
    labelled = _beside_boundary(play(week))
    for ask in ASKS:
        other = max(_deviating(week, ask, act) for act in _other_side(week, ask))
        yield Difference(ask, week.need(ask), labelled - other)


@cache
def _differences() -> tuple[Difference, ...]:
    return tuple(difference for week in weeks(WEEKS) for difference in _week_differences(week))


@pytest.mark.parametrize(("ask", "need"), SIDES)
def test_the_labelled_side_wins(ask: str, need: Need) -> None:
    worth = [difference.worth for difference in _differences() if difference[:2] == (ask, need)]
    assert len(worth) >= 10
    assert sum(worth) / len(worth) >= MARGIN


def test_labels_have_the_right_sign_nearly_always() -> None:
    worth = [difference.worth for difference in _differences()]
    assert sum(value > 0 for value in worth) / len(worth) >= RIGHT_SIGN
