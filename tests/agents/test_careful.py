"""The careful protagonist: right on plain evidence, stays with what it meant, and sees the observation only."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest

from work_life_firewall.agents import careful as module
from work_life_firewall.agents.careful import Careful, decide, meant_before
from work_life_firewall.agents.clues import Clues, clues, weigh
from work_life_firewall.agents.scene import matter_of
from work_life_firewall.config import ConfigError, find, read_yaml
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reading import Act
from work_life_firewall.world.scenario import Split, Wordings

from .conftest import Observe

PLAIN = [
    ("staging", 1, "The incident has no owner and nobody has picked it up.", "act"),
    ("staging", 1, "Rahul's migration is in progress, you are copied.", "delegate"),
    ("slack_pair", 1, "Priya: I am stuck and only you know it, the release is waiting.\nRahul: hi", "accept"),
    ("slack_pair", 1, "Priya: The wiki covers it, next week would do.\nRahul: hi", "defer"),
    ("slack_pair", 2, "Priya: hi\nRahul: You are the required owner, a tiny hotfix that ships.", "accept"),
    ("slack_pair", 2, "Priya: hi\nRahul: A big draft, anyone can approve it after the demo.", "delegate"),
    ("client_mail", 1, "It is in the signed contract and overdue.", "accept"),
    ("client_mail", 1, "It is only an idea that my marketing people had.", "counter"),
    ("leave", 1, "Your own sister is getting married and Rahul agreed to cover.", "request"),
    ("leave", 1, "It is a distant uncle, and nobody else knows the demo.", "accept"),
    ("oncall_swap", 1, "Papa is in hospital, it is one night.", "accept"),
    ("oncall_swap", 1, "We booked the trip, it is four nights.", "decline"),
    ("late_standup", 1, "The decision needs you, your vote counts.", "accept"),
    ("late_standup", 1, "A status round, it will be recorded.", "counter"),
    ("appraisal", 1, "Please fill in the form by Friday.", "accept"),
]


@pytest.mark.parametrize(("event_id", "number", "body", "act"), PLAIN)
def test_plain_evidence_is_read_right(observe: Observe, event_id: str, number: int, body: str, act: Act) -> None:
    assert decide(observe(event_id, body), number) == act


def _share_right(ask: str, split: Split, weeks: int = 100) -> float:
    """Share of messages composed as the generator does whose fact the clues get right, both values alike."""
    plan = clues().plans[ask]
    words = read_yaml(find("wordings", ask.partition("/")[0]), Wordings)
    right = 0
    for value in clues().facts[plan.fact].values:
        for seed in range(weeks):
            luck = rng(seed, ask, value)
            blanks = {slot: luck.choice(pool) for slot, pool in words.slots.items()} | {"arjun": "Arjun"}
            clauses = luck.shuffled(words.facts[plan.fact][value].of(split))[:2]
            right += weigh(plan.fact, " ".join(clauses).format_map(blanks)).value == value
    return right / (2 * weeks)


def test_most_facts_of_training_weeks_are_read_right() -> None:
    shares = [_share_right(ask, "train") for ask in clues().plans]
    assert min(shares) >= 0.7
    assert 0.8 <= sum(shares) / len(shares) <= 0.93, "rules this simple should leave something to learn"


def test_it_stays_with_its_first_answer_when_pushed(observe: Observe) -> None:
    first = asyncio.run(Careful(0).reply(observe("oncall_swap", "We booked the trip, it is four nights.")))
    pushed = observe("nudge@rahul#1", "Come on, about the on-call swap, please?", thread=(("arjun", first),))
    assert meant_before(pushed, matter_of(pushed.event, 1)) == "decline"
    assert decide(pushed, 1) == "decline"


def test_clear_new_evidence_changes_its_mind(observe: Observe) -> None:
    first = asyncio.run(Careful(0).reply(observe("oncall_swap", "We booked the trip, it is four nights.")))
    body = "About the on-call swap: it is a single night, my father is in hospital and nobody is free."
    assert decide(observe("clarify@rahul#1", body, thread=(("arjun", first),)), 1) == "accept"


def test_leave_is_asked_for_again_only_after_a_first_request(observe: Observe) -> None:
    asked = asyncio.run(Careful(0).reply(observe("leave", "Your own sister, Rahul agreed.")))
    assert decide(observe("leave_refused#1", thread=(("arjun", asked),)), 1) == "request"
    assert decide(observe("leave_refused#1"), 1) == "accept"


def test_spawned_events(observe: Observe) -> None:
    assert decide(observe("pager_night#1", on_call=True, feels="drained"), 1) == "act"
    assert decide(observe("pager_night#1", feels="drained"), 1) == "delegate"
    assert decide(observe("sleep_debt#1", feels="tired"), 1) == "defer"
    assert decide(observe("sleep_debt#1"), 1) == "accept"
    assert decide(observe("client_escalation#1"), 1) == "accept"
    assert decide(observe("appraisal_late#1"), 1) == "act"
    assert decide(observe("favour@priya#1"), 1) == "accept"
    assert decide(observe("scope_creep#1"), 1) == "counter"


def test_when_drained_a_light_looking_ask_is_refused(observe: Observe) -> None:
    body = "The decision is open. It is a status round."
    assert decide(observe("late_standup", body), 1) == "counter"
    assert weigh("standup_item", "decision", bias=1).value == "none"


def test_it_imports_nothing_that_knows_hidden_facts() -> None:
    allowed = {"observation", "clock", "reading", "luck"}
    source = Path(module.__file__).read_text(encoding="utf-8")
    imported = {node.module for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module}
    assert {name.rpartition(".")[2] for name in imported if name.startswith("world.")} <= allowed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("facts: {x: {unsure: c, values: {a: [q], b: [r]}}}\nplans: {}", "unsure is 'c'"),
        ("facts: {x: {unsure: a, values: {a: ['('], b: [r]}}}\nplans: {}", "no regular expression"),
        ("facts: {}\nplans: {leave/1: {fact: x, acts: {a: accept, b: decline}}}", "does not fit"),
    ],
)
def test_broken_clues_are_named(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "clues.yaml"
    file.write_text(f"schema: 1\n{text}\n")
    with pytest.raises(ConfigError, match=fault):
        read_yaml(file, Clues)
