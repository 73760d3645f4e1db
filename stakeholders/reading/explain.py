"""Which words moved a reading: each is left out in turn, and what that does to the act is told. Changes no reading."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from ...world.clock import Moment
from ...world.event import Event
from ...world.reading import Act
from .local import LocalReader

MOST_WORDS = 120
"""Words of a reply that are tried; the rest is left alone."""
_WORD = re.compile(r"\S+")


class Moved(NamedTuple):
    """A word, and how far it moves the log odds of the act that was read: above 0 for it, below 0 against it."""

    word: str
    moved: float


class Why(NamedTuple):
    """What was read for one ask, whatever the threshold; how sure, the runner-up, and the words, strongest first."""

    ask: str
    act: Act
    confidence: float
    second: Act
    words: tuple[Moved, ...]


def explain(reader: LocalReader, event: Event, reply: str, now: Moment, most: int = 8) -> tuple[Why, ...]:
    """One Why per ask, with at most `most` words each; costs one reading per word."""
    odds = reader.odds(event, reply, now)
    places = list(_WORD.finditer(reply))[:MOST_WORDS]
    without = [reader.odds(event, f"{reply[: each.start()]} {reply[each.end() :]}", now) for each in places]
    told: list[Why] = []
    for at, (ask, here) in enumerate(zip(event.asks, odds, strict=True)):
        ranked = sorted(here, key=lambda act: -here[act])
        moved = [
            Moved(place[0], round(_log_odds(here[ranked[0]]) - _log_odds(left[at][ranked[0]]), 3))
            for place, left in zip(places, without, strict=True)
        ]
        moved.sort(key=lambda each: -abs(each.moved))
        told.append(Why(ask.id, ranked[0], round(here[ranked[0]], 4), ranked[1], tuple(moved[:most])))
    return tuple(told)


def _log_odds(chance: float) -> float:
    bounded = min(max(chance, 1e-6), 1 - 1e-6)
    return math.log(bounded / (1 - bounded))
