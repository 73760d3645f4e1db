"""Turns of a real week, for coworkers under test."""

from __future__ import annotations

from functools import cache

from work_life_firewall.config import load_recipe
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.world.clock import moment
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.nodes import route, turns
from work_life_firewall.world.ports import Turn
from work_life_firewall.world.state import WeekState

FIRST = 100_000


@cache
def opening(kind: str, seed: int = FIRST) -> WeekState:
    """A week at the door of one canonical event, whatever came before it left out."""
    state = start(generate(load_recipe(), seed))
    assert state.event is not None
    queue = (state.event, *state.queue)
    chosen = next(queued for queued in queue if queued.kind == kind)
    return state.but(event=chosen, at=chosen.at, queue=tuple(q for q in queue if q is not chosen))


def turn(kind: str, person: str, reply: str, seed: int = FIRST) -> Turn:
    """One person's turn after a reply to one canonical event, as the local reader reads it."""
    state = opening(kind, seed)
    event = route(state)
    reading = LocalReader().read_now(event, reply, moment(state.at))
    return turns(state, event, reading, reply)[person]
