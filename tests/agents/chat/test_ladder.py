"""The ladder rung by rung, over a real wire."""

from __future__ import annotations

import asyncio
import json

import pytest
from pydantic import BaseModel

from work_life_firewall.agents.chat.balanced import objects, without_thinking
from work_life_firewall.agents.chat.ladder import Asked, Last, ask
from work_life_firewall.agents.chat.request import Message, Request

from ...support.fault_server import Body, FaultServer
from ...support.models import client


class Word(BaseModel):
    message: str
    number: int


GOOD = json.dumps({"message": "fine", "number": 2})
REQUEST = Request("priya", (Message("user", "say it"),), 1)


def climb(*answers: str, last: Last = "scripted") -> tuple[Asked[Word], list[Body]]:
    """What the ladder makes of a model that says these things, one after the other."""
    left = list(answers)
    with FaultServer(answers=lambda body: left.pop(0)) as server:
        server.keep_bodies = True
        asked = asyncio.run(ask(client(server.url), REQUEST, Word, last))
    assert not left
    return asked, server.bodies


def rungs(asked: Asked[Word]) -> list[tuple[str, str]]:
    return [(fault.rung, fault.kind) for fault in asked.faults]


def test_a_good_answer_is_no_fault() -> None:
    asked, _ = climb(GOOD)
    assert asked == Asked(Word(message="fine", number=2), ())


@pytest.mark.parametrize(
    "text",
    [
        f"Sure, here you are:\n```json\n{GOOD}\n```",
        f"{GOOD} I hope that helps!",
        f'First a try: {{"message": 1}} and then {GOOD}',
        f"In set {{notation}} it is {GOOD}",
    ],
)
def test_an_object_in_prose_is_taken_out(text: str) -> None:
    asked, bodies = climb(text)
    assert asked.value == Word(message="fine", number=2)
    assert (rungs(asked), len(bodies)) == ([("repair", "schema")], 1)


def test_thoughts_are_no_part_of_the_answer() -> None:
    asked, _ = climb(f'<think>perhaps {{"message": "no", "number": 1}}?</think>\n{GOOD}')
    assert asked == Asked(Word(message="fine", number=2), ())


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        ('{"message": "fine", "number": "2"}', "schema"),
        ('{"message": "fine"}', "schema"),
        ("", "schema"),
        ("{{{{", "schema"),
        ("[1, 2]", "schema"),
        ("I'm sorry, but I can't help with that.", "refusal"),
        ("As an AI language model I do not have colleagues.", "refusal"),
        ('{"message": "As an AI, I cannot feel respect.", "number": 0}', "refusal"),
    ],
)
def test_anything_else_is_asked_again_with_what_was_wrong(bad: str, kind: str) -> None:
    asked, bodies = climb(bad, GOOD)
    assert asked.value is not None
    assert rungs(asked) == [("reask", kind)]
    assert [message["role"] for message in bodies[1]["messages"]] == ["user", "assistant", "user"]
    assert "could not be used: " + asked.faults[0].detail[:20] in bodies[1]["messages"][-1]["content"]


@pytest.mark.parametrize("last", ["scripted", "unscored"])
def test_after_that_nobody_answers(last: Last) -> None:
    asked, _ = climb("no", "neither", last=last)
    assert (asked.value, rungs(asked)) == (None, [("reask", "schema"), (last, "schema")])


def test_an_answer_cut_off_says_so() -> None:
    from work_life_firewall.agents.chat.ladder import _judge
    from work_life_firewall.agents.chat.request import Completion

    value, problem = _judge(Completion('{"message": "fi', finish="length", completion_tokens=16), Word)
    assert value is None
    assert problem is not None
    assert (problem.kind, problem.detail) == ("truncated", "cut off after 16 tokens")


def test_faults_on_the_wire_are_part_of_it() -> None:
    with FaultServer(script=["500", "empty", "cut"], answers=lambda body: GOOD) as server:
        asked = asyncio.run(ask(client(server.url), REQUEST, Word))
    assert asked.value is not None
    assert rungs(asked) == [("retry", "http"), ("reask", "schema"), ("retry", "truncated")]
    with FaultServer(script=["500", "500", "empty"], answers=lambda body: GOOD) as server:
        asked = asyncio.run(ask(client(server.url, retries=1), REQUEST, Word))
    assert (asked.value, rungs(asked)) == (None, [("retry", "http"), ("scripted", "http")])


def test_balanced_objects() -> None:
    assert list(objects('a {"b": {"c": "}"}} d {"e": 1} {')) == ['{"b": {"c": "}"}}', '{"e": 1}']
    assert list(objects("{" * 5000)) == []
    assert list(objects('{"a":' * 3000 + "1" + "}" * 3000)) in ([], ['{"a":' * 3000 + "1" + "}" * 3000])
    assert without_thinking("<think>never closed {") == ""
