"""What happens to one reply, as node functions that hold no rules: route, read, coworker, apply, score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from .clock import moment
from .deltas import Deltas, deltas
from .engine import Outcome, apply, deeds
from .event import Event
from .ports import Answer, Reader, Stakeholder, Turn
from .reading import Reading
from .scoring import Scores
from .state import WeekState
from .view import event_of, turn_of


@dataclass(frozen=True)
class Ports:
    """The seats beside Arjun's: who reads replies, and who answers for each person."""

    reader: Reader
    coworkers: Mapping[str, Stakeholder]


class StepOutcome(NamedTuple):
    """All that one reply led to. deltas is path -> (before, after); spawned are ids of events that it set in motion."""

    event: Event
    reading: Reading
    answers: dict[str, Answer]
    state: WeekState
    deltas: Deltas
    spawned: tuple[str, ...]
    scores: Scores


def route(state: WeekState) -> Event:
    """The event that the reply is to. Raises ValueError when the week has ended."""
    return event_of(state)


async def read(ports: Ports, state: WeekState, event: Event, reply: str) -> Reading:
    """What the reply says to each ask of the event."""
    return await ports.reader.read(event, reply, moment(state.at))


def turns(state: WeekState, event: Event, reading: Reading, reply: str) -> dict[str, Turn]:
    """The turn of everyone whom the reply concerns, each with that person's own view only."""
    return {deed.person: turn_of(state, event, deed, deed.reading, reply) for deed in deeds(state, reading)}


async def coworker(ports: Ports, turn: Turn) -> Answer:
    """One stakeholder's answer. Raises KeyError when nobody sits in that seat."""
    return await ports.coworkers[turn.persona.id].answer(turn)


def settle(state: WeekState, reading: Reading, answers: Mapping[str, Answer], reply: str) -> Outcome:
    """The world's part: rules, minds, time. Answers are taken in the cast's order, whoever was quicker."""
    ordered = {who: answers[who] for who in state.week.recipe.scenario.cast if who in answers}
    return apply(state, reading, ordered, reply)


def conclude(
    before: WeekState, event: Event, reading: Reading, answers: Mapping[str, Answer], outcome: Outcome
) -> StepOutcome:
    """The step as it goes on record."""
    ordered = {who: answers[who] for who in before.week.recipe.scenario.cast if who in answers}
    changes = deltas(before, outcome.state)
    return StepOutcome(event, reading, ordered, outcome.state, changes, outcome.spawned, outcome.scores)
