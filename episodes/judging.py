"""A judge's note on one step, with the world's own note beside it. Reads states; changes none."""

from __future__ import annotations

from typing import NamedTuple

from ..stakeholders.judge import Judge
from ..world.fault import Fault
from ..world.observation import Observation
from ..world.state import WeekState
from .record import JudgeNote


class Judged(NamedTuple):
    """What goes on record of a judge, and what went wrong with it."""

    note: JudgeNote | None
    faults: tuple[Fault, ...] = ()


async def judged(judge: Judge | None, obs: Observation, reply: str, before: WeekState, after: WeekState) -> Judged:
    """The note on a reply that led from one state to the next; nothing without a judge."""
    if judge is None:
        return Judged(None)
    verdict = await judge.judge(obs, reply)
    sides = dict(verdict.sides) if verdict.sides is not None else None
    return Judged(JudgeNote(score=verdict.score, local=local_note(before, after), sides=sides), verdict.faults)


def local_note(before: WeekState, after: WeekState) -> float | None:
    """The mean of the notes (0..1) that a step added to the week's threads; None when it added none."""
    added = [note for key, thread in after.threads.items() for note in thread.notes[len(before.threads[key].notes) :]]
    return sum(added) / len(added) if added else None
