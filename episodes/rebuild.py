"""From a record back to its week and states: the same recipe, recorded readings and answers applied again."""

from __future__ import annotations

from collections.abc import Iterator

from ..world.engine import start
from ..world.generator import generate, twin
from ..world.nodes import settle
from ..world.state import WeekState
from ..world.week import Recipe, Week
from .errors import RunError, UsageError
from .record import WeekRecord
from .versions import persona_marks, versions


def week_of_record(record: WeekRecord, recipe: Recipe) -> Week:
    """The week that a record was made of, or its twin. Raises UsageError when the recipe is another one.

    Other wordings or constants are another world: what would have happened there says nothing about this record.
    """
    if record.scenario != recipe.scenario.id:
        raise UsageError(
            f"{record.episode_id} is of scenario {record.scenario!r}, not {recipe.scenario.id!r}; give --scenario"
        )
    marks = persona_marks(recipe)
    other = [who for who, mark in record.personas.items() if marks.get(who) != mark]
    if other:
        raise UsageError(
            f"{record.episode_id} was played with another {', '.join(other)}; give the same --persona or --personas"
        )
    if versions(recipe, None).world != record.versions.world:
        raise UsageError(
            f"{record.episode_id} was played in world {record.versions.world}, "
            f"this is {versions(recipe, None).world}; run the weeks again"
        )
    week = generate(recipe, record.seed)
    for fact in [fact for fact, value in record.facts.items() if week.facts.get(fact, value) != value]:
        week = twin(week, fact)
    return week


def states_of(record: WeekRecord, week: Week) -> Iterator[WeekState]:
    """The state before every recorded step, then the last one.

    Exact for a record in memory; one from disk holds qualities to 6 places, and so do its states. Raises RunError when
    the steps do not fit the week.
    """
    state = start(week)
    for number, step in enumerate(record.steps):
        if state.event is None or state.event.id != step.event:
            found = state.event.id if state.event else "the end of the week"
            raise RunError(f"{record.episode_id}: step {number} is {step.event!r} on record, but {found} here")
        yield state
        state = settle(state, step.reading, step.answers, step.reply).state
    yield state
