"""Tasks, the blocker, the form and the spawned asks: both needs, taken and refused."""

from __future__ import annotations

import pytest

from work_life_firewall.world.clock import at_time
from work_life_firewall.world.passage import advance
from work_life_firewall.world.reading import Act
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.tuning import TUNING

from ..weeks import do, facing, trust, week, week_with

NOON = at_time(1, 12)
NIGHT = at_time(2, 2)


def test_a_task_taken_on_is_one_promise_however_often_he_says_yes() -> None:
    state = facing(week_with(client_scope="inside"), "client_mail", NOON)
    once = do(state, "accept")
    assert [entry.to for entry in once.promises] == ["david"]
    assert len(do(once, "accept").promises) == 1


def test_a_task_refused_costs_rework_only_when_the_need_was_real() -> None:
    for scope in ("inside", "outside"):
        state = facing(week_with(client_scope=scope), "client_mail", NOON)
        after = do(state, "decline")
        assert after.promises == ()
        assert (after.backlog > state.backlog) == (scope == "inside")
        assert do(state, "ask") == state


@pytest.mark.parametrize("act", ["decline", "ask", "ignore"])
def test_a_hard_blocker_blocks_until_the_promise_is_kept(act: Act) -> None:
    state = facing(week_with(priya_blocker="hard"), "slack_pair", NOON)
    assert do(state, act).blocked
    taken = do(state, "accept").but(event=None)
    assert taken.blocked
    done = advance(taken, NOON + 240)
    assert done.promises[0].status == "kept"
    assert not done.blocked


def test_a_soft_blocker_blocks_nobody_and_eats_more() -> None:
    hard, soft = (facing(week_with(priya_blocker=value), "slack_pair", NOON) for value in ("hard", "soft"))
    assert not do(soft, "decline").blocked
    assert do(soft, "accept").promises[0].left > do(hard, "accept").promises[0].left


def test_the_review_belongs_to_rahul() -> None:
    state = facing(week_with(rahul_review="owner"), "slack_pair", NOON)
    assert do(state, "accept", number=2).promises[0].to == "rahul"
    assert trust(do(state, "decline", number=2), "rahul") < trust(state, "rahul")


def test_the_form_is_a_promise_or_stays_open() -> None:
    state = facing(week(), "appraisal", at_time(2, 11))
    taken = do(state, "accept")
    assert [entry.left for entry in taken.promises] == [state.form]
    assert len(do(taken, "accept").promises) == 1
    assert trust(do(state, "decline"), "sundar") < trust(state, "sundar")
    assert do(state, "ignore") == state


def test_the_form_filled_in_is_off_the_list() -> None:
    done = advance(do(facing(week(), "appraisal", at_time(2, 11)), "accept").but(event=None), at_time(2, 18))
    assert done.form == 0.0


def test_the_late_form_costs_time_or_more_trust() -> None:
    state = facing(week(), "appraisal_late", at_time(4, 11))
    done, left = do(state, "act"), do(state, "decline")
    assert done.form == 0.0
    assert done.owed > state.owed
    assert left.form == state.form
    assert trust(left, "sundar") < trust(done, "sundar") < trust(state, "sundar")


def test_an_escalation_is_repaired_by_a_note_or_two_people_lose_patience() -> None:
    state = facing(week(), "client_escalation", NOON)
    assert state.event is not None
    state = state._replace(event=state.event._replace(about="client_mail/1"))
    assert do(state, "accept").promises[0].to == "sundar"
    after = do(state, "decline")
    assert trust(after, "sundar") < trust(state, "sundar")
    assert trust(after, "david") < trust(state, "david")


def test_scope_creep_is_a_promise_or_nothing() -> None:
    for scope in ("inside", "outside"):
        state = facing(week_with(client_scope=scope), "scope_creep", at_time(3, 12))
        spec = state.week.spec("scope_creep/1")
        assert do(state, "accept").promises[0].left == (spec.minutes if scope == "inside" else spec.light_minutes)
        assert do(state, "counter") == state


def test_a_returned_favour_takes_work_off_the_sprint_never_more_than_there_is() -> None:
    state = facing(week(), "favour", NOON, "priya", "slack_pair/1")
    minutes = state.week.spec("favour/1").minutes
    assert state.backlog - do(state, "accept").backlog == minutes
    nearly = state.but(done=state.backlog - 10)
    assert do(nearly, "accept").backlog == nearly.done
    assert do(state, "decline") == state


def test_after_too_little_sleep_presenting_takes_an_hour_and_moving_it_rests() -> None:
    state = facing(week(), "sleep_debt", at_time(2, 9, 40)).but(energy=0.4)
    assert do(state, "accept").owed > state.owed
    assert do(state, "defer").energy > state.energy
    assert trust(do(state, "ignore"), "sundar") < trust(state, "sundar")


def _paged(act: Act) -> WeekState:
    return do(facing(week(), "pager_night", NIGHT, about="oncall_swap/1"), act)


def test_a_page_takes_sleep_hands_it_on_or_comes_back_in_the_morning() -> None:
    fixed, handed, ignored = _paged("act"), _paged("delegate"), _paged("ignore")
    assert fixed.short == TUNING.page_sleep_lost
    assert fixed.energy < handed.energy
    assert handed.short == ignored.short == TUNING.page_handed_lost
    assert handed.owed == 0.0
    spread = abs(ignored.owed / TUNING.page_ignored_minutes - 1)
    assert spread <= TUNING.page_ignored_spread
    assert trust(ignored, "rahul") < trust(handed, "rahul") < trust(fixed, "rahul")
