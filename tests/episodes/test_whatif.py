"""Forks: the prefix stays, the luck stays, and only what follows the changed reply differs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.forks import Pair, Then, fork
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.rebuild import states_of, week_of_record
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.seats import Seats, plan
from work_life_firewall.episodes.whatif import Question, ask
from work_life_firewall.world.generator import generate, twin
from work_life_firewall.world.luck import rng
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.reading import ACTS
from work_life_firewall.world.scoring import score

FIRST = 100_000
FORKS = 100
LAST_CANONICAL = "late_standup"


@cache
def seats(policy: str, seed: int = FIRST) -> Seats:
    return plan(load_recipe().personas, policy).seats(seed)


@cache
def played(policy: str = "greedy", seed: int = FIRST) -> WeekRecord:
    return run_week(generate(load_recipe(), seed), seats(policy, seed))


def forked(
    event: str,
    policy: str = "greedy",
    seed: int = FIRST,
    then: Then = "policy",
    reply: str | None = None,
    act: str | None = None,
) -> Pair:
    return fork(played(policy, seed), event, seats(policy, seed), then=then, reply=reply, act=act)


class Says:
    """Says the replies of a record, decision by decision."""

    def __init__(self, record: WeekRecord) -> None:
        self._replies = [step.reply for step in record.steps]

    async def reply(self, obs: Observation) -> str:
        return self._replies[obs.step]


def from_scratch(record: WeekRecord, policy: str) -> WeekRecord:
    """A fresh run of the same decisions."""
    own = seats(policy, record.seed)
    week = generate(load_recipe(), record.seed)
    return run_week(week, Seats(Says(record), own.reader, own.coworkers, own.policy, own.specs))


def place_of(record: WeekRecord, event: str) -> int:
    return [step.event for step in record.steps].index(event)


def test_only_what_follows_the_changed_reply_differs() -> None:
    pair = forked(LAST_CANONICAL, act="decline")
    place = place_of(pair.base, LAST_CANONICAL)
    before = [step.model_dump_json() for step in pair.base.steps[:place]]
    assert [step.model_dump_json() for step in pair.other.steps[:place]] == before
    changed = pair.other.steps[place]
    assert changed.observation == pair.base.steps[place].observation
    assert changed.reply != pair.base.steps[place].reply
    assert pair.base == played()
    assert LAST_CANONICAL in pair.diff.answered


def test_the_same_reply_makes_the_same_week() -> None:
    base = played()
    pair = forked("oncall_swap", reply=base.steps[place_of(base, "oncall_swap")].reply)
    assert pair.other.line() == base.line()
    assert (pair.diff.vanished, pair.diff.appeared, pair.diff.answered) == ((), (), ())
    assert pair.diff.total == (base.total, base.total)


def test_the_difference_is_between_the_two_weeks() -> None:
    diff, base, other = (pair := forked("slack_pair", act="accept,decline")).diff, pair.base, pair.other
    assert diff.total == (base.total, other.total)
    assert diff.evenings == tuple(zip(base.evenings, other.evenings, strict=True))
    assert diff.trust == {who: (base.trust[who], other.trust[who]) for who in base.trust}
    ours, theirs = ({step.event for step in record.steps} for record in (base, other))
    assert set(diff.vanished) == ours - theirs
    assert set(diff.appeared) == theirs - ours


def test_recorded_replies_go_on_where_their_event_still_comes() -> None:
    base = played("careful")
    pair = forked("oncall_swap", "careful", then="recorded", reply="")
    later = {step.event: step.reply for step in base.steps[place_of(base, "oncall_swap") + 1 :]}
    after = pair.other.steps[place_of(pair.other, "oncall_swap") + 1 :]
    assert all(step.reply == later[step.event] for step in after if step.event in later)
    assert any(step.event in later for step in after)


def test_the_oracle_goes_on_from_a_fork_with_the_state_in_hand() -> None:
    pair = forked("leave", "oracle", reply="")
    assert pair.other.end == "friday"
    assert pair.other.total < pair.base.total
    assert from_scratch(pair.other, "oracle").line() == pair.other.line()


def test_a_record_from_disk_forks_like_one_in_memory() -> None:
    again = WeekRecord.model_validate_json(played().line())
    pair = fork(again, "leave", seats("greedy"), act="request")
    assert pair.other.line() == forked("leave", act="request").other.line()


def test_a_twin_is_rebuilt_as_the_twin_it_was() -> None:
    week = twin(generate(load_recipe(), FIRST), "client_scope")
    record = run_week(week, seats("greedy"))
    assert week_of_record(record, load_recipe()).facts == week.facts
    assert fork(record, "leave", seats("greedy"), act="request").other.facts == dict(week.facts)


@pytest.mark.parametrize(
    ("event", "change", "said"),
    [
        ("oncal_swap", {"act": "decline"}, "did you mean 'oncall_swap'?"),
        ("oncall_swap", {"act": "declne"}, "did you mean 'decline'?"),
        ("oncall_swap", {"act": "accept,decline"}, "has 1 asks; 2 acts were given"),
        ("oncall_swap", {"act": "decline", "reply": "no"}, "give either a reply or an act"),
        ("oncall_swap", {}, "give either a reply or an act"),
    ],
)
def test_a_fork_that_makes_no_sense_is_refused(event: str, change: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        forked(event, reply=change.get("reply"), act=change.get("act"))
    assert said in str(caught.value)


def test_a_record_of_another_world_is_refused() -> None:
    record = played()
    other = record.model_copy(update={"personas": {**record.personas, "priya": "00000000"}})
    with pytest.raises(UsageError, match="another priya"):
        week_of_record(other, load_recipe())
    old = record.model_copy(update={"versions": record.versions.model_copy(update={"world": "00000000"})})
    with pytest.raises(UsageError, match="played in world 00000000"):
        week_of_record(old, load_recipe())


def test_a_prefix_that_does_not_come_out_is_an_error() -> None:
    record = played()
    first = record.steps[0].model_copy(update={"reply": "No."})
    with pytest.raises(RunError, match=r"step 0 \(staging\) does not come out as recorded"):
        fork(
            record.model_copy(update={"steps": (first, *record.steps[1:])}), LAST_CANONICAL, seats("greedy"), act="ask"
        )


def test_states_are_those_that_the_week_went_through() -> None:
    record = played("careful")
    states = list(states_of(record, generate(load_recipe(), FIRST)))
    assert len(states) == len(record.steps) + 1
    assert score(states[-1]).total == record.total
    with pytest.raises(RunError, match="on record, but"):
        list(states_of(record.model_copy(update={"steps": record.steps[1:]}), generate(load_recipe(), FIRST)))


def test_a_question_is_answered_from_a_run_folder_and_kept_there(tmp_path: Path) -> None:
    run = tmp_path / "run"
    run_job(Job(Setup(), "greedy", "validation", 2), run)
    pair, path = ask(Question(run, 1, "oncall_swap", act="decline"))
    assert pair.base.seed == FIRST + 1
    kept = json.loads(path.read_text())
    assert (kept["base"], kept["diff"]["event"]) == (pair.base.episode_id, "oncall_swap")
    assert WeekRecord.model_validate(kept["other"]).line() == pair.other.line()
    same, second = ask(Question(run, FIRST + 1, "oncall_swap", act="decline"))
    assert second != path
    assert same.other.line() == pair.other.line()
    with pytest.raises(UsageError, match=r"no week 7 among its 2; give a seed, or 0\.\.1"):
        ask(Question(run, 7, "oncall_swap", act="decline"))


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["greedy", "careful", "random", "decliner"])
def test_random_forks_agree_with_a_fresh_run_of_the_same_decisions(policy: str) -> None:
    for number in range(FORKS // 4):
        luck = rng(number, policy, "forks")
        seed = FIRST + luck.index(20)
        event = luck.choice(played(policy, seed).steps).event
        pair = forked(event, policy, seed, act=luck.choice(ACTS), then=luck.choice(("policy", "recorded")))
        assert from_scratch(pair.other, policy).line() == pair.other.line()
