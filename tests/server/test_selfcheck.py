"""RFC 008's checks of an environment by itself: oracle near the top, floors near the bottom, a replay is the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.agents.oracle import Oracle, SeesState
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.runs import weeks_in
from work_life_firewall.episodes.seats import build_reader
from work_life_firewall.models import WorkLifeFirewallAction
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment
from work_life_firewall.server.host import Host
from work_life_firewall.server.limits import Limits
from work_life_firewall.world.generator import generate
from work_life_firewall.world.observation import Observation

from .weeks import Scripted, play, scores_of, session, total_of

pytestmark = pytest.mark.slow
SEEDS = (100_001, 100_002, 100_003)
FLOORS = ("ignorer", "decliner", "fixed:Thanks for the note, I appreciate you!", "act:acknowledge")
TOP, MARGIN = 0.85, 0.30


def oracle_total(environment: WorkLifeFirewallEnvironment, seed: int) -> float:
    """The week with the planner in Arjun's seat; it knows the world, as nobody on the wire does."""
    oracle = Oracle(seed, build_reader("local"))
    assert isinstance(oracle, SeesState)

    class Seated(Scripted):
        def __init__(self) -> None:
            self._inner = oracle

        def __call__(self, view: Observation) -> str:
            oracle.see(environment._desk._open.session.state)  # type: ignore[union-attr]
            return super().__call__(view)

    return total_of(play(environment, Seated(), seed=seed, episode_id=generate(load_recipe(), seed).episode_id)[-1])


def test_the_oracle_is_near_the_top_and_floors_are_far_below(environment: WorkLifeFirewallEnvironment) -> None:
    best = [oracle_total(environment, seed) for seed in SEEDS]
    assert min(best) >= TOP
    for floor in FLOORS:
        totals = [total_of(play(environment, Scripted(floor, seed), seed=seed)[-1]) for seed in SEEDS]
        assert sum(best) / len(best) - sum(totals) / len(totals) >= MARGIN, (floor, totals)


def test_a_recorded_week_replays_to_the_same_rewards(tmp_path: Path) -> None:
    host = Host(Limits(runs=str(tmp_path / "served")), keep=True)
    with session(host) as environment:
        for seed in SEEDS:
            play(environment, Scripted("careful", seed), seed=seed)
    host.close()
    for record in weeks_in(tmp_path / "served"):
        with session() as again:
            observation = again.reset(seed=record.seed, episode_id=record.episode_id)
            for step in record.steps:
                observation = again.step(WorkLifeFirewallAction(message=step.reply))
                assert observation.reward == pytest.approx(step.reward, abs=2e-6)
                assert scores_of(observation) == pytest.approx(step.scores, abs=2e-6)
            assert observation.done
