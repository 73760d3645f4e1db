"""What an event comes to, in words of one's own: how a teacher's reply shows that the event was read.

A model that says it must have told the facts apart; what to do about them it is not told here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from ..config import find, read_yaml
from ..world.engine import threads_of
from ..world.frozen import SCHEMA, Frozen
from ..world.luck import Luck
from ..world.observation import Observation
from ..world.state import WeekState

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Gists(Frozen):
    """`configs/training/gist.yaml`: fact -> value -> ways to say it, and the sentences they are said in."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    facts: dict[str, dict[str, Texts]]
    frames: Texts


@lru_cache(maxsize=1)
def gists() -> Gists:
    """The shipped ones. Raises ConfigError for a broken file."""
    return read_yaml(find("training", "gist"), Gists)


def gist(state: WeekState, number: int, luck: Luck) -> str:
    """A sentence on the waiting event's ask (`number` from 1); "" where the event tells no fact, as when one is nudged.

    Raises ValueError when no event is waiting.
    """
    if state.event is None:
        raise ValueError("the week has ended: no event is waiting for a reply")
    week = state.week
    if not week.events[state.event.kind].at:
        return ""
    spec = week.spec(threads_of(state, state.event)[number - 1])
    fact = next((fact for fact in spec.refuse_when if fact in gists().facts), None)
    return told(fact, week.facts[fact], luck) if fact else ""


def facts_of(state: WeekState, seen: Observation) -> list[tuple[str, str]]:
    """(fact, value) of each ask of the waiting event in order; none unless every ask has one."""
    asked = [[fact for fact in state.week.spec(ask.id).refuse_when if fact in gists().facts] for ask in seen.event.asks]
    return [(facts[0], state.week.facts[facts[0]]) for facts in asked] if all(asked) else []


def told(fact: str, value: str, luck: Luck) -> str:
    """A sentence that says what a fact is. Raises KeyError for a fact or a value that none says."""
    known = gists()
    return luck.choice(known.frames).format(gist=luck.choice(known.facts[fact][value]))


def gists_in(text: str) -> list[re.Match[str]]:
    """Where a text says what an event comes to, framed as a teacher would."""
    return list(_known().finditer(text))


@lru_cache(maxsize=1)
def _known() -> re.Pattern[str]:
    """Any gist after any frame's opening; longer ones first, as some begin like others."""
    opening = "|".join(re.escape(frame.partition("{")[0]) for frame in gists().frames)
    ways = {way for values in gists().facts.values() for texts in values.values() for way in texts}
    every = "|".join(re.escape(way) for way in sorted(ways, key=lambda way: (-len(way), way)))
    return re.compile(f"(?:{opening})(?P<gist>{every})")
