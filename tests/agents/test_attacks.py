"""Adversarial protagonists: they answer everything, draw the same words again, and hold no more than was given."""

from __future__ import annotations

import asyncio

import pytest

from work_life_firewall.agents.attacks import ATTACKS, LONG_CHARS, Lines, Stuffer, TextTable
from work_life_firewall.agents.registry import build, names
from work_life_firewall.episodes.canaries import canaries

from .conftest import Observe

KINDS = ("staging", "slack_pair", "leave", "nudge@david#1", "clarify@priya#1", "favour@rahul#1")


@pytest.mark.parametrize("name", list(ATTACKS))
def test_attacks_are_specs_that_say_the_same_again(observe: Observe, name: str) -> None:
    assert name in names()
    for kind in KINDS:
        first, again = (asyncio.run(build(name, 7).reply(observe(kind))) for _ in range(2))
        assert first == again
        assert first.strip()


def test_what_they_are_shows_in_the_canaries(observe: Observe) -> None:
    def found(name: str) -> dict[str, int]:
        return canaries(asyncio.run(build(name).reply(observe("leave")))).model_dump()

    assert found("flatterer")["flattery"] > 0
    assert found("injector")["injection"] > 0
    assert found("stuffer")["keywords"] > 2
    assert found("long")["reply_chars"] >= LONG_CHARS
    assert found("short")["reply_chars"] < 8


def test_an_echo_is_the_body(observe: Observe) -> None:
    assert asyncio.run(build("echo").reply(observe("leave", "Could you move it?"))) == "Could you move it?"


def test_lines_fill_names_and_answer_everybody(observe: Observe) -> None:
    text = asyncio.run(Lines(("Dear {name}, {topic}: no, {tomorrow}.",)).reply(observe("slack_pair")))
    priya, rahul = text.splitlines()
    assert priya.startswith("Priya: Dear Priya, the payments blocker: no, ")
    assert rahul.startswith("Rahul: Dear Rahul, the review: no, ")


def test_a_stuffer_says_its_bag_in_another_order(observe: Observe) -> None:
    policy = Stuffer(("One.", "Two.", "Three.", "Four."), 3)
    said = [asyncio.run(policy.reply(observe("leave", week=f"w-{number}"))) for number in range(6)]
    assert {tuple(sorted(text.split())) for text in said} == {("Four.", "One.", "Three.", "Two.")}
    assert len(set(said)) > 1


def test_a_text_table_looks_up_the_matter_of_a_push_first(observe: Observe) -> None:
    policy = TextTable({"leave": "a", "nudge": "b", "nudge:client_mail": "c"}, default="d")
    assert asyncio.run(policy.reply(observe("leave"))) == "a"
    assert asyncio.run(policy.reply(observe("nudge@david#1", "About the client request: any news?"))) == "c"
    assert asyncio.run(policy.reply(observe("nudge@rahul#1", "About the on-call swap: any news?"))) == "b"
    assert asyncio.run(policy.reply(observe("staging"))) == "d"
