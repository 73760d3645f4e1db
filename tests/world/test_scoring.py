"""The rubric: five components in range, the caps and zeros it promises, and what earns a good note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.world.engine import start
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reading import ACTS, Act, Qualities
from work_life_firewall.world.reference import GOOD, said
from work_life_firewall.world.scoring import (
    COMPONENTS,
    UNRESOLVED_CAP,
    WEIGHTS,
    boundary,
    energy,
    fit,
    refusal_quality,
    relationships,
    reply_note,
    score,
    technical,
)
from work_life_firewall.world.state import Thread, WeekState

from .weeks import always, answer, deed, play, right, week, weeks

units = st.floats(0, 1)


def test_the_weights_are_those_of_the_design_and_sum_to_one() -> None:
    assert WEIGHTS == (0.25, 0.25, 0.20, 0.20, 0.10)
    assert sum(WEIGHTS) == pytest.approx(1.0)
    assert len(COMPONENTS) == 5


@pytest.mark.parametrize("act", ACTS)
def test_scores_are_in_range_at_every_moment(act: Act) -> None:
    for made in weeks(6):
        state = start(made)
        while state.end is None:
            assert all(0.0 <= value <= 1.0 for value in score(state))
            state = answer(state, act).state
        assert 0.0 <= score(state).total <= 1.0


def _solved(**changed: object) -> WeekState:
    return start(week()).but(restored=0, delivered=True, done=1e6, **changed)


def test_technical_is_capped_until_staging_is_up_and_priya_can_work() -> None:
    assert technical(_solved()) == pytest.approx(1.0)
    assert technical(_solved(blocked=True)) == UNRESOLVED_CAP
    assert technical(_solved()._replace(restored=-1)) == UNRESOLVED_CAP


def test_a_later_restore_and_a_missed_sprint_cost() -> None:
    early, late = technical(_solved()), technical(_solved().but(restored=1500))
    assert late < early
    assert technical(_solved().but(delivered=False)) < early - 0.3


@pytest.mark.parametrize("act", ACTS)
def test_one_act_for_everything_earns_no_boundary(act: Act) -> None:
    for made in weeks(10):
        assert score(play(made, always(act))).boundary_setting == 0.0


def _with_threads(*threads: tuple[str, Act | None]) -> WeekState:
    made = {
        str(n): Thread("priya", need, first_act=act, first_quality=1.0)  # type: ignore[arg-type]
        for n, (need, act) in enumerate(threads)
    }
    return start(week()).but(threads=made)


def test_boundary_is_the_root_of_both_shares_times_quality() -> None:
    assert boundary(_with_threads(("light", "decline"), ("real", "accept"))) == 1.0
    half = _with_threads(("light", "decline"), ("light", "accept"), ("real", "accept"))
    assert boundary(half) == pytest.approx(0.5**0.5)
    assert boundary(_with_threads(("light", "decline"), ("real", "counter"))) == 0.0
    assert boundary(_with_threads(("light", None), ("real", "accept"))) == 0.0


@given(units, units, units)
def test_the_quality_of_a_no_grows_with_reason_alternative_and_next_step(
    reason: float, alternative: float, step: float
) -> None:
    no = said("x/1", "decline", "priya", Qualities(reason=reason, alternative=alternative, next_step=step))
    assert refusal_quality(no) == pytest.approx(0.4 + 0.2 * (reason + alternative + step))


def test_energy_looks_at_the_last_and_the_lowest_evening() -> None:
    state = start(week())
    good, dip, end = (0.9,) * 5, (0.9, 0.4, 0.9, 0.9, 0.9), (0.9, 0.9, 0.9, 0.9, 0.4)
    assert energy(state) == 1.0
    assert energy(state.but(evenings=good)) == 1.0
    assert energy(state.but(evenings=end)) < energy(state.but(evenings=dip)) < 1.0


def test_a_burn_out_leaves_no_energy_and_no_delivery() -> None:
    tired = start(week()).but(energy=0.06, queue=(), event=None, end=None)
    burnt = answer(start(week()).but(energy=0.02), "ignore").state
    assert tired.end is None
    assert burnt.end == "burnout"
    assert energy(burnt) == 0.0
    assert not burnt.delivered


def test_one_broken_relation_weighs_more_than_its_share() -> None:
    state = start(week())
    minds = {who: mind._replace(trust=0.75) for who, mind in state.minds.items()}
    one = {**minds, "david": minds["david"]._replace(trust=0.35)}
    spread = {who: mind._replace(trust=0.65) for who, mind in minds.items()}
    assert relationships(state.but(minds=one)) < relationships(state.but(minds=spread))


def test_the_note_of_a_reply_grows_with_every_quality_and_halves_with_every_repeat() -> None:
    done = deed(start(week()), right(start(week()), "staging/1"))
    whole = reply_note(done.reading, done, 0)
    for name in ("clarity", "courtesy", "register_", "reason", "next_step", "relevance"):
        poorer = done.reading.model_copy(update={"qualities": GOOD.model_copy(update={name: 0.1})})
        assert reply_note(poorer, done, 0) < whole, name
    assert [reply_note(done.reading, done, n) for n in (1, 2)] == [whole / 2, whole / 4]
    pushed = done.reading.model_copy(update={"qualities": GOOD.model_copy(update={"instruction_like": 1.0})})
    assert reply_note(pushed, done, 0) == 0.0


def test_silence_earns_no_note_and_a_fitting_act_the_best() -> None:
    state = start(week())
    assert reply_note(deed(state, "ignore").reading, deed(state, "ignore"), 0) == 0.0
    fits = {act: fit(act, deed(state, act)) for act in ACTS}
    assert fits["act"] == 1.0
    assert max(fits["ignore"], fits["acknowledge"], fits["unclear"]) < fits["ask"] < fits["decline"] < 1.0


def test_a_broken_promise_and_an_unmet_need_halve_the_note() -> None:
    state = play(week(), until="client_mail")
    key = next(k for k, thread in state.threads.items() if thread.notes)
    thread = state.threads[key]
    unmet = state.but(threads={**state.threads, key: thread._replace(unmet=True)})
    lost = score(state).communication_quality - score(unmet).communication_quality
    assert lost == pytest.approx(sum(thread.notes) / len(thread.notes) / 2 / len(state.threads))


def test_more_events_are_no_chance_to_farm_communication() -> None:
    state = play(week(), until="client_mail")
    key = next(k for k, thread in state.threads.items() if thread.notes)
    thread = state.threads[key]
    more = state.but(threads={**state.threads, key: thread._replace(notes=thread.notes * 5)})
    assert score(more).communication_quality == pytest.approx(score(state).communication_quality)


def test_good_qualities_beat_poor_ones_for_the_same_acts() -> None:
    poor = Qualities(courtesy=0.3, clarity=0.4, relevance=0.3)
    for made in weeks(5):
        state = start(made)
        while state.end is None:
            state = answer(state, right, poor).state
        assert score(state).total < score(play(made)).total - 0.1


def test_the_same_choice_earns_the_same_whoever_makes_it() -> None:
    seed = rng(1, "x", "y").index(10)
    assert score(play(week(seed), always("accept"))) == score(play(week(seed), lambda state, thread: "accept"))
