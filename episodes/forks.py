"""Forks: a recorded week played again under the same luck with one reply changed, and what that one reply changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ..agents.oracle import SeesState
from ..agents.scene import kind_of, week_seed
from ..agents.writer import write
from ..config import load_recipe, near_miss
from ..stakeholders.reading.llm import LLMReader
from ..world.clock import Moment
from ..world.event import Event
from ..world.frozen import Frozen
from ..world.observation import Observation
from ..world.ports import Answer, Protagonist, Stakeholder, Turn
from ..world.reading import ACTS, Act, Reading
from ..world.state import WeekState
from ..world.week import Week
from .errors import RunError, UsageError
from .loop import run_week
from .rebuild import week_of_record
from .record import StepRecord, WeekRecord, rounded
from .seats import Seats

Then = Literal["policy", "recorded"]
"""Who goes on after the changed reply: the protagonist, or the recorded replies where the same event still comes."""
Change = tuple[float, float]
"""In the recorded week, in the other one."""


class Diff(Frozen):
    """The paired difference of two weeks that part at one reply; every pair is (recorded, other).

    vanished and appeared are event ids that only one of them has; answered are those both have, read differently.
    """

    event: str
    vanished: tuple[str, ...]
    appeared: tuple[str, ...]
    answered: tuple[str, ...]
    evenings: tuple[Change, ...]
    trust: dict[str, Change]
    scores: dict[str, Change]
    total: Change
    delivered: tuple[bool, bool]
    end: tuple[str, str]


class Pair(NamedTuple):
    """A recorded week, its fork, and what differs."""

    base: WeekRecord
    other: WeekRecord
    diff: Diff


def fork(
    record: WeekRecord,
    event_id: str,
    seats: Seats,
    *,
    reply: str | None = None,
    act: str | None = None,
    week: Week | None = None,
    then: Then = "policy",
) -> Pair:
    """Play a recorded week again with another reply to one event.

    reply is the new text; act writes one instead ("decline", or one an ask: "accept,decline"). week: the record's own,
    made from the canonical recipe when not given. A protagonist with a memory of its own starts without one.

    Raises UsageError: unknown event or act, both or neither of reply and act, a record of another world. Raises
    RunError when the steps before the event do not come out as recorded.
    """
    place = _place(record, event_id)
    new = _reply(record.steps[place].observation, reply, act)
    week = week or week_of_record(record, load_recipe(record.scenario))
    before = record.steps[:place]
    protagonist = _Forked(seats.protagonist, record, place, new, then)
    coworkers = {who: _Recorded(seat, before) for who, seat in seats.coworkers.items()}
    reader = _RecordedReader(seats.reader, before) if isinstance(seats.reader, LLMReader) else seats.reader
    other = run_week(week, Seats(protagonist, reader, coworkers, seats.policy, seats.specs))
    _check_prefix(record, other, place)
    return Pair(record, other, difference(record, other, event_id))


def difference(base: WeekRecord, other: WeekRecord, event_id: str) -> Diff:
    """What differs between two weeks of one seed."""
    ours, theirs = _acts(base), _acts(other)
    return Diff(
        event=event_id,
        vanished=tuple(event for event in ours if event not in theirs),
        appeared=tuple(event for event in theirs if event not in ours),
        answered=tuple(event for event in ours if event in theirs and ours[event] != theirs[event]),
        evenings=tuple(zip(base.evenings, other.evenings, strict=True)),
        trust={who: (trust, other.trust[who]) for who, trust in base.trust.items()},
        scores={name: (score, other.scores[name]) for name, score in base.scores.items()},
        total=(base.total, other.total),
        delivered=(base.delivered, other.delivered),
        end=(base.end, other.end),
    )


def _acts(record: WeekRecord) -> dict[str, tuple[str, ...]]:
    return {step.event: tuple(ask.act for ask in step.reading.asks) for step in record.steps}


def _place(record: WeekRecord, event_id: str) -> int:
    events = [step.event for step in record.steps]
    if event_id not in events:
        hint = near_miss(event_id, events) or f"its events: {', '.join(events)}"
        raise UsageError(f"{record.episode_id} has no answered event {event_id!r}; {hint}")
    return events.index(event_id)


def _reply(obs: Observation, reply: str | None, act: str | None) -> str:
    """The new reply as text."""
    if (reply is None) == (act is None):
        raise UsageError("give either a reply or an act")
    if reply is not None:
        return reply
    named = [part.strip() for part in (act or "").split(",")]
    acts: list[Act] = [_act(name) for name in (named * len(obs.event.asks) if len(named) == 1 else named)]
    if len(acts) != len(obs.event.asks):
        raise UsageError(f"{obs.event.id} has {len(obs.event.asks)} asks; {len(acts)} acts were given")
    return write(kind_of(obs.event.id), acts, obs, week_seed(obs, 0))


def _act(name: str) -> Act:
    for act in ACTS:
        if act == name:
            return act
    raise UsageError(f"unknown act {name!r}; {near_miss(name, ACTS) or 'known: ' + ', '.join(ACTS)}")


def _check_prefix(record: WeekRecord, other: WeekRecord, place: int) -> None:
    """Whether everything before the fork came out as recorded, to the byte. Raises RunError."""
    for number, (old, new) in enumerate(zip(record.steps[:place], other.steps, strict=False)):
        was, now = _plain(old), _plain(new)
        if was != now:
            parts = [key for key in was if was[key] != now[key]]
            raise RunError(
                f"{record.episode_id}: step {number} ({old.event}) does not come out as recorded (differs in "
                f"{', '.join(parts)}); recorded with reader {record.versions.reader}, this is {other.versions.reader}"
            )
    if len(other.steps) <= place:
        raise RunError(f"{record.episode_id}: could not be replayed up to the fork: {other.error or 'it ended before'}")


def _plain(step: StepRecord) -> Mapping[str, object]:
    """A step as it stands on disk, without what is no part of the week: regret, a judge's note, the fault ledger."""
    return rounded(step.model_dump(mode="json", by_alias=True, exclude={"regret", "judge", "faults"}))


class _Forked:
    """Says what was said up to the fork, then the new reply, then what `then` asks for."""

    def __init__(self, inner: Protagonist, record: WeekRecord, place: int, new: str, then: Then) -> None:
        self._inner = inner
        self._said = [step.reply for step in record.steps[:place]] + [new]
        later = record.steps[place + 1 :] if then == "recorded" else ()
        self._later = {step.event: step.reply for step in later}

    def see(self, state: WeekState) -> None:
        if isinstance(self._inner, SeesState):
            self._inner.see(state)

    async def reply(self, obs: Observation) -> str:
        if obs.step < len(self._said):
            return self._said[obs.step]
        known = self._later.get(obs.event.id)
        return known if known is not None else await self._inner.reply(obs)


class _RecordedReader:
    """A reader that gives its recorded readings before the fork, for the same reason as `_Recorded`."""

    def __init__(self, inner: LLMReader, before: Sequence[StepRecord]) -> None:
        self._inner = inner
        self._readings = {step.event: step.reading for step in before}
        self.name = inner.name

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        recorded = self._readings.get(event.id)
        return recorded if recorded is not None else await self._inner.read(event, reply, now)


class _Recorded:
    """A coworker that gives its recorded answers before the fork: a model would not say the same twice."""

    def __init__(self, inner: Stakeholder, before: Sequence[StepRecord]) -> None:
        self._inner = inner
        self._answers = {step.event: step.answers for step in before}

    async def answer(self, turn: Turn) -> Answer:
        recorded = self._answers.get(turn.event.id, {}).get(turn.persona.id)
        return recorded if recorded is not None else await self._inner.answer(turn)
