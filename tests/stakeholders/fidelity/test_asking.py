"""Asking: a seat hears its own conversation, and no more turns are in flight than allowed."""

from __future__ import annotations

import asyncio

import pytest

from work_life_firewall.stakeholders.fidelity.asking import SCALE_PLACES, put, questions
from work_life_firewall.stakeholders.fidelity.turns import LENGTH
from work_life_firewall.world.ports import Answer, Appraisal, Turn
from work_life_firewall.world.trust import trust_after
from work_life_firewall.world.view import THREAD_LINES

from ...support.probing import Changed, asked, talks


class Counts:
    """Says which message of its own this is; remembers how many were asked at once."""

    def __init__(self) -> None:
        self.now = self.most = 0

    async def answer(self, turn: Turn) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return Answer(message=f"number {len(turn.visible.used)}", appraisal=Appraisal(respect=1))


def test_every_turn_hears_what_the_seat_itself_said_before() -> None:
    found = asked({"rahul": Counts()}, 2)
    for number in range(2):
        met = [one for one in found.met if one.conversation == number]
        assert [one.answer.message for one in met] == [f"number {place}" for place in range(LENGTH)]
        last = met[-1].turn
        assert len(last.visible.thread) == THREAD_LINES
        assert {line.who for line in last.visible.thread} <= {"arjun", "rahul"}
        assert [line.text for line in last.visible.thread if line.who == "rahul"][-1] == f"number {LENGTH - 2}"
        assert len(last.mind.memory) == LENGTH - 1


def test_trust_moves_by_the_persona_s_own_law() -> None:
    met = [one for one in asked({"rahul": Counts()}, 1).met if one.conversation == 0]
    trust = met[0].turn.persona.initial_trust
    for one in met:
        assert one.turn.mind.trust == trust
        trust = trust_after(trust, one.answer.appraisal, one.turn.persona)


def test_identical_replies_are_asked_again_with_the_conversation_so_far() -> None:
    found = asked({"rahul": Counts()}, 1).scale
    assert [one.place for one in found if one.temper == "rude"] == list(SCALE_PLACES)
    assert len({(one.turn.event.id, one.turn.reply, one.turn.ask) for one in found if one.temper == "rude"}) == 1
    assert [one.answer.message for one in found if one.temper == "rude"] == [f"number {at}" for at in SCALE_PLACES]


def test_turns_in_flight_are_bounded_and_counted() -> None:
    seat, heard = Counts(), []
    asking = [one for one in talks(2) if one.person == "rahul"]
    answers = asyncio.run(put({"rahul": seat}, asking, 3, lambda: heard.append(1)))
    assert seat.most == 3
    assert len(heard) == questions(asking) == len(answers.every)
    with pytest.raises(ValueError, match="at least one"):
        asyncio.run(put({"rahul": seat}, asking, 0))


def test_what_a_seat_raises_is_raised() -> None:
    class Breaks(Changed):
        def change(self, turn: Turn, answer: Answer) -> Answer:
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        asked({"rahul": Breaks("rahul")}, 1)
