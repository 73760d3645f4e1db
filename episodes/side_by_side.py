"""Two records of one week side by side: which steps belong together, and what of them differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ..world.frozen import Frozen
from .record import StepRecord, WeekRecord, rounded

ANSWER_PARTS = ("message", "appraisal", "raw_appraisal", "follow_up", "wording")
Moment = tuple[int, int, int]
"""Day, minute and step of a decision: what orders a week."""


class Pair(NamedTuple):
    """One event in either week, or in both."""

    event: str
    old: StepRecord | None
    new: StepRecord | None

    @property
    def any(self) -> StepRecord:
        """The step of a week that has it, the second if both do."""
        step = self.new or self.old
        assert step is not None
        return step


def roots(first: WeekRecord, second: WeekRecord) -> tuple[str, ...]:
    """What else than people differs from the start."""
    found = {
        "policy": first.policy != second.policy,
        "reader": first.versions.reader != second.versions.reader,
        "world": first.versions.world != second.versions.world,
        "start": _beginning(first) != _beginning(second),
    }
    return tuple(name for name, differs in found.items() if differs)


def _beginning(record: WeekRecord) -> Mapping[str, object]:
    """The state on Monday without anybody's mind."""
    return rounded({name: value for name, value in record.start.state.items() if name != "minds"})


def swapped(first: WeekRecord, second: WeekRecord) -> tuple[str, ...]:
    """Who has another persona, or is played by another seat."""
    return tuple(
        who
        for who, mark in first.personas.items()
        if second.personas[who] != mark or second.coworkers.get(who) != first.coworkers.get(who)
    )


def aligned(first: WeekRecord, second: WeekRecord) -> Iterator[Pair]:
    """The events of both weeks in the order they came, those of the same id side by side."""
    old, new = ({step.event: step for step in record.steps} for record in (first, second))
    pairs = [Pair(event, old.get(event), new.get(event)) for event in dict.fromkeys((*old, *new))]
    return iter(sorted(pairs, key=lambda pair: when(pair.any)))


def when(step: StepRecord) -> Moment:
    """When a decision was taken."""
    return step.observation.day, step.observation.minute, step.observation.step


def parted_trust(first: WeekRecord, second: WeekRecord) -> dict[str, Moment]:
    """Person -> from when on its trust differs; those whose trust never does are missing."""
    tracks = [_trust(record) for record in (first, second)]
    out: dict[str, Moment] = {}
    for who in first.personas:
        moments = sorted({*tracks[0][who], *tracks[1][who]})
        parted = next((at for at in moments if _at(tracks[0][who], at) != _at(tracks[1][who], at)), None)
        if parted is not None:
            out[who] = parted
    return out


def _trust(record: WeekRecord) -> dict[str, dict[Moment, float]]:
    """Person -> when -> trust from then on."""
    out = {who: {(-1, 0, 0): float(mind[0])} for who, mind in record.start.state["minds"].items()}
    for step in record.steps:
        for who, track in out.items():
            if f"trust.{who}" in step.deltas:
                track[when(step)] = float(step.deltas[f"trust.{who}"][1])
    return out


def _fields(old: Frozen, new: Frozen) -> tuple[str, ...]:
    return tuple(name for name in type(old).model_fields if getattr(old, name) != getattr(new, name))


def _at(track: Mapping[Moment, float], at: Moment) -> float:
    return track[max(when for when in track if when <= at)]


def brought_otherwise(old: StepRecord, new: StepRecord) -> tuple[str, ...]:
    """What of the event differs: its words, or when it came."""
    was, now = old.observation, new.observation
    return _fields(was.event, now.event) + (("time",) if (was.day, was.minute) != (now.day, now.minute) else ())


def seen_otherwise(old: StepRecord, new: StepRecord) -> tuple[str, ...]:
    """What of Arjun's own view differs: earlier words, his calendar, how his week stands."""
    found = _fields(old.observation, new.observation)
    return tuple(part.rstrip("_") for part in found if part not in ("event", "step", "day", "minute"))


def read_otherwise(old: StepRecord, new: StepRecord) -> tuple[str, ...]:
    """How the reply was understood otherwise: the acts, or else only how it was written."""
    if old.reading.asks == new.reading.asks:
        return ()
    acts = [", ".join(ask.act for ask in step.reading.asks) for step in (old, new)]
    return (f"act {acts[0]} -> {acts[1]}",) if acts[0] != acts[1] else ("qualities",)


def answered_otherwise(old: StepRecord, new: StepRecord, who: str) -> tuple[str, ...]:
    """What of somebody's answer differs."""
    one, other = old.answers.get(who), new.answers.get(who)
    if one == other:
        return ()
    if one is None or other is None:
        return ("answers in one week only",)
    changed = [part for part in ANSWER_PARTS if getattr(one, part) != getattr(other, part)]
    return tuple(
        f"follow-up {one.follow_up or 'none'} -> {other.follow_up or 'none'}" if part == "follow_up" else part
        for part in changed
    )
