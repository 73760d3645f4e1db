"""What a reset may ask for: every seed is a week, unknown things are refused with a near miss, no file is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.config import ROOT
from work_life_firewall.server.errors import WireError
from work_life_firewall.server.host import CREWS, Host
from work_life_firewall.server.limits import Limits
from work_life_firewall.server.options import ResetOptions, choose, episode_id, parse
from work_life_firewall.world.generator import split_of
from work_life_firewall.world.scenario import Split

PRIYA = (ROOT / "personas" / "priya.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    made = Host(Limits(driver="direct"))
    yield made
    made.close()


@given(st.integers(0, 2**63 - 1), st.sampled_from([None, "train", "validation", "test"]))
def test_any_seed_names_a_week_of_its_split(seed: int, split: Split | None) -> None:
    options = ResetOptions(seed=seed, split=split)
    chosen = choose(options)
    assert split_of(chosen.seed) == chosen.split
    assert chosen == choose(options)
    assert split is None or chosen.split == split


@pytest.mark.parametrize(
    ("given_", "seed", "split"),
    [
        ({"seed": 7}, 7, "train"),
        ({"seed": 100_007}, 100_007, "validation"),
        ({"seed": 7, "split": "test"}, 200_007, "test"),
        ({"seed": 200_007, "split": "test"}, 200_007, "test"),
        ({"seed": 200_007, "split": "train"}, 7, "train"),
        ({"seed": 3_000_000_012}, 12, "train"),
        ({"index": 7}, 7, "train"),
        ({"split": "validation", "index": 7}, 100_007, "validation"),
    ],
)
def test_seeds_and_indices(given_: dict[str, Any], seed: int, split: str) -> None:
    assert choose(parse(given_)) == (seed, split)


def test_without_a_seed_weeks_are_drawn() -> None:
    assert len({choose(ResetOptions()).seed for _ in range(20)}) > 10
    assert {choose(ResetOptions(split="test")).split for _ in range(5)} == {"test"}


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"sed": 1}, "unknown argument 'sed'; did you mean 'seed'"),
        ({"prompt": "hi"}, "unknown argument 'prompt'; known: seed"),
        ({"seed": "7"}, "seed: Input should be a valid integer"),
        ({"seed": True}, "seed: Input should be a valid integer"),
        ({"seed": -1}, "seed: Input should be greater than or equal to 0"),
        ({"seed": 1.5}, "seed: Input should be a valid integer"),
        ({"index": 100_000}, "index: Input should be less than 100000"),
        ({"seed": 1, "index": 1}, "give seed or index, not both"),
        ({"split": "tset"}, "split: Input should be 'train', 'validation' or 'test'"),
        ({"episode_id": ""}, "episode_id: String should have at least 1 character"),
        ({"episode_id": "a\nb"}, "episode_id: must be printable text"),
        ({"episode_id": "x-twin-y"}, "episode_id: must be printable text without '-twin-'"),
        ({"personas": ["priya"]}, "personas: Input should be a valid dictionary"),
        ({"personas": {"priya": 3}}, "personas.priya: Input should be a valid string"),
    ],
)
def test_what_cannot_be_asked_for(given_: dict[str, Any], message: str) -> None:
    with pytest.raises(WireError) as refused:
        choose(parse(given_))
    assert str(refused.value).startswith("reset: ")
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_episode_ids_are_the_clients_or_unique() -> None:
    assert episode_id(ResetOptions(episode_id="mine"), "canonical", 1) == "mine"
    assert len({episode_id(ResetOptions(), "canonical", 1) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ({"scenario": "canonicl"}, "unknown scenario 'canonicl'; did you mean 'canonical'"),
        ({"scenario": "/etc/passwd"}, "unknown scenario '/etc/passwd'; known: canonical"),
        ({"personas": {"pria": "priya"}}, "unknown person 'pria'; did you mean 'priya'"),
        ({"personas": {"priya": "../../etc/passwd"}}, "unknown persona '../../etc/passwd'; send a name"),
        ({"personas": {"priya": "rahul"}}, "this is the persona of 'rahul', and cannot sit as 'priya'"),
        ({"personas": {"priya": "---\nid: priya\n---\nwords"}}, "the persona sent, line 1: missing key 'name'"),
        ({"personas": {"priya": "---\n" + "x" * 30_000}}, "a persona of 30004 characters; 20000 at most"),
        ({"coworkers": "priya=human"}, "priya=human: this server seats scripted only"),
        ({"coworkers": "scriptd"}, "unknown coworker 'scriptd'; did you mean 'scripted'"),
        ({"coworkers": "bob=scripted"}, "unknown person 'bob'"),
    ],
)
def test_what_a_server_does_not_have(host: Host, given_: dict[str, Any], message: str) -> None:
    with pytest.raises(WireError) as refused:
        host.crew(parse(given_))
    assert message in str(refused.value)
    assert "/tmp" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("spec", ["llm:vllm", "cassette:/etc/passwd"])
def test_coworkers_that_cost_something_are_the_servers_choice(host: Host, spec: str) -> None:
    with pytest.raises(WireError):
        host.crew(parse({"coworkers": spec}))


def test_a_sent_persona_sits_in_its_seat(host: Host) -> None:
    warm = PRIYA.replace("patience:", "# as ever\npatience:")
    crew = host.crew(parse({"personas": {"priya": warm}}))
    other = host.crew(parse({"personas": {"priya": PRIYA.replace("initial_trust: ", "initial_trust: 0.5 # ")}}))
    shipped = host.crew(parse({}))
    assert crew.recipe.personas["priya"] == shipped.recipe.personas["priya"]
    assert other.recipe.personas["priya"].initial_trust == 0.5
    assert other.marks["priya"] != shipped.marks["priya"]
    assert other.marks["rahul"] == shipped.marks["rahul"]


def test_a_yaml_bomb_is_one_line_and_quick(host: Host) -> None:
    layers = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9) or 'x'}]" for n in range(1, 9))
    bomb = f"---\na0: &a0 [lol]\n{layers}\nid: *a8\n---\nwords"
    with pytest.raises(WireError) as refused:
        host.crew(parse({"personas": {"priya": bomb}}))
    assert len(str(refused.value)) < 300


def test_casts_are_kept_ready_but_not_for_ever(host: Host) -> None:
    first = host.crew(parse({}))
    assert host.crew(parse({})) is first
    for count in range(CREWS + 2):
        host.crew(parse({"personas": {"priya": f"{PRIYA}\n{count}"}}))
    assert len(host._crews) == CREWS
    assert host.crew(parse({})) is not first
