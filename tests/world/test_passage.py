"""Time passes by segments: promises, evenings, sleep, the day off, nights on call and the end."""

from __future__ import annotations

import pytest

from work_life_firewall.world.clock import DAY_MINUTES, WEEK_END, at_time
from work_life_firewall.world.engine import start
from work_life_firewall.world.passage import advance, off_on, sprint_rate
from work_life_firewall.world.state import Promise, WeekState
from work_life_firewall.world.tuning import TUNING

from .weeks import play, trust, week, week_with, weeks

NINE = at_time(1, 9)


def _quiet(at: int = NINE, **changed: object) -> WeekState:
    """A week with nothing on its way, staging up, and a sprint that presses nobody."""
    state = start(week_with(leave_cover="uncovered"))
    calm = state.but(event=None, queue=(), at=at, restored=0, backlog=2000.0, done=1500.0, form=0.0)
    return calm.but(**changed)


def _promise(due: int, left: float, to: str = "david", thread: str = "client_mail/1", what: str = "it") -> Promise:
    return Promise(thread, to, what, due, left)


def test_a_promise_that_fits_is_kept_and_remembered() -> None:
    before = _quiet(promises=(_promise(at_time(1, 16), 60.0),))
    after = advance(before, at_time(1, 17))
    assert [(p.status, p.left) for p in after.promises] == [("kept", 0.0)]
    assert trust(after, "david") > trust(before, "david")


def test_a_promise_that_does_not_fit_is_broken_when_due() -> None:
    before = _quiet(promises=(_promise(at_time(1, 16), 900.0),))
    just, after = advance(before, at_time(1, 15, 59)), advance(before, at_time(1, 16))
    assert just.promises[0].status == "open"
    assert after.promises[0].status == "broken"
    assert trust(after, "david") == pytest.approx(trust(before, "david") - TUNING.broken)


def test_the_earliest_due_promise_is_worked_on_first_whatever_the_order_of_promising() -> None:
    late, early = _promise(at_time(1, 18), 120.0, "david"), _promise(at_time(1, 15), 120.0, "priya", "slack_pair/1")
    after = advance(_quiet(promises=(late, early)), at_time(1, 13))
    left = {p.to: p.left for p in after.promises}
    assert left["priya"] < left["david"]


def test_what_is_owed_comes_before_promises_and_promises_before_the_sprint() -> None:
    before = _quiet(owed=60.0, promises=(_promise(at_time(1, 18), 75.0),))
    an_hour = advance(before, at_time(1, 11, 45))
    assert (an_hour.owed, an_hour.promises[0].left, an_hour.done) == (0.0, 75.0, before.done)
    assert advance(before, at_time(1, 13)).done == before.done
    assert advance(before, at_time(1, 15)).done > before.done


def test_every_minute_of_focus_is_accounted_for() -> None:
    before = _quiet(owed=30.0, promises=(_promise(at_time(1, 18), 75.0),))
    after = advance(before, at_time(1, 18, 30))
    assert after.energy > TUNING.focus_knee
    assert after.done - before.done == pytest.approx(420 - 30 - 75)


def test_the_sprint_slows_with_staging_down_and_with_low_energy() -> None:
    assert sprint_rate(_quiet()) == 1.0
    assert sprint_rate(_quiet(restored=-1)) == pytest.approx(TUNING.staging_down_rate)
    assert TUNING.focus_floor < sprint_rate(_quiet(energy=0.3)) < 1.0
    up, down = advance(_quiet(), at_time(1, 18, 30)), advance(_quiet(restored=-1), at_time(1, 18, 30))
    assert down.done - 1500 == pytest.approx((up.done - 1500) * TUNING.staging_down_rate)


def test_staging_comes_back_at_its_minute() -> None:
    after = advance(_quiet(restored=-1, restore_at=at_time(1, 11, 7)), at_time(1, 12))
    assert after.restored == at_time(1, 11, 7)


def test_an_evening_is_worked_only_for_what_is_due_and_drains_more() -> None:
    evening = at_time(1, 18, 30)
    free = advance(_quiet(evening), at_time(1, 20, 30))
    due = advance(_quiet(evening, promises=(_promise(at_time(2, 11), 90.0),)), at_time(1, 20, 30))
    later = advance(_quiet(evening, promises=(_promise(at_time(4, 11), 90.0),)), at_time(1, 20, 30))
    assert free.energy == later.energy == _quiet().energy
    assert due.promises[0].status == "kept"
    assert free.energy - due.energy == pytest.approx(TUNING.drain_hour * TUNING.overtime_drain * 1.5)


def test_late_evening_work_drains_more_than_early_evening_work() -> None:
    late = advance(_quiet(at_time(1, 20, 30), promises=(_promise(at_time(2, 11), 60.0),)), at_time(1, 22, 30))
    assert _quiet().energy - late.energy == pytest.approx(TUNING.drain_hour * TUNING.night_drain)


def test_being_overbooked_drains_more() -> None:
    booked = _quiet(promises=(_promise(at_time(4, 11), TUNING.overbooked_minutes + 500),))
    spent = _quiet().energy - advance(booked, at_time(1, 13)).energy
    plain = _quiet().energy - advance(_quiet(), at_time(1, 13)).energy
    assert spent == pytest.approx(plain * TUNING.overbooked_drain)


def test_a_sprint_that_will_not_fit_takes_the_evenings() -> None:
    evening = at_time(2, 18, 30)
    behind = _quiet(evening, backlog=9000.0)
    after = advance(behind, at_time(2, 20, 30))
    assert after.done > behind.done
    assert after.energy < behind.energy
    assert advance(_quiet(at_time(0, 18, 30), backlog=9000.0), at_time(0, 20, 30)).done == 1500.0


def test_sleep_restores_what_the_night_leaves_of_it() -> None:
    evening = _quiet(at_time(1, 22, 30), energy=0.5)
    whole, short = advance(evening, at_time(2, 7)), advance(evening.but(short=120.0), at_time(2, 7))
    assert whole.energy == pytest.approx(0.5 + TUNING.sleep_hours * TUNING.sleep_hour)
    assert short.energy == pytest.approx(0.5 + (TUNING.sleep_hours - 2) * TUNING.sleep_hour)
    assert short.short == 0.0
    assert advance(evening.but(energy=0.9), at_time(2, 7)).energy == TUNING.rested


def test_a_morning_after_too_little_sleep_brings_sundars_question() -> None:
    after = advance(_quiet(at_time(1, 22, 30), energy=0.1), at_time(2, 12))
    assert [queued.kind for queued in after.queue] == ["sleep_debt"]
    assert advance(_quiet(at_time(1, 22, 30), energy=0.8), at_time(2, 12)).queue == ()


def test_energy_under_the_limit_ends_the_week() -> None:
    after = advance(_quiet(energy=0.07), WEEK_END)
    assert after.end == "burnout"
    assert after.energy < TUNING.burnout
    assert after.at < at_time(1, 18, 30)


def test_a_granted_thursday_is_off_and_rests() -> None:
    wednesday = at_time(2, 20)
    off = advance(_quiet(wednesday, leave="granted", energy=0.5, done=1900.0), at_time(3, 18, 30))
    at_work = advance(_quiet(wednesday, leave="refused", energy=0.5, done=1900.0), at_time(3, 18, 30))
    assert off_on(off, 3)
    assert not off_on(at_work, 3)
    assert off.done == 1900.0 < at_work.done
    assert off.energy > 0.5 + TUNING.sleep_hours * TUNING.sleep_hour > at_work.energy


def test_a_missed_wedding_of_the_family_hurts_and_a_distant_one_does_not() -> None:
    near = start(week_with(leave_cover="covered")).week
    wednesday = at_time(2, 22, 30)
    distant = advance(_quiet(wednesday, energy=0.5), at_time(3, 7))
    missed = advance(_quiet(wednesday, energy=0.5, week=near), at_time(3, 7))
    granted = advance(_quiet(wednesday, energy=0.5, week=near, leave="granted"), at_time(3, 7))
    assert distant.energy - missed.energy == pytest.approx(TUNING.missed_family)
    assert granted.energy == distant.energy


def _pages(nights: tuple[int, ...]) -> list[bool]:
    paged = []
    for made in weeks(120):
        state = _quiet(at_time(1, 18), week=made, nights=nights)
        after = advance(state, at_time(2, 5))
        assert advance(state, at_time(2, 5)) == after
        paged.append(any(queued.kind == "pager_night" for queued in after.queue))
    return paged


def test_the_pager_goes_by_luck_and_more_in_a_row_of_nights() -> None:
    quiet, release = _pages((1,)), _pages((1, 2, 3))
    assert 0 < sum(quiet) / len(quiet) < 0.3
    assert sum(release) / len(release) > 0.75
    assert sum(_pages(())) == 0


def test_a_late_call_takes_energy_and_sleep() -> None:
    evening = _quiet(at_time(1, 22), energy=0.6)
    free, called = advance(evening, at_time(1, 23)), advance(evening.but(calls=(1,)), at_time(1, 23))
    assert called.short == TUNING.call_sleep_lost
    assert called.energy < free.energy
    assert called.owed == 0.0
    assert advance(evening.but(calls=(1, 2, 3)), at_time(1, 23)).owed == TUNING.call_prep
    assert advance(evening.but(calls=(1,)), at_time(2, 7)).energy < advance(evening, at_time(2, 7)).energy


def test_evenings_are_noted_once_a_day() -> None:
    after = advance(_quiet(at_time(0, 9)), WEEK_END)
    assert len(after.evenings) == 5
    assert after.evenings[-1] == after.energy


def test_the_demo_latches_whether_the_sprint_was_done() -> None:
    friday = at_time(4, 15)
    done, not_done = (advance(_quiet(friday, done=value), WEEK_END) for value in (2000.0, 100.0))
    assert done.delivered
    assert not not_done.delivered


def test_a_demo_without_priyas_help_is_prepared_alone() -> None:
    state = _quiet(at_time(4, 9))
    cold = state.but(minds={**state.minds, "priya": state.minds["priya"]._replace(trust=0.2)})
    assert advance(cold, at_time(4, 10)).owed == TUNING.prep_minutes
    assert advance(state, at_time(4, 10)).owed == 0.0


def test_advancing_in_steps_or_at_once_comes_to_the_same() -> None:
    state = _quiet(promises=(_promise(at_time(2, 16), 200.0),), calls=(1,))
    at_once, in_steps = advance(state, at_time(3, 12)), state
    for at in range(NINE, at_time(3, 12) + 1, 177):
        in_steps = advance(in_steps, at)
    in_steps = advance(in_steps, at_time(3, 12))
    assert in_steps.energy == pytest.approx(at_once.energy, abs=1e-9)
    assert in_steps.done == pytest.approx(at_once.done, abs=1e-6)
    assert in_steps.promises == at_once.promises


def test_it_stops_at_an_event_that_it_brings_about() -> None:
    state = _quiet(at_time(1, 22, 30), energy=0.1)
    assert advance(state, at_time(2, 12)).at == at_time(2, 0) + 580


def test_a_right_week_ends_on_friday_evening() -> None:
    assert play(week()).at == WEEK_END < 5 * DAY_MINUTES
