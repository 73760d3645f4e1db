"""The careful protagonist: reads the observation with a few honest rules, decides, and writes a considerate reply.

Knows no hidden fact and keeps no memory: what it meant earlier it reads in the conversation, from its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from ..world.clock import Moment
from ..world.observation import Observation
from ..world.reading import Act
from .clues import clues, weigh
from .phrases import recognise
from .scene import AGAIN, Matter, kind_of, matter_of, message_to, said_before, week_seed
from .writer import write

WORN = frozenset({"tired", "drained"})
DRAINED_BIAS = 1
"""Extra votes for a no when drained: with nothing left, a light-looking ask is read as light."""
SURE = 2
"""Votes from which new evidence overrules what he answered first."""
REQUESTS = 2
"""How often he asks for the same leave before he lets it go."""


class Careful:
    """Reads who is on shift, who is blocked, what was agreed, and answers each ask on its merits."""

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed

    async def reply(self, obs: Observation) -> str:
        """One considered act per ask, in words."""
        acts: list[Act] = [decide(obs, number) for number in range(1, len(obs.event.asks) + 1)]
        return write(kind_of(obs.event.id), acts, obs, week_seed(obs, self._seed))


def decide(obs: Observation, number: int) -> Act:
    """The act for one ask (`number` from 1) of an observation."""
    kind = kind_of(obs.event.id)
    if kind in AGAIN:
        return _again(obs, matter_of(obs.event, number))
    if kind in _SPAWNED:
        return _SPAWNED[kind](obs)
    plan = clues().plans.get(f"{kind}/{number}")
    if plan is None:
        return "accept"
    return plan.acts[weigh(plan.fact, message_to(obs.event, number), _bias(obs)).value]


def _bias(obs: Observation) -> int:
    return DRAINED_BIAS if obs.self_.energy_band == "drained" else 0


def _again(obs: Observation, matter: Matter) -> Act:
    """A push or a question back: stay with the first answer, unless the new text speaks clearly against it."""
    act = meant_before(obs, matter)
    plan = clues().plans.get(f"{matter.kind}/{matter.number}")
    if plan is None:
        return act or "accept"
    verdict = weigh(plan.fact, obs.event.body, _bias(obs))
    if act is None or verdict.margin >= SURE:
        act = plan.acts[verdict.value]
    # Told "Rahul has it" once more, Rahul himself learns nothing; he needs to hear that it stays his.
    return "decline" if act == "delegate" and matter.kind == "staging" else act


def meant_before(obs: Observation, matter: Matter) -> Act | None:
    """The act he wrote about a matter earlier in this conversation; None when he has not, or not in his own words."""
    for text in said_before(obs):
        act = recognise(matter.kind, matter.number, text)
        if act is not None:
            return act
    return None


def _pager_night(obs: Observation) -> Act:
    return "act" if on_call(obs) or obs.self_.energy_band != "drained" else "delegate"


def on_call(obs: Observation) -> bool:
    """Whether the calendar has him on call at this minute."""
    now = Moment(day=obs.day, minute=obs.minute).at
    return any("on call" in entry.what and entry.start.at <= now <= entry.end.at for entry in obs.calendar)


def _sleep_debt(obs: Observation) -> Act:
    return "defer" if obs.self_.energy_band in WORN else "accept"


def _leave_again(obs: Observation) -> Act:
    """Asked for it before: once more, with the cover; not asked before, or often enough: let it go."""
    asked = sum(recognise(kind, 1, text) == "request" for text in said_before(obs) for kind in _LEAVE)
    return "request" if 0 < asked < REQUESTS else "accept"


def _escalation(obs: Observation) -> Act:
    """Repair what is small; when worn out, offer David a written plan instead."""
    return "counter" if obs.self_.energy_band in WORN else "accept"


_LEAVE = ("leave", "leave_refused", "leave_silent")
_SPAWNED: Mapping[str, Callable[[Observation], Act]] = {
    "pager_night": _pager_night,
    "sleep_debt": _sleep_debt,
    "client_escalation": _escalation,
    "leave_refused": _leave_again,
    "leave_silent": _leave_again,
    "appraisal_late": lambda obs: "act",
    "favour": lambda obs: "accept",
    "scope_creep": lambda obs: "counter",
}
