"""A fidelity probe from seats to a report: who is asked, in which turns, and what it took."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..agents.chat.ledger import episode
from ..stakeholders.fidelity.asking import put, questions
from ..stakeholders.fidelity.turns import conversations
from ..world.week import Recipe
from .errors import UsageError
from .fidelity import measure
from .fidelity_report import Probed
from .seats import SeatPlan
from .usage import check_models
from .versions import persona_marks, versions

EPISODE = "probe"
"""What the calls of a probe are booked to."""
OnAnswer = Callable[[int, int], None]
"""Hears of every answer: how many there are, and how many there will be."""


def probe(
    recipe: Recipe, seated: SeatPlan, count: int = 10, at_once: int = 16, on_answer: OnAnswer | None = None
) -> Probed:
    """Probe every coworker of a plan in `count` conversations; at_once: turns in flight.

    Raises UsageError for a person in a seat, RunError for a model that cannot be used, ChatError from a cassette
    without the answer.
    """
    people = list(recipe.personas)
    if human := [who for who, spec in seated.specs.items() if spec == "human"]:
        raise UsageError(
            f"{human[0]}: nobody sits through hundreds of turns; probe scripted, llm:NAME or cassette:FILE"
        )
    check_models(seated.chats)
    talks = conversations(recipe, people, count)
    total, heard = questions(talks), 0

    def on_one() -> None:
        nonlocal heard
        heard += 1
        if on_answer is not None:
            on_answer(heard, total)

    with episode(EPISODE):
        asked = asyncio.run(put(seated.coworkers, talks, at_once, on_one))
    return Probed(seated.specs, persona_marks(recipe), versions(recipe, seated.reader), measure(asked))
