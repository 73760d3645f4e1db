"""What rules share: promises, refusals of a real need, and the queue."""

from __future__ import annotations

import pytest

from work_life_firewall.world.clock import DAY_MINUTES, Moment, at_time
from work_life_firewall.world.reading import Act
from work_life_firewall.world.rules.common import DEMO, LATEST_GRACE, enqueue, meet, overlooked, promise, refuse
from work_life_firewall.world.tuning import TUNING

from ..weeks import deed, facing, trust, week_with

REAL, LIGHT = week_with(client_scope="inside"), week_with(client_scope="outside")
TEN = at_time(1, 10)


def test_a_promise_is_due_when_it_was_wanted_unless_he_says_when() -> None:
    state = facing(REAL, "client_mail", TEN)
    wanted = TEN + REAL.spec("client_mail/1").due_minutes
    said = Moment(day=1, minute=900)
    assert promise(state, deed(state, "accept"), 60).promises[0].due == wanted
    assert promise(state, deed(state, "accept", due=said), 60).promises[0].due == said.at


def test_a_promised_time_in_the_past_is_none_and_none_is_later_than_grace_or_the_demo() -> None:
    state = facing(REAL, "slack_pair", at_time(0, 11))
    wanted = at_time(0, 11) + REAL.spec("slack_pair/1").due_minutes
    past, far = deed(state, "act", due=Moment(day=0, minute=100)), deed(state, "act", due=Moment(day=4, minute=1000))
    assert promise(state, past, 60).promises[0].due == wanted
    assert promise(state, far, 60).promises[0].due == wanted + LATEST_GRACE
    late = facing(REAL, "client_mail", DEMO - 60)
    assert promise(late, deed(late, "accept"), 60).promises[0].due == DEMO


def test_a_promise_is_also_in_the_mind_of_who_was_promised() -> None:
    state = facing(REAL, "client_mail", TEN)
    (note,) = promise(state, deed(state, "accept"), 60).minds["david"].promises
    assert note.status == "open"


def test_minutes_come_from_the_scenario_by_how_real_the_need_is() -> None:
    spec = REAL.spec("client_mail/1")
    assert deed(facing(REAL, "client_mail", TEN), "accept").minutes == spec.minutes
    assert deed(facing(LIGHT, "client_mail", TEN), "accept").minutes == spec.light_minutes


def test_a_real_need_is_met_once() -> None:
    state = facing(REAL, "client_mail", TEN)
    once = meet(state, deed(state, "accept"))
    assert trust(once, "david") > trust(state, "david")
    assert meet(once, deed(state, "accept")) is once
    light = facing(LIGHT, "client_mail", TEN)
    assert meet(light, deed(light, "accept")) is light


def test_a_real_need_refused_hurts_twice_and_less_the_second_time() -> None:
    state = facing(REAL, "client_mail", TEN)
    no = deed(state, "decline")
    once, twice = overlooked(state, no), overlooked(overlooked(state, no), no)
    assert trust(state, "david") - trust(once, "david") > trust(once, "david") - trust(twice, "david") > 0
    assert once.threads["client_mail/1"].unmet
    assert overlooked(twice, no) is twice


def _rework(act: Act) -> float:
    state = facing(REAL, "client_mail", TEN)
    return refuse(state, deed(state, act)).backlog - state.backlog


def test_half_of_the_rework_comes_back_each_round_and_less_when_something_was_offered() -> None:
    half = TUNING.rework_minutes * TUNING.rework_round
    assert _rework("decline") == pytest.approx(half)
    assert _rework("defer") == _rework("counter") == pytest.approx(half * TUNING.partial_harm)


def test_a_light_need_refused_costs_a_note_at_most() -> None:
    state = facing(LIGHT, "client_mail", TEN)
    assert refuse(state, deed(state, "decline")) == state
    offered = refuse(state, deed(state, "counter"))
    assert offered.owed - state.owed == TUNING.alternative_minutes
    assert offered.backlog == state.backlog


def test_spawned_events_have_ids_of_their_own_and_come_at_most_so_often() -> None:
    state = facing(REAL, "client_mail", TEN)
    for number in range(20):
        state = enqueue(state, TEN + number, "nudge", "priya", "slack_pair/1")
    most = REAL.events["nudge"].most
    assert [queued.id for queued in state.queue] == [f"nudge@priya#{n + 1}" for n in range(most)]


def test_nothing_follows_after_the_demo_and_unknown_kinds_never() -> None:
    state = facing(REAL, "client_mail", TEN)
    assert enqueue(state, DEMO + 60, "nudge", "priya", "slack_pair/1") is state
    assert enqueue(state, TEN, "earthquake", "priya") is state


def test_what_would_come_on_a_granted_thursday_comes_on_friday() -> None:
    state = facing(REAL, "client_mail", TEN).but(leave="granted")
    (queued,) = enqueue(state, at_time(3, 12), "nudge", "priya", "slack_pair/1").queue
    assert queued.at == at_time(3, 12) + DAY_MINUTES
