"""RFC 008's question: what a client is told holds no fact of the week, no trust, no energy, no solution."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.models import (
    ComponentScores,
    WorkLifeFirewallAction,
    WorkLifeFirewallObservation,
    WorkLifeFirewallState,
)
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment
from work_life_firewall.world.generator import generate
from work_life_firewall.world.observation import Observation as View
from work_life_firewall.world.scoring import COMPONENTS

from .weeks import YES

HIDDEN_KEYS = set(
    "facts fact refuse refuse_when need minds mind trust memory promises energy evenings backlog owed short leave_odds "
    "regret v_star oracle solution reading readings appraisal qualities canaries deltas queue restored luck".split()
)
"""Names of what a week knows and nobody is told; a protagonist sees bands and minutes instead."""


def keys(value: object) -> Iterator[str]:
    """Every key of a JSON value."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def told(environment: WorkLifeFirewallEnvironment, seed: int) -> Iterator[dict[str, Any]]:
    """Everything a client can ask for in a week: observations with their metadata, and states."""
    observation = environment.reset(seed=seed)
    while True:
        yield json.loads(observation.model_dump_json())
        yield json.loads(environment.state.model_dump_json())
        if observation.done:
            return
        observation = environment.step(WorkLifeFirewallAction(message=YES))


@pytest.mark.parametrize("seed", [7, 100_003, 200_011])
def test_nothing_hidden_is_told(environment: WorkLifeFirewallEnvironment, seed: int) -> None:
    facts = generate(load_recipe(), seed).facts
    for one in told(environment, seed):
        assert not HIDDEN_KEYS.intersection(keys(one))
        text = json.dumps(one)
        assert not [name for name in facts if name in text]
        assert one.get("metadata", {}) == {}
        labels = {value for name, value in one.items() if name not in ("view", "scores") and isinstance(value, str)}
        assert not labels.intersection(facts.values())


def test_fact_values_are_no_label_of_the_view(environment: WorkLifeFirewallEnvironment) -> None:
    """A value such as "inside" may be a word of a mail; as a whole field it would be a label."""
    for seed in (7, 8):
        facts = generate(load_recipe(), seed).facts
        for one in told(environment, seed):
            assert not set(facts.values()).intersection(leaves(one)) - {"arjun", "rahul"}


def leaves(value: object) -> Iterator[str]:
    """Every text that is a whole value."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    elif isinstance(value, str):
        yield value


def test_the_wire_adds_what_the_contract_names_and_no_more() -> None:
    base = {"done", "reward", "metadata"}
    added = {"episode_id", "view", "scores", "total", "truncated"}
    assert set(WorkLifeFirewallObservation.model_fields) == base | added
    assert set(ComponentScores.model_fields) == set(COMPONENTS)
    assert set(WorkLifeFirewallState.model_fields).isdisjoint(HIDDEN_KEYS)
    assert WorkLifeFirewallState.model_config.get("extra") == "forbid"
    schema = json.dumps(WorkLifeFirewallObservation.model_json_schema())
    assert not [key for key in HIDDEN_KEYS if f'"{key}"' in schema]


def test_the_view_travels_by_its_wire_names(environment: WorkLifeFirewallEnvironment) -> None:
    observation = environment.reset(seed=1)
    assert observation.view is not None
    sent = observation.model_dump()["view"]
    assert sent["self"]["energy_band"] == "fresh"
    assert View.model_validate(sent) == observation.view


def test_own_names_do_not_repeat_and_say_no_fact(environment: WorkLifeFirewallEnvironment) -> None:
    first, second = (environment.reset(seed=9).episode_id for _ in range(2))
    assert first != second
    assert re.fullmatch(r"canonical-9-[0-9a-f]{8}", first)
