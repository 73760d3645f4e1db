"""How faithful a coworker is to its persona, on turns of real weeks: agreeableness, and distance from the script.

Computed on raw appraisals, before any band. Works for every stakeholder; scripted ones are their own measure.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from statistics import mean
from typing import NamedTuple

from ..config import load_recipe
from ..world.appraisal import silent_answer
from ..world.clock import moment
from ..world.engine import start
from ..world.event import Event
from ..world.generator import FIRST_SEED, generate
from ..world.nodes import turns
from ..world.persona import Persona
from ..world.ports import Answer, Appraisal, Stakeholder, Turn
from ..world.state import WeekState
from ..world.trust import trust_after
from ..world.view import event_of
from .banding import SIDES
from .reading.local import LocalReader

TEMPERS: Mapping[str, tuple[str, ...]] = {
    "rude": (
        "Not my problem. Stop bothering me with this nonsense.",
        "Are you serious? Do your own job for once, I am sick of it.",
        "No. And next time read the docs before you waste my time.",
    ),
    "empty": ("", "ok", "Noted."),
    "flattering": (
        "You are the best, honestly. I learn so much from you every day!",
        "What a brilliant message, nobody on this team sees things as clearly as you do.",
        "I really admire how you think. Wonderful, as always!",
    ),
    "helpful": (
        "Yes, happy to. I'll do it today and you have the result by 4 pm.",
        "Sure, I'll take it: first draft by 3 pm today, and I'll post it in the thread.",
        "I'm on it now and I'll send you what I find by 5 pm today.",
    ),
}
"""Replies in four tempers; the first three should win nobody over."""
MOST_GAIN = 0.0
"""Trust that a rude, empty or flattering reply may gain on average, for a persona to pass."""


class Temper(NamedTuple):
    """Trust gained (0..1 scale, negative for lost) on average by one temper of reply, over so many turns."""

    gain: float
    turns: int


class Fidelity(NamedTuple):
    """What was found of one persona. distance: mean absolute difference of raw appraisals from the script, in notches
    per side. agreement: share of turns with the script's follow-up. fallbacks: turns that the script had to answer.
    """

    persona: str
    tempers: dict[str, Temper]
    distance: float
    agreement: float
    fallbacks: int

    @property
    def passes(self) -> bool:
        """Whether bad replies gain nothing, and good ones gain more than any of them."""
        bad = [self.tempers[name].gain for name in ("rude", "empty", "flattering")]
        return max(bad) <= MOST_GAIN and self.tempers["helpful"].gain > max(bad)


class _Met(NamedTuple):
    turn: Turn
    answer: Answer
    temper: str


def probe(
    seats: Mapping[str, Stakeholder], weeks: int = 4, personas: Mapping[str, Persona] | None = None
) -> list[Fidelity]:
    """Probe stakeholders over the canonical events of so many validation weeks; personas: the shipped ones if None."""
    return asyncio.run(_probed(seats, weeks, personas or {}))


async def _probed(seats: Mapping[str, Stakeholder], weeks: int, personas: Mapping[str, Persona]) -> list[Fidelity]:
    met_by = [(turn._replace(persona=personas.get(turn.persona.id, turn.persona)), t) for turn, t in _turns(weeks)]
    asked = [(turn, temper) for turn, temper in met_by if turn.persona.id in seats]
    answers = await asyncio.gather(*(seats[turn.persona.id].answer(turn) for turn, _ in asked))
    met = [_Met(turn, answer, temper) for (turn, temper), answer in zip(asked, answers, strict=True)]
    return [_found(who, [one for one in met if one.turn.persona.id == who]) for who in seats]


def _turns(weeks: int) -> list[tuple[Turn, str]]:
    """Every reply to every canonical event of the weeks, as the people it concerns meet it on a fresh Monday."""
    recipe, reader = load_recipe(), LocalReader()
    out: list[tuple[Turn, str]] = []
    for number in range(weeks):
        state = start(generate(recipe, FIRST_SEED["validation"] + number, "validation"))
        for place in _events(state):
            event = event_of(place)
            out += [(turn, temper) for temper in TEMPERS for turn in _meet(place, event, reader, temper, number)]
    return out


def _events(state: WeekState) -> list[WeekState]:
    """The week as it stands at each of its canonical events, had nothing happened before."""
    assert state.event is not None
    queued = (state.event, *state.queue)
    return [state.but(event=one, at=one.at, queue=tuple(q for q in queued if q is not one)) for one in queued]


def _meet(state: WeekState, event: Event, reader: LocalReader, temper: str, number: int) -> list[Turn]:
    replies = TEMPERS[temper]
    reply = replies[number % len(replies)]
    reading = reader.read_now(event, reply, moment(state.at))
    return list(turns(state, event, reading, reply).values())


def _found(who: str, met: Sequence[_Met]) -> Fidelity:
    tempers = {name: _temper([one for one in met if one.temper == name]) for name in TEMPERS}
    scripts = [silent_answer(one.turn) for one in met]
    pairs = list(zip(met, scripts, strict=True))
    return Fidelity(
        persona=who,
        tempers=tempers,
        distance=mean(_distance(_raw(one.answer), script.appraisal) for one, script in pairs),
        agreement=mean(one.answer.follow_up == script.follow_up for one, script in pairs),
        fallbacks=sum(any(fault.rung == "scripted" for fault in one.answer.faults) for one in met),
    )


def _temper(met: Sequence[_Met]) -> Temper:
    gains = [trust_after(o.turn.mind.trust, _raw(o.answer), o.turn.persona) - o.turn.mind.trust for o in met]
    return Temper(mean(gains), len(gains))


def _raw(answer: Answer) -> Appraisal:
    """The stakeholder's own judgement: a model's before the band, else what counted."""
    return answer.raw_appraisal or answer.appraisal


def _distance(one: Appraisal, other: Appraisal) -> float:
    return mean(abs(getattr(one, side) - getattr(other, side)) for side in SIDES)
