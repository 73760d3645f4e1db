"""Puts the turns to whoever sits in the coworkers' seats, and keeps what they answered. Judges nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ...world.clock import moment
from ...world.observation import ThreadLine
from ...world.ports import Answer, Appraisal, Memory, Mind, Stakeholder, Turn
from ...world.trust import MEMORY, trust_after
from ...world.view import THREAD_LINES
from .turns import LENGTH, Conversation

SCALE_PLACES = (0, 3, 7, 11)
"""Places (from 0) of a conversation where the same replies are judged again: the first, two between, the last."""
BEGINS = (0.0, -0.12, 0.12)
"""How far from its persona's own trust conversation k begins, in turn: else every first turn would find them neutral,
and every change of mood would look like a change of voice."""
OnAnswer = Callable[[], None]
"""Hears of every answer as it comes."""


class Met(NamedTuple):
    """One turn and its answer. conversation and place count from 0; temper is "" for a reply of the real week."""

    person: str
    conversation: int
    place: int
    temper: str
    turn: Turn
    answer: Answer

    @property
    def left(self) -> bool:
        """Whether a model failed to the end and the script answered in its place."""
        return any(fault.rung == "scripted" for fault in self.answer.faults)

    @property
    def raw(self) -> Appraisal:
        """The stakeholder's own judgement: a model's before the band, else what counted."""
        return self.answer.raw_appraisal or self.answer.appraisal


class Asked(NamedTuple):
    """All answers: to the conversations, to replies in other tempers, and to the same replies over and over."""

    met: list[Met]
    tempers: list[Met]
    scale: list[Met]

    @property
    def every(self) -> list[Met]:
        """All of them together."""
        return [*self.met, *self.tempers, *self.scale]


def questions(asked: Sequence[Conversation]) -> int:
    """How many turns `put` will ask."""
    return sum(len(one.turns) + len(one.tempers) + len(SCALE_PLACES) * len(one.scale) for one in asked)


async def put(
    seats: Mapping[str, Stakeholder],
    asked: Sequence[Conversation],
    at_once: int = 16,
    on_answer: OnAnswer | None = None,
) -> Asked:
    """Put every conversation to the seat of its person; at_once: turns in flight, 1 or more.

    Raises ValueError for less, KeyError for a person without a seat, and whatever a seat raises.
    """
    if at_once < 1:
        raise ValueError("at least one turn must be in flight")
    desk = _Desk(seats, asyncio.Semaphore(at_once), on_answer or (lambda: None))
    try:
        async with asyncio.TaskGroup() as group:
            talks = [group.create_task(desk.talk(one)) for one in asked]
            tempers = [
                group.create_task(desk.ask(one, place, temper, turn))
                for one in asked
                for (place, temper), turn in one.tempers.items()
            ]
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
    held = [talk.result() for talk in talks]
    return Asked(
        [met for talk in held for met in talk.met],
        [task.result() for task in tempers],
        [met for talk in held for met in talk.scale],
    )


class _Talk(NamedTuple):
    met: list[Met]
    scale: list[Met]


class _Desk:
    """Who is asked, and how many at once."""

    def __init__(self, seats: Mapping[str, Stakeholder], slots: asyncio.Semaphore, on_answer: OnAnswer) -> None:
        self._seats = seats
        self._slots = slots
        self._on_answer = on_answer

    async def ask(self, one: Conversation, place: int, temper: str, turn: Turn) -> Met:
        async with self._slots:
            answer = await self._seats[one.person].answer(turn)
        self._on_answer()
        return Met(one.person, one.number, place, temper, turn, answer)

    async def talk(self, one: Conversation) -> _Talk:
        """One conversation from its beginning: every turn sees what this very seat said before it."""
        met: list[Met] = []
        scale: list[Met] = []
        for place, turn in enumerate(one.turns[:LENGTH]):
            if place in SCALE_PLACES:
                again = [(temper, _heard(same, met, turn.visible.at)) for temper, same in one.scale.items()]
                scale += await asyncio.gather(*(self.ask(one, place, temper, same) for temper, same in again))
            met.append(await self.ask(one, place, "", _heard(turn, met, turn.visible.at, _mind(turn, met, one.number))))
        return _Talk(met, scale)


def _heard(turn: Turn, before: Sequence[Met], at: int, mind: Mind | None = None) -> Turn:
    """A turn after a conversation: its thread, its own words and its memory are those, and the clock says `at`."""
    lines = [line for met in before for line in _lines(met)]
    used = tuple(met.answer.message for met in before if met.answer.message)
    visible = turn.visible._replace(at=at, thread=tuple(lines[-THREAD_LINES:]), used=used)
    notes = [Memory(m.turn.event.id, m.turn.visible.at, m.turn.ask.act, m.turn.visible.topic) for m in before]
    mind = (mind or turn.mind)._replace(memory=tuple(notes[-MEMORY:]))
    return turn._replace(visible=visible, mind=mind)


def _lines(met: Met) -> list[ThreadLine]:
    when = moment(met.turn.visible.at)
    said = (("arjun", met.turn.reply), (met.person, met.answer.message))
    return [ThreadLine(who=who, day=when.day, minute=when.minute, text=text) for who, text in said if text]


def _mind(turn: Turn, before: Sequence[Met], number: int) -> Mind:
    """The trust that the answers so far came to, by the persona's own law; promises as in the week."""
    if not before:
        return turn.mind._replace(trust=turn.persona.initial_trust + BEGINS[number % len(BEGINS)])
    last = before[-1]
    return turn.mind._replace(trust=trust_after(last.turn.mind.trust, last.answer.appraisal, last.turn.persona))
