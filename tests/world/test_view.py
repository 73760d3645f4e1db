"""What is visible from a seat, and above all what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from work_life_firewall.world.engine import apply, deeds, start
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.ports import Answer, Appraisal
from work_life_firewall.world.scoring import COMPONENTS
from work_life_firewall.world.state import Promise, WeekState
from work_life_firewall.world.view import THREAD_LINES, energy_band, event_of, observe, turn_of

from .weeks import answer, at_random, play, reading, recipe, week, weeks

HIDDEN_KEYS = {
    "facts",
    "trust",
    "mind",
    "minds",
    "scores",
    "total",
    "reward",
    "need",
    "refuse",
    "seed",
    "split",
    "luck",
}


def _states(count: int) -> Iterator[WeekState]:
    for made in weeks(count):
        state = start(made)
        while state.end is None:
            yield state
            state = answer(state, at_random).state


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)


def test_nothing_hidden_is_in_an_observation() -> None:
    names = {name for name in recipe().scenario.facts} | set(COMPONENTS)
    for state in _states(12):
        text = observe(state).model_dump_json(by_alias=True)
        assert not set(_keys(json.loads(text))) & (HIDDEN_KEYS | names)
        assert not [name for name in names if name in text]
        assert str(round(state.energy, 3)) not in text
        for mind in state.minds.values():
            assert str(mind.trust) not in text


def test_an_observation_does_not_change_with_what_is_hidden() -> None:
    for state in _states(6):
        minds = {who: mind._replace(trust=0.123) for who, mind in state.minds.items()}
        notes = {key: thread._replace(notes=(0.5,), unmet=True) for key, thread in state.threads.items()}
        assert observe(state.but(minds=minds, threads=notes, leave_odds=0.9)) == observe(state)


def test_the_episode_id_tells_no_fact() -> None:
    assert all(value not in week().episode_id for value in week().facts.values())


def test_observations_are_the_same_for_the_same_state_and_survive_the_wire() -> None:
    for state in _states(4):
        seen = observe(state)
        assert Observation.model_validate_json(seen.model_dump_json(by_alias=True)) == seen == observe(state)
        assert set(json.loads(seen.model_dump_json(by_alias=True))) >= {"event", "thread", "calendar", "self"}


def test_asks_of_an_event_belong_to_their_people() -> None:
    slack = event_of(play(week(), until="slack_pair"))
    assert [(ask.id, ask.sender) for ask in slack.asks] == [("slack_pair/1", "priya"), ("slack_pair/2", "rahul")]


def test_no_event_waits_after_the_end() -> None:
    with pytest.raises(ValueError, match="ended"):
        observe(play(week()))


def test_a_thread_shows_only_lines_with_the_people_of_the_event_newest_kept() -> None:
    state = play(week(), until="client_mail")
    for number in range(THREAD_LINES):
        state = state.but(event=state.event, end=None)
        spoken = Answer(message=f"David {number}", appraisal=Appraisal())
        once = apply(state, reading(state, "ask"), {"david": spoken}, f"Arjun {number}").state
        state = state.but(log=once.log)
    seen = observe(state).thread
    assert len(seen) == THREAD_LINES
    assert seen[-1].text == f"David {THREAD_LINES - 1}"
    assert {line.who for line in seen} == {"arjun", "david"}


def test_a_turn_shows_a_person_only_its_own_conversation() -> None:
    state = play(week(), until="slack_pair")
    spoken = {who: Answer(message=f"This is {who}", appraisal=Appraisal()) for who in ("priya", "rahul")}
    state = apply(state, reading(state, "decline"), spoken, "No to both.").state
    while state.event is not None and state.event.person not in ("priya", "rahul"):
        state = answer(state, "accept").state
    given = reading(state, "accept")
    one = deeds(state, given)[0]
    turn = turn_of(state, event_of(state), one, one.reading, "Yes.")
    other = {"priya": "rahul", "rahul": "priya"}[one.person]
    assert f"This is {one.person}" in turn.visible.used
    assert f"This is {other}" not in str(turn)
    assert turn.mind == state.minds[one.person]


def test_the_calendar_shows_promises_nights_calls_leave_and_demo() -> None:
    promised = (Promise("slack_pair/1", "priya", "the pairing", 2000, 60.0),)
    state = play(week(), until="leave").but(nights=(2,), calls=(2,), leave="granted", promises=promised)
    entries = {entry.what: entry for entry in observe(state).calendar}
    assert {"sprint demo", "on call", "22:30 standup", "leave (family wedding)"} <= set(entries)
    assert entries["the pairing (promised to priya)"].movable
    assert not entries["sprint demo"].movable
    assert not entries["on call"].movable
    assert all(entry.start.at <= entry.end.at for entry in entries.values())


def test_his_own_numbers_follow_the_state() -> None:
    state = play(week(), until="slack_pair")
    seen = observe(state).self_
    assert seen.sprint_minutes_left == round(state.backlog - state.done)
    assert seen.staging_up == (state.restored >= 0)
    assert observe(state.but(owed=state.owed + 100)).self_.focus_minutes_left == seen.focus_minutes_left - 100
    assert observe(state.but(leave="granted")).self_.focus_minutes_left < seen.focus_minutes_left - 300


@pytest.mark.parametrize(
    ("energy", "band"), [(1.0, "fresh"), (0.75, "fresh"), (0.5, "ok"), (0.3, "tired"), (0.0, "drained")]
)
def test_energy_is_told_as_a_feeling(energy: float, band: str) -> None:
    assert energy_band(energy) == band
