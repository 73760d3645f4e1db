"""Turns of the fidelity probe and coworkers with a known fault, for tests that must find it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import cache

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.fidelity import Fidelity, measure
from work_life_firewall.stakeholders.fidelity.asking import Asked, put
from work_life_firewall.stakeholders.fidelity.turns import Conversation, conversations
from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.world.ports import Answer, Appraisal, Stakeholder, Turn

PEOPLE = ("priya", "rahul", "david", "sundar")
BEST = Appraisal(respect=2, clarity=2, helpfulness=2, reliability=2)


@cache
def talks(count: int) -> tuple[Conversation, ...]:
    """So many conversations with everybody."""
    return tuple(conversations(load_recipe(), PEOPLE, count))


def script(who: str) -> ScriptedStakeholder:
    """The scripted coworker."""
    return ScriptedStakeholder(load_recipe().personas[who].voice)


def asked(seats: Mapping[str, Stakeholder], count: int) -> Asked:
    """The answers of these seats; people without one are left out."""
    return asyncio.run(put(seats, [one for one in talks(count) if one.person in seats]))


@cache
def scripted(count: int) -> Fidelity:
    """What is found of the scripted coworkers."""
    return measure(asked({who: script(who) for who in PEOPLE}, count))


class Changed:
    """A scripted coworker whose answers pass through a method that a test overrides."""

    def __init__(self, who: str) -> None:
        self._inner = script(who)

    async def answer(self, turn: Turn) -> Answer:
        return self.change(turn, await self._inner.answer(turn))

    def change(self, turn: Turn, answer: Answer) -> Answer:
        """The answer as it is."""
        return answer


class Charmed(Changed):
    """Falls for every reply that calls something or somebody wonderful."""

    def change(self, turn: Turn, answer: Answer) -> Answer:
        praised = any(word in turn.reply for word in ("best", "brilliant", "admire", "amazing"))
        return answer.model_copy(update={"appraisal": BEST}) if praised else answer


class Softening(Changed):
    """Judges a notch more kindly on every side for every three things it has said."""

    def change(self, turn: Turn, answer: Answer) -> Answer:
        kinder = len(turn.visible.used) // 3
        sides = {side: min(value + kinder, 2) for side, value in answer.appraisal.model_dump().items()}
        return answer.model_copy(update={"appraisal": Appraisal(**sides)})


class Fading(Changed):
    """Talks like anybody once it has said six things."""

    def change(self, turn: Turn, answer: Answer) -> Answer:
        plain = "Thank you for letting me know. I appreciate the update and look forward to hearing from you."
        return answer.model_copy(update={"message": plain}) if len(turn.visible.used) >= 6 else answer
