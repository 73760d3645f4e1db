"""Specs that users write, and the one line they get for a wrong one."""

from __future__ import annotations

import asyncio

import pytest

from work_life_firewall.agents.registry import UnknownPolicy, build, names

from .conftest import Observe


@pytest.mark.parametrize(
    "spec", ["random", "greedy", "decliner", "ignorer", "careful", "act:defer", "act:ignore", "fixed:Hi"]
)
def test_scripted_specs_answer(observe: Observe, spec: str) -> None:
    assert isinstance(asyncio.run(build(spec, 3).reply(observe("leave"))), str)


def test_human_and_own_class_are_built() -> None:
    assert "human" in names()
    assert type(build("human")).__name__ == "Human"
    made = build("py:work_life_firewall.agents.baselines:Greedy", seed=9)
    assert type(made).__name__ == "Greedy"


def test_silence_and_fixed_text(observe: Observe) -> None:
    assert asyncio.run(build("ignorer").reply(observe("leave"))) == ""
    assert asyncio.run(build("act:ignore").reply(observe("leave"))) == ""
    assert asyncio.run(build("fixed:a:b").reply(observe("leave"))) == "a:b"


@pytest.mark.parametrize(
    ("spec", "line"),
    [
        ("gready", "did you mean 'greedy'"),
        ("zzz", "known: random"),
        ("act:acept", "did you mean 'accept'"),
        ("act:zzz", "known: accept"),
        ("careful:3", "unknown policy 'careful:3'"),
        ("py:nowhere", "must be py:MODULE:CLASS"),
        ("py:no_such_module_here:X", "cannot import"),
        ("py:json:Nothing", "has no 'Nothing'"),
        ("py:json:JSONDecoder", "is no class with an async reply"),
    ],
)
def test_a_wrong_spec_is_one_clear_line(spec: str, line: str) -> None:
    with pytest.raises(UnknownPolicy) as caught:
        build(spec)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
