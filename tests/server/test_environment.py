"""The environment in this process: the same weeks as everywhere, seeds that work, records, errors that name the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.recheck import recheck
from work_life_firewall.episodes.runs import read_config, weeks_in
from work_life_firewall.models import WorkLifeFirewallAction
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment
from work_life_firewall.server.errors import WireError
from work_life_firewall.server.host import Host
from work_life_firewall.server.limits import Limits
from work_life_firewall.world.generator import generate
from work_life_firewall.world.ports import Turn
from work_life_firewall.world.scoring import COMPONENTS, Scores

from .weeks import YES, Scripted, play, scores_of, session, total_of

SEED = 100_007


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Host]:
    """A host that records into a folder of the test."""
    host = Host(Limits(runs=str(tmp_path / "served"), driver="direct"), keep=True)
    yield host
    host.close()


@pytest.mark.parametrize("driver", ["direct", "graph"])
@pytest.mark.parametrize("policy", ["careful", "greedy"])
def test_a_served_week_is_the_week_of_every_other_seat(driver: str, policy: str) -> None:
    setup = Setup()
    recipe = setup.recipe()
    record = run_week(generate(recipe, SEED), setup.plan(recipe, policy).seats(SEED))
    with session(Host(Limits.model_validate({"driver": driver}))) as environment:
        seen = play(environment, Scripted(policy, SEED), seed=SEED, episode_id=record.episode_id)
    assert [one.view for one in seen[:-1]] == [step.observation for step in record.steps]
    assert [one.reward for one in seen[1:]] == pytest.approx([step.reward for step in record.steps], abs=1e-12)
    assert [scores_of(one) for one in seen[1:]] == [step.scores for step in record.steps]
    assert (seen[-1].done, seen[-1].truncated, total_of(seen[-1])) == (True, False, record.total)


def test_rewards_add_up_to_the_score(environment: WorkLifeFirewallEnvironment) -> None:
    seen = play(environment, seed=3)
    assert seen[0].reward == 0.0
    assert total_of(seen[0]) + sum(one.reward or 0.0 for one in seen) == pytest.approx(total_of(seen[-1]), abs=1e-9)


def test_the_rubric_tree_is_the_pure_score_on_every_step(environment: WorkLifeFirewallEnvironment) -> None:
    rubric = environment.rubric
    assert rubric is not None
    assert [name for name, _ in rubric.named_rubrics()] == ["components", *(f"components.{n}" for n in COMPONENTS)]
    observation = environment.reset(seed=11)
    assert rubric.scores() == dict.fromkeys(COMPONENTS)  # type: ignore[attr-defined]
    while not observation.done:
        before = total_of(observation)
        observation = environment.step(WorkLifeFirewallAction(message=YES))
        scores = Scores(**scores_of(observation))
        assert {name: rubric.get_rubric(f"components.{name}").last_score for name in COMPONENTS} == scores._asdict()
        assert total_of(observation) == scores.total
        assert rubric.last_score == observation.reward == pytest.approx(total_of(observation) - before, abs=1e-12)
    state = rubric.state_dict()
    environment.reset(seed=12)
    assert rubric.last_score is None
    assert rubric.get_rubric("components.boundary_setting").last_score is None
    rubric.load_state_dict(state)
    with pytest.raises(ValueError, match="rubric"):
        rubric.load_state_dict({**state, "rubric": "0"})


def test_a_blind_week_shows_scores_only_at_its_end(environment: WorkLifeFirewallEnvironment) -> None:
    seen, blind = (play(environment, seed=4, episode_id="one", blind=blind) for blind in (False, True))
    assert {(one.scores, one.total) for one in blind[:-1]} == {(None, None)}
    assert blind[-1] == seen[-1]
    assert [one.reward for one in blind] == [one.reward for one in seen]


def test_same_seed_same_week_and_other_seeds_differ(environment: WorkLifeFirewallEnvironment) -> None:
    weeks = [[one.model_dump_json() for one in play(environment, seed=seed, episode_id="one")] for seed in (21, 21, 22)]
    assert weeks[0] == weeks[1]
    assert weeks[0] != weeks[2]


def test_sessions_side_by_side_do_not_mix(environment: WorkLifeFirewallEnvironment) -> None:
    host = Host()
    alone = [[total_of(one) for one in play(environment, seed=seed)] for seed in range(6)]

    async def week(seed: int) -> list[float]:
        one = WorkLifeFirewallEnvironment(host)
        observation = await one.reset_async(seed=seed)
        totals = [total_of(observation)]
        while not observation.done:
            observation = await one.step_async(WorkLifeFirewallAction(message=YES))
            totals.append(total_of(observation))
            await asyncio.sleep(0)
        return totals

    async def together() -> list[list[float]]:
        return list(await asyncio.gather(*(week(seed) for seed in range(6))))

    assert asyncio.run(together()) == alone


def test_state_counts_steps_and_names_the_week(environment: WorkLifeFirewallEnvironment) -> None:
    assert environment.state.episode_id is None
    environment.reset(split="test", index=5, episode_id="mine")
    for count in range(3):
        state = environment.state
        assert (state.episode_id, state.step_count, state.seed, state.split, state.index) == (
            "mine",
            count,
            200_005,
            "test",
            5,
        )
        environment.step(WorkLifeFirewallAction(message=YES))
    play(environment, seed=1)
    assert environment.state.end in ("friday", "burnout")
    assert environment.state.day is None


def test_a_step_without_a_week_says_what_to_do(environment: WorkLifeFirewallEnvironment) -> None:
    action = WorkLifeFirewallAction(message=YES)
    with pytest.raises(WireError, match="call reset first"):
        environment.step(action)
    play(environment, "", seed=1)
    with pytest.raises(WireError, match="is over: call reset"):
        environment.step(action)


def test_a_refused_reset_leaves_the_week_alone(environment: WorkLifeFirewallEnvironment) -> None:
    environment.reset(seed=5, episode_id="first")
    with pytest.raises(WireError, match="did you mean 'seed'"):
        environment.reset(sed=6)
    environment.step(WorkLifeFirewallAction(message=YES))
    assert (environment.state.episode_id, environment.state.step_count) == ("first", 1)


def test_every_served_week_is_recorded_once(kept: Host, tmp_path: Path) -> None:
    environment = WorkLifeFirewallEnvironment(kept)
    play(environment, "", seed=1, episode_id="whole")
    environment.reset(seed=2, episode_id="untouched")
    environment.reset(seed=3, episode_id="left")
    environment.step(WorkLifeFirewallAction(message=YES))
    environment.close()
    environment.close()
    kept.close()
    records = list(weeks_in(tmp_path / "served"))
    assert [(one.episode_id, one.end, one.policy) for one in records] == [
        ("whole", "friday", "openenv"),
        ("left", "truncated", "openenv"),
    ]
    assert [fault for one in records for fault in recheck(one)] == []
    assert read_config(tmp_path / "served").policy == "openenv"
    assert json.loads((tmp_path / "served" / "summary.json").read_text())["weeks"] == 2


def test_a_used_folder_is_left_alone(tmp_path: Path) -> None:
    for name in ("served", "served-2"):
        host = Host(Limits(runs=str(tmp_path / "served")), keep=True)
        host.check()
        assert (tmp_path / name / "config.yaml").exists()
        host.close()


class Fails:
    """A coworker that breaks."""

    async def answer(self, turn: Turn) -> None:
        raise RuntimeError("the model is\ngone")


def test_a_coworker_that_breaks_ends_the_week_and_says_so(
    kept: Host, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("work_life_firewall.stakeholders.scripted.ScriptedStakeholder.answer", Fails.answer)
    environment = WorkLifeFirewallEnvironment(kept)
    environment.reset(seed=1)
    with pytest.raises(WireError, match=r"ended in an error at staging: RuntimeError: the model is gone; call reset"):
        environment.step(WorkLifeFirewallAction(message=YES))
    environment.close()
    (record,) = weeks_in(tmp_path / "served")
    assert record.end == "error"


def test_the_web_page_escapes_what_was_written(environment: WorkLifeFirewallEnvironment) -> None:
    observation = environment.reset(seed=1)
    assert observation.view is not None
    event = observation.view.event.model_copy(update={"body": "<script>alert(1)</script>"})
    view = observation.view.model_copy(update={"event": event})
    html = environment.render_web({**observation.model_copy(update={"view": view}).model_dump(), "reward": 0.1})
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert "The week is over" in environment.render_web(play(environment, "", seed=1)[-1].model_dump())
