"""Staging, the pager and the late call: both needs, taken and refused."""

from __future__ import annotations

import pytest

from work_life_firewall.world.clock import at_time
from work_life_firewall.world.reading import Act
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.tuning import TUNING

from ..weeks import do, facing, trust, week_with

SIX = at_time(0, 6)
EVENING = at_time(1, 17)


def _staging(owner: str) -> WeekState:
    return facing(week_with(staging_owner=owner), "staging", SIX)


def test_fixing_what_is_his_takes_an_early_hour_and_brings_it_back() -> None:
    state = _staging("arjun")
    after = do(state, "act")
    assert after.restore_at == SIX + state.week.spec("staging/1").minutes
    assert after.energy < state.energy
    assert after.backlog == state.backlog
    assert after.threads["staging/1"].met


def test_fixing_what_another_is_changing_takes_longer_and_collides() -> None:
    state = _staging("rahul")
    after = do(state, "act")
    assert after.restore_at == SIX + (state.week.spec("staging/1").light_minutes or 0)
    assert after.backlog - state.backlog == TUNING.collision_minutes
    assert after.energy < do(_staging("arjun"), "act").energy


@pytest.mark.parametrize(
    ("act", "to", "wait"),
    [
        ("delegate", ("rahul",), TUNING.owner_fix),
        ("escalate", (), TUNING.owner_fix),
        ("delegate", ("priya",), TUNING.owner_unasked_fix),
        ("ignore", (), TUNING.owner_unasked_fix),
    ],
)
def test_the_owner_has_it_back_sooner_when_told(act: Act, to: tuple[str, ...], wait: float) -> None:
    after = do(_staging("rahul"), act, to=to)
    assert after.restore_at == SIX + wait
    assert after.backlog == _staging("rahul").backlog


@pytest.mark.parametrize("act", ["decline", "delegate", "ignore"])
def test_with_no_owner_it_stays_down_for_hours(act: Act) -> None:
    state = _staging("arjun")
    after = do(state, act)
    assert after.restore_at == SIX + TUNING.nobody_fix
    assert after.backlog > state.backlog
    assert trust(after, "rahul") < trust(state, "rahul")


@pytest.mark.parametrize("owner", ["arjun", "rahul"])
def test_a_question_keeps_him_up_and_leaves_staging_as_it_is(owner: str) -> None:
    before = _staging(owner)
    after = do(before, "ask")
    assert after.energy < before.energy
    assert after.but(energy=before.energy) == before


def test_what_is_up_needs_no_fixing() -> None:
    state = _staging("arjun").but(restored=SIX)
    assert do(state, "act") is state


def _oncall(reason: str) -> WeekState:
    return facing(week_with(oncall_reason=reason), "oncall_swap", EVENING)


def test_an_emergency_takes_one_night_and_a_trip_takes_three() -> None:
    assert do(_oncall("emergency"), "accept").nights == (1,)
    assert do(_oncall("convenience"), "accept").nights == (1, 2, 3)


def test_a_swap_late_in_the_week_ends_before_the_demo() -> None:
    state = facing(week_with(oncall_reason="convenience"), "oncall_swap", at_time(2, 17))
    assert do(state, "accept").nights == (2, 3)


def test_a_refused_swap_leaves_the_nights_free() -> None:
    for reason in ("emergency", "convenience"):
        state = _oncall(reason)
        after = do(state, "decline")
        assert after.nights == ()
        assert (after.backlog > state.backlog) == (reason == "emergency")
        assert do(state, "ask") == state


def _standup(item: str) -> WeekState:
    return facing(week_with(standup_item=item), "late_standup", EVENING)


def test_a_call_with_his_item_is_one_night_and_an_empty_one_becomes_a_habit() -> None:
    assert do(_standup("item"), "accept").calls == (1,)
    assert do(_standup("none"), "accept").calls == (1, 2, 3)


def test_a_refused_call_costs_only_when_his_part_is_on_the_agenda() -> None:
    item, none = _standup("item"), _standup("none")
    assert do(item, "decline").backlog > item.backlog
    assert do(none, "decline") == none
    assert do(none, "ask") == none
