"""The leave: withdrawn, insisted on, decided by trust, manner, cover and luck."""

from __future__ import annotations

import pytest

from work_life_firewall.world.clock import DAY_MINUTES, at_time
from work_life_firewall.world.reading import Act
from work_life_firewall.world.rules.common import DEMO
from work_life_firewall.world.rules.leave import DECIDES, decide
from work_life_firewall.world.state import Promise, Queued, WeekState
from work_life_firewall.world.tuning import TUNING

from ..weeks import do, facing, trust, week_with, weeks

ASKED = at_time(1, 12)


def _leave(cover: str = "covered") -> WeekState:
    return facing(week_with(leave_cover=cover), "leave", ASKED)


def test_giving_in_settles_it() -> None:
    for cover in ("covered", "uncovered"):
        after = do(_leave(cover), "accept")
        assert (after.leave, after.decide_at) == ("refused", -1)
        assert do(after, "request") is after


@pytest.mark.parametrize("act", ["request", "escalate", "decline", "counter"])
def test_insisting_puts_it_up_for_decision(act: Act) -> None:
    after = do(_leave(), act)
    assert after.decide_at == DECIDES
    assert 0.0 < after.leave_odds <= 1.0


@pytest.mark.parametrize("act", ["ask", "ignore", "acknowledge", "unclear"])
def test_an_open_answer_decides_nothing(act: Act) -> None:
    assert do(_leave(), act) == _leave()


def test_odds_grow_with_trust_and_cover_and_a_clear_request() -> None:
    state = _leave()
    base = do(state, "decline").leave_odds
    trusted = state.but(minds={**state.minds, "sundar": state.minds["sundar"]._replace(trust=0.2)})
    assert do(trusted, "decline").leave_odds < base < do(state, "request").leave_odds + 1e-9
    assert do(_leave("uncovered"), "decline").leave_odds < base


def test_insisting_in_demo_week_without_cover_costs_trust() -> None:
    state = _leave("uncovered")
    assert trust(do(state, "request"), "sundar") < trust(state, "sundar")


def test_a_decision_grants_refuses_or_says_nothing_by_luck() -> None:
    seen = set()
    for made in weeks(40):
        state = facing(made, "leave", ASKED).but(event=None, leave_odds=0.5, at=DECIDES)
        after = decide(state)
        seen.add((after.leave, after.queue[0].kind if after.queue else ""))
        assert decide(state) == after
        assert after.decide_at == -1
    assert seen == {("granted", ""), ("refused", "leave_refused"), ("pending", "leave_silent")}


def test_a_second_no_is_final() -> None:
    state = _leave().but(event=None, leave_odds=0.0, leave_round=1)
    assert decide(state).leave == "refused"
    assert decide(state).queue == ()


@pytest.mark.parametrize("kind", ["leave_refused", "leave_silent"])
def test_a_second_request_is_decided_before_thursday_and_weighs_less(kind: str) -> None:
    state = facing(week_with(leave_cover="covered"), kind, DECIDES + 20).but(leave="refused")
    after = do(state, "request")
    assert after.leave == "pending"
    assert DECIDES < after.decide_at <= at_time(3, 9)
    assert after.leave_odds < do(_leave(), "request").leave_odds


def _granted(cover: str, rahul: float = 0.9) -> tuple[WeekState, WeekState]:
    state = _leave(cover).but(event=None, leave_odds=1.1, at=DECIDES)
    state = state.but(minds={**state.minds, "rahul": state.minds["rahul"]._replace(trust=rahul)})
    return state, decide(state)


def test_cover_does_most_of_the_day_when_it_stands_and_the_helper_is_willing() -> None:
    before, after = _granted("covered")
    assert after.leave == "granted"
    assert before.backlog - after.backlog == pytest.approx(420 * TUNING.cover_share)
    for cover, rahul in (("uncovered", 0.9), ("covered", 0.3)):
        before, after = _granted(cover, rahul)
        assert after.backlog == before.backlog


def test_what_thursday_held_moves_to_friday() -> None:
    state = _leave().but(event=None, leave_odds=1.1, at=DECIDES)
    thursday = at_time(3, 17)
    state = state.but(
        promises=(Promise("client_mail/1", "david", "it", thursday, 60.0),),
        queue=(Queued(at_time(3, 11), "nudge@priya#1", "nudge", "priya", "slack_pair/1"),),
    )
    after = decide(state)
    assert after.promises[0].due == min(thursday + DAY_MINUTES, DEMO)
    assert after.queue[0].at == at_time(4, 11)
