"""The one function of the world: everything is answered or told as unreached, and luck never depends on decisions."""

from __future__ import annotations

import json

import pytest

from work_life_firewall.world.engine import apply, deeds, start
from work_life_firewall.world.fast import decide
from work_life_firewall.world.ports import Answer, Appraisal
from work_life_firewall.world.reading import Reading
from work_life_firewall.world.scoring import score
from work_life_firewall.world.state import WeekState

from .weeks import Choose, always, answer, at_random, play, reading, recipe, right, week, weeks

POLICIES: dict[str, Choose] = {
    "right": right,
    "random": at_random,
    "greedy": always("accept"),
    "decliner": always("decline"),
    "ignorer": always("ignore"),
}
CANONICAL = [spec.kind for spec in recipe().scenario.events if spec.at]


def _steps(made: WeekState, choose: Choose) -> list[tuple[WeekState, WeekState]]:
    steps, state = [], made
    while state.end is None:
        after = answer(state, choose).state
        steps.append((state, after))
        state = after
    return steps


@pytest.mark.parametrize("name", POLICIES)
def test_every_event_that_came_up_was_answered_once(name: str) -> None:
    for made in weeks(20):
        steps = _steps(start(made), POLICIES[name])
        seen = [before.event.id for before, _ in steps if before.event]
        assert len(seen) == len(set(seen))
        end = steps[-1][1]
        waiting = [queued.id for queued in end.queue]
        assert set(CANONICAL) <= set(seen) | set(waiting)
        assert not set(seen) & set(waiting)
        if end.end == "friday":
            assert set(CANONICAL) <= set(seen)


@pytest.mark.parametrize("name", POLICIES)
def test_time_never_runs_backwards_and_events_come_when_they_are_due(name: str) -> None:
    for made in weeks(10):
        for before, after in _steps(start(made), POLICIES[name]):
            assert after.at >= before.at
            assert after.step == before.step + 1
            assert before.event is not None
            assert before.event.at <= before.at


def test_all_weeks_start_with_the_same_scores() -> None:
    assert len({score(start(made)) for made in [*weeks(30), *weeks(30, "train")]}) == 1


def test_rewards_add_up_to_the_final_score_minus_the_start() -> None:
    for made in weeks(20):
        state = start(made)
        first = last = score(state).total
        rewards = []
        while state.end is None:
            outcome = answer(state, at_random)
            state = outcome.state
            rewards.append(outcome.scores.total - last)
            last = outcome.scores.total
        assert sum(rewards) == pytest.approx(score(state).total - first, abs=1e-9)


def test_a_fork_differs_only_downstream_of_the_changed_reply() -> None:
    for made in weeks(10):
        base = _steps(start(made), right)
        for at in (2, 5):
            state = start(made)
            for before, after in base[:at]:
                assert state == before
                state = after
            event = state.event
            assert event is not None
            forked = answer(state, "ignore" if right(state, f"{event.kind}/1") != "ignore" else "decline").state
            assert forked != base[at][1]
            luck = (forked.week.times, forked.week.seed, forked.week.facts)
            assert luck == (made.times, made.seed, made.facts)


def test_a_fork_with_the_same_reply_is_the_same_week() -> None:
    made = week(4)
    half = play(made, at_random, until="client_mail")
    assert play(made, at_random, until="client_mail") == half
    assert _steps(half, at_random) == _steps(half, at_random)


@pytest.mark.parametrize("name", POLICIES)
def test_a_state_survives_json_text_at_every_step_and_goes_on_the_same(name: str) -> None:
    for made in weeks(4):
        for before, after in _steps(start(made), POLICIES[name]):
            again = WeekState.from_json(json.loads(json.dumps(before.to_json())), made)
            assert again == before
            assert answer(again, POLICIES[name]).state == after


def test_a_state_of_another_format_is_refused() -> None:
    data = start(week()).to_json()
    with pytest.raises(TypeError):
        WeekState.from_json({**data, "mood": 1}, week())
    with pytest.raises(KeyError, match="mood"):
        start(week()).but(mood=1)


def test_changing_some_fields_leaves_the_others() -> None:
    state = start(week())
    assert state.but(energy=0.5, at=7) == state._replace(energy=0.5, at=7)
    assert state.but() == state


def test_nothing_can_be_answered_after_the_end() -> None:
    made = play(week())
    with pytest.raises(ValueError, match="ended"):
        deeds(made, Reading(reader="test", asks=()))


def test_a_reading_must_fit_the_event() -> None:
    state = play(week(), until="slack_pair")
    whole = reading(state, "accept")
    with pytest.raises(ValueError, match="1 asks"):
        apply(state, whole.model_copy(update={"asks": whole.asks[:1]}), {})


def test_a_follow_up_that_is_not_on_the_menu_cannot_happen() -> None:
    state = play(week(), until="client_mail")
    silent = Answer(message="", appraisal=Appraisal())
    wished = silent.model_copy(update={"follow_up": "double_his_salary"})
    assert apply(state, reading(state, "accept"), {"david": wished}) == apply(
        state, reading(state, "accept"), {"david": silent}
    )


def test_a_person_who_says_nothing_leaves_no_line() -> None:
    state = play(week(), until="client_mail")
    silent = apply(state, reading(state, "accept"), {"david": Answer(message="", appraisal=Appraisal())}, "Yes, David.")
    spoken = apply(state, reading(state, "accept"), {"david": Answer(message="Good.", appraisal=Appraisal())}, "Yes.")
    assert [line.who for line in silent.state.log] == ["arjun"]
    assert [line.who for line in spoken.state.log] == ["arjun", "david"]


def test_spawned_events_are_named_in_the_outcome_that_caused_them() -> None:
    told: set[str] = set()
    for made in weeks(20):
        state = start(made)
        while state.end is None:
            outcome = decide(state, reading(state, at_random))
            state = outcome.state
            waiting = {queued.id for queued in state.queue} | ({state.event.id} if state.event else set())
            assert set(outcome.spawned) <= waiting
            told |= set(outcome.spawned)
    assert told


def test_a_week_that_never_ends_is_cut_off() -> None:
    state = start(week()).but(step=39)
    assert answer(state, "ignore").state.end == "truncated"
