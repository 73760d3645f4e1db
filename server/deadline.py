"""A coworker with a deadline: past it the scripted coworker of the same persona answers, and the fault is recorded."""

from __future__ import annotations

import asyncio
import time

from ..stakeholders.scripted import ScriptedStakeholder
from ..world.ports import Answer, Fault, Stakeholder, Turn


class Deadline:
    """Wraps a stakeholder that may be slow; `seconds` is the longest it may take over one answer."""

    def __init__(self, inner: Stakeholder, seconds: float) -> None:
        self._inner = inner
        self._seconds = seconds

    async def answer(self, turn: Turn) -> Answer:
        """The inner stakeholder's answer, or the scripted one when that is late. Raises what the inner one raises."""
        began = time.monotonic()
        try:
            return await asyncio.wait_for(self._inner.answer(turn), self._seconds)
        except TimeoutError:
            spent = (time.monotonic() - began) * 1000
        answer = await ScriptedStakeholder(turn.persona.voice).answer(turn)
        detail = f"no answer within {self._seconds:g} s"
        fault = Fault(who=turn.persona.id, rung="scripted", kind="timeout", detail=detail, ms=spent)
        return answer.model_copy(update={"faults": (*answer.faults, fault)})
