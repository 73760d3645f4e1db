"""How much a model's own judgement counts: within a band around what the scripted persona would feel."""

from __future__ import annotations

from ..world.appraisal import GUARDED, fits, silent_answer
from ..world.persona import FollowUp
from ..world.ports import Appraisal, Turn
from ..world.trust import trust_after

SIDES = tuple(Appraisal.model_fields)


def guarded(turn: Turn) -> bool:
    """Whether this reply tries to talk the reader into something."""
    return turn.ask.qualities.instruction_like >= GUARDED


def counted(turn: Turn, raw: Appraisal, band: int | None) -> Appraisal:
    """The appraisal that counts: raw moved into scripted +- band notches (None: raw as it is).

    A reply that gives instructions gets the scripted appraisal, whatever the band.
    """
    scripted = silent_answer(turn).appraisal
    if guarded(turn):
        return scripted
    return raw if band is None else _within(raw, scripted, band)


def possible(turn: Turn, band: int | None) -> tuple[FollowUp, ...]:
    """The entries of the menu that could come of this turn, whichever appraisal within the band it gets."""
    low, high = _reached(turn, band)
    return tuple(entry for entry in turn.persona.follow_ups if any(fits(entry.when, turn, t) for t in (low, high)))


def allowed(turn: Turn, appraisal: Appraisal, chosen: str) -> FollowUp | None:
    """The entry of the menu that was chosen, if it fits what the turn came to; None for anything else."""
    trust = trust_after(turn.mind.trust, appraisal, turn.persona)
    entries = (entry for entry in turn.persona.follow_ups if entry.id == chosen)
    return next((entry for entry in entries if fits(entry.when, turn, trust)), None)


def _reached(turn: Turn, band: int | None) -> tuple[float, float]:
    """The lowest and the highest trust that this turn can lead to."""
    worst, best = (counted(turn, Appraisal(**dict.fromkeys(SIDES, notch)), band) for notch in (-2, 2))
    return tuple(trust_after(turn.mind.trust, a, turn.persona) for a in (worst, best))  # type: ignore[return-value]


def _within(raw: Appraisal, scripted: Appraisal, band: int) -> Appraisal:
    def moved(side: str) -> int:
        middle = getattr(scripted, side)
        return min(max(getattr(raw, side), middle - band, -2), middle + band, 2)

    return Appraisal(**{side: moved(side) for side in SIDES})
