"""What an event comes to follows its facts, covers every one of them, and says nothing of what to do."""

from __future__ import annotations

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.training.gist import gist, gists
from work_life_firewall.world.engine import start
from work_life_firewall.world.fast import decide
from work_life_firewall.world.generator import generate, twin
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reference import right_reading
from work_life_firewall.world.week import Week

ACTING = ("will", "won't", "decline", "accept", "refuse", "should", "sorry", "no to", "yes")


def said(week: Week) -> set[str]:
    """Everything that can be said of the first ask of a week."""
    return {gist(start(week), 1, rng(0, "staging", f"gist/{n}")) for n in range(200)}


def test_every_fact_and_value_of_the_scenario_has_ways_to_say_it() -> None:
    facts = load_recipe().scenario.facts
    assert {fact: set(values) for fact, values in gists().facts.items()} == {
        fact: set(spec.values) for fact, spec in facts.items()
    }


def test_no_way_to_say_it_is_shared_or_says_what_to_do() -> None:
    for values in gists().facts.values():
        one, other = values.values()
        assert not set(one) & set(other)
        assert not [text for text in (*one, *other) if any(f" {word} " in f" {text} " for word in ACTING)]


def test_it_is_true_to_the_week() -> None:
    week = generate(load_recipe(), 3)
    flipped = twin(week, "staging_owner")
    assert len(said(week)) > 10
    assert not said(week) & said(flipped)
    known = gists().facts["staging_owner"][week.facts["staging_owner"]]
    assert all(any(text in sentence for text in known) for sentence in said(week))


def test_what_is_no_first_message_tells_nothing() -> None:
    state = start(generate(load_recipe(), 0))
    found = False
    while state.end is None and state.event is not None:
        told = gist(state, 1, rng(0, state.event.id, "gist"))
        spawned = "@" in state.event.id or "#" in state.event.id
        assert not (spawned and told)
        found = found or bool(told)
        state = decide(state, right_reading(state)).state
    assert found
    with pytest.raises(ValueError, match="ended"):
        gist(state, 1, rng(0, "x", "gist"))
