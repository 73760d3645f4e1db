"""Coworkers that a training run can count on: where a model cannot be called at all, the scripted one answers."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

from ..agents.chat.errors import ChatError, one_line
from ..stakeholders.scripted import ScriptedStakeholder
from ..world.fault import Fault
from ..world.ports import Answer, Stakeholder, Turn


class Unfailing:
    """Wraps a coworker that a model plays. Failing calls it deals with itself; this is for a key, an endpoint or a
    cassette that ceases to be of use in the middle of a run.
    """

    def __init__(self, inner: Stakeholder) -> None:
        self._inner = inner

    async def answer(self, turn: Turn) -> Answer:
        """The inner coworker's answer, or that of the scripted one of the same persona, with the fault."""
        began = perf_counter()
        try:
            return await self._inner.answer(turn)
        except ChatError as error:
            detail = one_line(str(error))
        answer = await ScriptedStakeholder(turn.persona.voice).answer(turn)
        spent = (perf_counter() - began) * 1000
        fault = Fault(who=turn.persona.id, rung="scripted", kind="http", detail=detail, ms=spent)
        return answer.model_copy(update={"faults": (*answer.faults, fault)})


def unfailing(coworkers: Mapping[str, Stakeholder], specs: Mapping[str, str]) -> dict[str, Stakeholder]:
    """All coworkers of a cast, those that are not scripted wrapped; specs: who sits where."""
    return {who: one if specs[who] == "scripted" else Unfailing(one) for who, one in coworkers.items()}
