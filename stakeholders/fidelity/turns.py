"""The turns that coworkers are probed on: conversations of twelve turns out of validation weeks, by several policies.

Weeks are played by scripted coworkers, so that every model is put the same questions; no answer changes a later one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from ...agents.registry import build
from ...world.clock import moment
from ...world.engine import start
from ...world.event import Event
from ...world.generator import FIRST_SEED, generate
from ...world.nodes import route, settle, turns
from ...world.ports import Mind, Turn
from ...world.state import WeekState
from ...world.view import observe
from ...world.week import Recipe
from ..reading.local import LocalReader
from ..scripted import ScriptedStakeholder
from .tempers import SCALE, TEMPERS

POLICIES = ("careful", "greedy", "decliner", "random")
"""Who writes Arjun's replies, one for each conversation in turn."""
LENGTH = 12
"""Turns of a conversation."""
TEMPER_PLACES = (0, 3, 6, 9)
"""Places (from 0) of a conversation where replies in every temper are tried instead of the real one."""
SKIPPED = 5
"""Conversation k begins k % 5 turns into its weeks: else every first turn would be about Monday's events."""
APART = 100
"""Seeds between the first weeks of two conversations, so that they share no week."""


class Conversation(NamedTuple):
    """One person's turns with one Arjun, over as many consecutive weeks as it takes.

    number: from 0; conversations of one number are out of the same weeks. policy: who wrote the replies. tempers:
    (place, temper) -> the turn there, had he answered in that temper. scale: replies that are tried again and again.
    """

    person: str
    number: int
    policy: str
    turns: tuple[Turn, ...]
    tempers: Mapping[tuple[int, str], Turn]
    scale: Mapping[str, Turn]


class _Place(NamedTuple):
    """A turn, and the week as it stood there."""

    turn: Turn
    state: WeekState
    event: Event


def conversations(recipe: Recipe, people: Sequence[str], count: int) -> list[Conversation]:
    """`count` conversations (1..1000) with each of the people, always the same ones for a recipe.

    Raises ValueError for another count, and when somebody of them is met in no week.
    """
    if not 1 <= count <= 1000:
        raise ValueError("there are 1 to 1000 conversations")
    reader = LocalReader()
    return [one for number in range(count) for one in _with_everyone(recipe, people, number, reader)]


def _with_everyone(recipe: Recipe, people: Sequence[str], number: int, reader: LocalReader) -> list[Conversation]:
    """The conversations of one number: weeks are played until everybody has had all turns."""
    met: dict[str, list[_Place]] = {who: [] for who in people}
    policy = POLICIES[number % len(POLICIES)]
    first, skipped = FIRST_SEED["validation"] + number * APART, number % SKIPPED
    for seed in range(first, first + APART):
        for place in asyncio.run(_played(recipe, seed, policy, reader)):
            met.get(place.turn.persona.id, []).append(place)
        if all(len(places) >= skipped + LENGTH for places in met.values()):
            chosen = {who: places[skipped : skipped + LENGTH] for who, places in met.items()}
            return [_conversation(who, number, policy, chosen[who], reader) for who in people]
    short = [who for who, places in met.items() if len(places) < skipped + LENGTH]
    raise ValueError(f"{', '.join(short)}: too few turns in {APART} weeks")


async def _played(recipe: Recipe, seed: int, policy: str, reader: LocalReader) -> list[_Place]:
    """Every turn of one week with scripted coworkers."""
    seats = {who: ScriptedStakeholder(persona.voice) for who, persona in recipe.personas.items()}
    protagonist, state = build(policy, seed), start(generate(recipe, seed))
    out: list[_Place] = []
    while state.end is None:
        reply = await protagonist.reply(observe(state))
        event = route(state)
        reading = reader.read_now(event, reply, moment(state.at))
        met = turns(state, event, reading, reply)
        out += [_Place(turn, state, event) for turn in met.values()]
        state = settle(state, reading, {who: await seats[who].answer(turn) for who, turn in met.items()}, reply).state
    return out


def _conversation(who: str, number: int, policy: str, places: Sequence[_Place], reader: LocalReader) -> Conversation:
    tempers = {
        (at, temper): _answered(places[at], texts[(number + at) % len(texts)], reader)
        for at in TEMPER_PLACES
        for temper, texts in TEMPERS.items()
    }
    return Conversation(
        who, number, policy, tuple(place.turn for place in places), tempers, dict(_scale(number, places, reader))
    )


def _scale(number: int, places: Sequence[_Place], reader: LocalReader) -> Iterator[tuple[str, Turn]]:
    """The same event with the same replies, to a mind that holds nothing else against him or for him."""
    place = next((place for place in places if place.turn.visible.round == 0), places[0])
    for temper in SCALE:
        turn = _answered(place, TEMPERS[temper][number % len(TEMPERS[temper])], reader)
        yield temper, turn._replace(mind=Mind(turn.persona.initial_trust))


def _answered(place: _Place, reply: str, reader: LocalReader) -> Turn:
    """The turn at a place, had Arjun written something else there."""
    reading = reader.read_now(place.event, reply, moment(place.state.at))
    return turns(place.state, place.event, reading, reply)[place.turn.persona.id]
