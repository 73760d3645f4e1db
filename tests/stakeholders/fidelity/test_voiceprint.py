"""The voiceprint: finds a writer by how he talks, not by what it is about."""

from __future__ import annotations

import pytest

from work_life_firewall.stakeholders.fidelity.voiceprint import Voiceprint, masked, told_apart

from ...support.probing import PEOPLE, asked, script
from ...support.turns import turn

CURT = ["no time, sorry, bye", "busy, sorry, later", "bye, too busy", "sorry, no"]
FLOWERY = [
    "kindly allow me to revert on this",
    "kindly let us align",
    "i will kindly revert",
    "let us kindly align on it",
]


def test_it_finds_who_wrote_a_new_text() -> None:
    learned = Voiceprint([*CURT, *FLOWERY], ["a"] * 4 + ["b"] * 4)
    assert learned.owner("sorry, busy") == "a"
    assert learned.owner("kindly align and revert") == "b"
    assert learned.owner("") == learned.owners[0]


def test_writers_with_more_texts_are_not_likelier() -> None:
    learned = Voiceprint([*CURT * 10, *FLOWERY], ["a"] * 40 + ["b"] * 4)
    assert learned.owner("kindly revert") == "b"


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(ValueError, match="needs texts"):
        Voiceprint([], [])


def test_what_it_is_about_is_taken_out() -> None:
    met = turn("client_mail", "david", "I will send the reconciliation numbers tomorrow.")
    said = masked(met, "The reconciliation numbers by Wed 18:00, David? Works for me, thanks a lot.")
    assert "reconciliation" not in said
    assert "numbers" not in said
    assert "wed" not in said.split()
    assert not any(sign.isdigit() for sign in said)
    assert said.endswith("works for me , thanks a lot .")


def test_messages_are_judged_by_conversations_of_other_weeks() -> None:
    met = asked({who: script(who) for who in PEOPLE}, 2).met
    judged = told_apart(met)
    assert len(judged) == sum(bool(one.answer.message) for one in met)
    assert any(one.unseen for one in judged)
    one_only = [one for one in met if one.person == "priya"]
    assert told_apart(one_only) == []
    assert told_apart([one for one in met if one.conversation == 0]) == []
