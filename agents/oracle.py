"""The oracle: plans the week with the luck and the hidden facts in hand, and writes what it planned.

A ceiling, not a competitor: it sees the state, which no honest protagonist does. It only borrows the seat.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, runtime_checkable

from ..world.acts import REFUSES
from ..world.clock import moment
from ..world.engine import deeds
from ..world.observation import Observation
from ..world.ports import Reader
from ..world.reading import Act, Reading
from ..world.scoring import refusal_quality, reply_note
from ..world.state import WeekState
from .menu import Move, labelled
from .planner import QUICK, Search, plan
from .scene import kind_of, week_seed
from .writer import write

DRAFTS = 6
"""Wordings of a move that are proofread before it is sent."""
STRIDE = 7919
"""Between the seeds of two drafts, so that neighbouring weeks share none."""


@runtime_checkable
class SeesState(Protocol):
    """A protagonist that is shown the hidden state before each reply; no honest seat has this verb."""

    def see(self, state: WeekState) -> None:
        """The state at the event that the next reply is to."""
        ...


class _Draft(NamedTuple):
    understood: int
    quality: float
    move: Move
    text: str


class Oracle:
    """Follows its plan, and plans again when an event came that it did not plan for or a reply was misread.

    With a reader it proofreads: of a few wordings it sends the one that is read as it was meant, and reads best.
    """

    def __init__(self, seed: int = 0, reader: Reader | None = None, search: Search = QUICK) -> None:
        self._seed = seed
        self._reader = reader
        self._search = search
        self._state: WeekState | None = None
        self._moves: Mapping[str, Move] = {}
        self._said: tuple[str, Move] | None = None

    def see(self, state: WeekState) -> None:
        """Take in the real state. The start of a week begins afresh."""
        if self._state is None or state.week is not self._state.week or state.step == 0:
            self._moves, self._said = {}, None
        self._state = state

    def meant(self) -> Move:
        """What the last reply was meant to say, one choice an ask; empty before the first one."""
        return self._said[1] if self._said else ()

    async def reply(self, obs: Observation) -> str:
        """The planned acts in words. Raises RuntimeError when it was not shown the state of this event."""
        state = self._state
        if state is None or state.event is None or state.event.id != obs.event.id:
            raise RuntimeError("the oracle must see the state before it replies; run it through the episode loop")
        if obs.event.id not in self._moves or not self._was_understood(state):
            self._moves = plan(state, self._search).moves
        draft = await self._written(obs, state, self._moves[obs.event.id])
        self._said = (obs.event.id, draft.move)
        return draft.text

    async def _written(self, obs: Observation, state: WeekState, move: Move) -> _Draft:
        """The best wording of the move; of the labelled move when the planned one cannot be made clear."""
        if self._reader is None:
            return _Draft(0, 0.0, move, self._text(obs, move, 0))
        best = await self._proofread(self._reader, obs, state, move)
        if best.understood == len(move) or (usual := labelled(state)) == move:
            return best
        other = await self._proofread(self._reader, obs, state, usual)
        return other if other.understood == len(usual) else best

    async def _proofread(self, reader: Reader, obs: Observation, state: WeekState, move: Move) -> _Draft:
        drafts: list[_Draft] = []
        for text in dict.fromkeys(self._text(obs, move, number) for number in range(DRAFTS)):
            reading = await reader.read(obs.event, text, moment(state.at))
            understood = sum(ask.act == choice.act for ask, choice in zip(reading.asks, move, strict=True))
            drafts.append(_Draft(understood, _quality(state, reading), move, text))
        return max(drafts, key=lambda draft: draft[:2])

    def _text(self, obs: Observation, move: Move, number: int) -> str:
        acts: list[Act] = [choice.act for choice in move]
        return write(kind_of(obs.event.id), acts, obs, week_seed(obs, self._seed + STRIDE * number))

    def _was_understood(self, state: WeekState) -> bool:
        """Whether everyone remembers the last reply as the act it was meant to be."""
        if self._said is None:
            return True
        event_id, move = self._said
        heard = [m.act for mind in state.minds.values() for m in mind.memory if m.event_id == event_id]
        return sorted(heard) == sorted(choice.act for choice in move)


def _quality(state: WeekState, reading: Reading) -> float:
    """What a reading earns by its wording: its notes, and how well its refusals are said."""
    return sum(
        reply_note(deed.reading, deed, 0) + (refusal_quality(deed.reading) if deed.reading.act in REFUSES else 0.0)
        for deed in deeds(state, reading)
    )
