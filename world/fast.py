"""The rules-only path, for search, sweeps and calibration: readings in, scripted appraisals, no text at all."""

from __future__ import annotations

from functools import lru_cache

from .appraisal import silent_answer
from .engine import Outcome, carry_out, deeds
from .event import Event
from .ports import Answer, Turn, Visible
from .reading import Reading
from .state import WeekState


def decide(state: WeekState, reading: Reading) -> Outcome:
    """Apply a reading with the scripted appraisals of everyone concerned. Raises ValueError when it does not fit."""
    queued = state.event
    answers: dict[str, Answer] = {}
    todo = deeds(state, reading)
    for deed in todo:
        assert queued is not None  # deeds() has checked it
        thread = state.threads.get(deed.thread)
        visible = Visible(state.week.seed, state.at, deed.need, thread.rounds if thread else 0, (), ())
        persona = state.week.recipe.personas[deed.person]
        turn = Turn(persona, state.minds[deed.person], _wordless(queued.id), deed.reading, "", visible)
        answers[deed.person] = silent_answer(turn)
    return carry_out(state, todo, answers, "")


@lru_cache(maxsize=1024)
def _wordless(event_id: str) -> Event:
    return Event(id=event_id, source="", sender="", subject="", body="", asks=())
