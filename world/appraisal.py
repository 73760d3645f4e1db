"""What a scripted persona feels about a reading, and which entry of its menu follows; others add the words."""

from __future__ import annotations

from functools import lru_cache

from .acts import EMPTY, OFFERS, REFUSES, TAKES
from .luck import draw
from .persona import FollowUp, FollowUpWhen, Persona
from .ports import Answer, Appraisal, Mind, Need, Turn
from .reading import AskReading
from .trust import trust_after

GUARDED = 0.5
"""From this `instruction_like` on, a reply is treated as an attempt to talk the reader into something."""

NOTHING_ELSE = frozenset({"unclear", "acknowledge"})
"""What an attack and nothing else is read as: worth no more than silence."""


def event_kind(event_id: str) -> str:
    """The kind in an event id: "nudge@priya#2" -> "nudge"."""
    return event_id.partition("#")[0].partition("@")[0]


def _notch(value: float) -> int:
    """0..1 -> -2..2."""
    return min(max(round(4 * value - 2), -2), 2)


def _clamp(value: int) -> int:
    return min(max(value, -2), 2)


def _helpfulness(ask: AskReading, need: Need) -> int:
    if ask.act in TAKES:
        return 2
    if ask.act in REFUSES:
        offered = ask.act in OFFERS and ask.qualities.alternative >= 0.4
        if need == "real":
            return -1 if offered else -2
        return 1 if offered else (0 if ask.qualities.reason >= 0.4 else -1)
    return {"ask": 0, "unclear": -1, "acknowledge": -1, "ignore": -2}[ask.act]


def _open_question(round_: int, respect: int) -> Appraisal:
    """A question back: civil at best, and tiresome when it is the second one."""
    return _judged(_clamp(min(respect, 0)), 0 if round_ == 0 else -1, 0 if round_ == 0 else -1, 0)


def _reliability(ask: AskReading, mind: Mind) -> int:
    quality = ask.qualities
    fates = [p.status for p in mind.promises]
    value = int(quality.next_step >= 0.4) + int(ask.act in TAKES and any(c.due for c in ask.commitments))
    value -= int(quality.over_promise >= 0.5) + int(fates.count("broken") > fates.count("kept")) + int(ask.act in EMPTY)
    return _clamp(value)


def appraise(ask: AskReading, need: Need, mind: Mind, round_: int = 0) -> Appraisal:
    """Judge one reply on the closed scale: respect and clarity from how it was written, the rest from what it does.

    round_: answers given in this thread before.
    """
    quality = ask.qualities
    guarded = quality.instruction_like >= GUARDED
    if ask.act == "ignore" or (guarded and ask.act in NOTHING_ELSE):
        return _judged(-1, -2, -2, -1)
    respect = _notch(quality.courtesy) - int(quality.blame >= 0.5) - int(quality.register_ < 0.3)
    if ask.act == "ask" and not guarded:
        return _open_question(round_, respect)
    clarity = -1 if ask.act == "unclear" else _notch(quality.clarity)
    helpfulness, reliability = _helpfulness(ask, need), _reliability(ask, mind)
    if guarded:
        # No side above 0: the words of an attack must not earn what the same reply without them would not.
        return _judged(_clamp(min(respect, 0) - 1), min(clarity, 0), min(helpfulness, 0), min(reliability, 0))
    return _judged(_clamp(respect), clarity, helpfulness, reliability)


@lru_cache(maxsize=5**4)
def _judged(respect: int, clarity: int, helpfulness: int, reliability: int) -> Appraisal:
    return Appraisal(respect=respect, clarity=clarity, helpfulness=helpfulness, reliability=reliability)


def fits(when: FollowUpWhen, turn: Turn, trust: float) -> bool:
    """Whether a follow-up can come of this turn, chance left out; trust is what it came to, 0..1."""
    kind = event_kind(turn.event.id)
    return (
        (not when.acts or turn.ask.act in when.acts)
        and (not when.events or kind in when.events)
        and (when.need is None or when.need == turn.visible.need)
        and (when.round_below is None or turn.visible.round < when.round_below)
        and (when.trust_below is None or trust < when.trust_below)
        and (when.trust_above is None or trust > when.trust_above)
    )


def follow_up(turn: Turn, appraisal: Appraisal) -> FollowUp | None:
    """The first entry of the persona's menu that fits this turn and that luck allows."""
    trust = trust_after(turn.mind.trust, appraisal, turn.persona)
    for entry in turn.persona.follow_ups:
        if fits(entry.when, turn, trust):
            chance = entry.when.chance
            if chance >= 1.0 or draw(turn.visible.seed, turn.event.id, f"follow:{entry.id}") < chance:
                return entry
    return None


def menu_entry(persona: Persona, entry_id: str) -> FollowUp | None:
    """The menu entry of that id, or None: what is not on the menu cannot happen."""
    return next((entry for entry in persona.follow_ups if entry.id == entry_id), None)


def silent_answer(turn: Turn) -> Answer:
    """The scripted persona's appraisal and follow-up without words: what search and sweeps need."""
    appraisal = appraise(turn.ask, turn.visible.need, turn.mind, turn.visible.round)
    entry = follow_up(turn, appraisal)
    notches = (appraisal.respect, appraisal.clarity, appraisal.helpfulness, appraisal.reliability)
    return _wordless(*notches, entry.id if entry else None)


@lru_cache(maxsize=5**5)
def _wordless(respect: int, clarity: int, helpfulness: int, reliability: int, follow_up_id: str | None) -> Answer:
    appraisal = _judged(respect, clarity, helpfulness, reliability)
    return Answer(message="", appraisal=appraisal, follow_up=follow_up_id)
