"""A person in a coworker's seat: sees their own side only, is asked again when unclear, and can leave."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from io import StringIO

import pytest

from work_life_firewall.agents.human import Quit
from work_life_firewall.stakeholders.human import TerminalStakeholder
from work_life_firewall.world.event import Ask, Event
from work_life_firewall.world.persona import AppraisalWeights, FollowUp, Persona
from work_life_firewall.world.ports import Answer, Appraisal, Mind, Turn, Visible
from work_life_firewall.world.reading import AskReading

PRIYA = Persona(
    id="priya",
    name="Priya Nair",
    role="frontend engineer",
    timezone="Asia/Kolkata",
    initial_trust=0.7,
    weights=AppraisalWeights(respect=1, clarity=1, helpfulness=1, reliability=1),
    patience=0.5,
    private_goal="ship the checkout",
    voice="priya",
    follow_ups=(
        FollowUp(id="insist", after_minutes=60, event="nudge"),
        FollowUp(id="thank", after_minutes=60, event="favour"),
    ),
)


def turn(reply: str = "Not today, sorry.") -> Turn:
    event = Event(
        id="slack_pair",
        source="slack",
        sender="priya",
        subject="s",
        body="b",
        asks=(Ask(id="slack_pair/1", sender="priya"),),
    )
    ask = AskReading(ask="slack_pair/1", act="decline", confidence=0.9)
    return Turn(PRIYA, Mind(0.123), event, ask, reply, Visible(1, 650, "real", 0, (), (), "the blocker", "the session"))


def answered(*typed: str, reply: str = "Not today, sorry.", persona_turn: Turn | None = None) -> tuple[Answer, str]:
    lines: Iterator[str] = iter(typed)
    out = StringIO()

    def read() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    return asyncio.run(TerminalStakeholder(read, out).answer(persona_turn or turn(reply))), out.getvalue()


def test_message_appraisal_and_follow_up() -> None:
    answer, shown = answered("Seriously?", "-1 0, 1 2", "1")
    assert answer.message == "Seriously?"
    assert answer.appraisal == Appraisal(respect=-1, clarity=0, helpfulness=1, reliability=2)
    assert answer.follow_up == "insist"
    assert "Not today, sorry." in shown
    assert "the blocker" in shown
    assert "0.123" not in shown


def test_enter_is_silence_and_no_opinion() -> None:
    answer, _ = answered("", "", "")
    assert answer == Answer(message="", appraisal=Appraisal())


def test_nonsense_is_asked_again() -> None:
    answer, shown = answered("hm", "good", "3 0 0 0", "1 1 1", "1 1 1 1", "9", "thank")
    assert answer.appraisal.respect == 1
    assert answer.follow_up == "thank"
    assert shown.count("Four whole numbers") == 3


def test_the_end_of_input_leaves_the_week() -> None:
    for typed in ((), ("hm",), ("hm", "0 0 0 0")):
        with pytest.raises(Quit):
            answered(*typed)


def test_control_characters_cannot_steer_the_terminal() -> None:
    _, shown = answered("", "", "", reply="hi \x1b[2J\x07 there")
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_no_reply_is_said_so() -> None:
    assert "Arjun does not answer." in answered("", "", "", reply="  ")[1]
