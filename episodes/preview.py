"""A week before it is played, as a researcher sees it: its events in words, the facts behind them, and its twins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..world.engine import start
from ..world.generator import generate, twin
from ..world.week import Recipe, Week
from ..world.wording import words
from .errors import UsageError


class Preview(NamedTuple):
    """One canonical event in words; at is the week minute, refuse the asks in it that deserve a no."""

    id: str
    at: int
    source: str
    sender: str
    subject: str
    body: str
    refuse: tuple[str, ...]


class TwinLine(NamedTuple):
    """One fact that makes a twin: its value in this week and in the twin, and the asks whose right answer flips."""

    fact: str
    value: str
    other: str
    asks: tuple[str, ...]


def week_of(recipe: Recipe, seed: int) -> Week:
    """The week of a seed. Raises UsageError for a seed of no split."""
    try:
        return generate(recipe, seed)
    except ValueError as error:
        raise UsageError(str(error)) from None


def twin_of(week: Week, fact: str) -> Week:
    """The twin of a week that differs in one fact. Raises UsageError for a fact that makes none."""
    try:
        return twin(week, fact)
    except ValueError as error:
        raise UsageError(str(error)) from None


def events_of(week: Week) -> list[Preview]:
    """The canonical events of a week in the order they come."""
    opening = start(week)
    queued = [opening.event, *opening.queue] if opening.event else list(opening.queue)
    found = []
    for entry in queued:
        spec = week.events[entry.kind]
        subject, body = words(week, entry)
        refuse = tuple(sorted(ask for ask in week.refuse if ask.startswith(f"{entry.kind}/")))
        found.append(Preview(entry.id, entry.at, spec.source, spec.sender or entry.person, subject, body, refuse))
    return found


def twins_of(week: Week) -> Iterator[TwinLine]:
    """Every twin of a week, by the fact that makes it."""
    for fact, spec in week.recipe.scenario.facts.items():
        if spec.twin:
            other = twin(week, fact)
            yield TwinLine(fact, week.facts[fact], other.facts[fact], tuple(sorted(week.refuse ^ other.refuse)))
