"""The rules-only path: readings in, scripted appraisals without words, no text at all. For search, sweeps and calibration."""

from __future__ import annotations

from .appraisal import silent_answer
from .engine import Outcome, apply, deeds
from .event import Event
from .ports import Answer, Turn, Visible
from .reading import Reading
from .state import WeekState


def decide(state: WeekState, reading: Reading) -> Outcome:
    """Apply a reading with the scripted appraisals of everyone concerned. Raises ValueError when it does not fit."""
    queued = state.event
    answers: dict[str, Answer] = {}
    for deed in deeds(state, reading):
        assert queued is not None  # deeds() has checked it
        thread = state.threads.get(deed.thread)
        visible = Visible(state.week.seed, state.at, deed.need, thread.rounds if thread else 0, (), ())  # type: ignore[arg-type]
        event = Event.model_construct(id=queued.id, source="", sender="", subject="", body="", asks=())
        turn = Turn(state.week.recipe.personas[deed.person], state.minds[deed.person], event, deed.reading, "", visible)
        answers[deed.person] = silent_answer(turn)
    return apply(state, reading, answers)
