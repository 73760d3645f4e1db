"""How faithful coworkers are to their personas: figures with intervals, and the bars that scripted ones hold.

Reads answers that were put on record by `stakeholders.fidelity`; asks nobody. Turns that a model left to the script
count nowhere but in `left`: the script's answers say nothing about the model.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ..stakeholders.banding import SIDES
from ..stakeholders.fidelity.asking import SCALE_PLACES, Asked, Met
from ..stakeholders.fidelity.tempers import SCALE, TEMPERS
from ..stakeholders.fidelity.turns import LENGTH
from ..stakeholders.fidelity.voiceprint import Judged, by_person, told_apart
from ..world.appraisal import silent_answer
from ..world.trust import trust_after
from .stats import EMPTY, Figure, bootstrap

HALVES: Mapping[str, range] = {"first": range(LENGTH // 2), "second": range(LENGTH // 2, LENGTH)}
"""Places (from 0) that a voice is learned from, to see whether it fades."""
BLOCK = 3
"""Turns that one point of the voice's curve stands for."""
Value = Callable[[Met], float]


class Point(NamedTuple):
    """One point of a slope; level: what shares a height within its conversation."""

    conversation: int
    level: str
    x: float
    y: float


class Person(NamedTuple):
    """What was found of one coworker; every interval is over conversations, n is how many of them it rests on.

    turns: answers of its own to the conversations. asked: all its turns; left: those that the script answered. faults:
    kind -> how many. gains: temper -> trust gained (-1..1) on raw appraisals; counted: on what the world takes. honest:
    how much more a helpful reply gains than a flattering one at the same place. distance: side -> mean absolute
    difference of raw appraisals from the script, in notches (0..4). agreement: share (0..1) with its follow-up. voice:
    share of messages known as its own; unseen: the same for wordings that the classifier never saw. fading: change a
    turn of the share known from first turns less that from last turns, halved. drift: change a turn of the appraisal of
    identical replies, in notches.
    """

    person: str
    turns: int
    asked: int
    left: int
    faults: dict[str, int]
    gains: dict[str, Figure]
    counted: dict[str, Figure]
    honest: Figure
    distance: dict[str, Figure]
    agreement: Figure
    voice: Figure
    unseen: Figure
    fading: Figure
    drift: Figure
    voice_by_turn: dict[str, tuple[Figure, ...]]
    scale_by_turn: dict[str, tuple[Figure, ...]]


class Fidelity(NamedTuple):
    """All coworkers that were probed together. separability: share (0..1) of messages whose writer was found, over
    everybody; chance is what guessing would reach; confused: writer -> taken for -> how many messages.
    """

    conversations: int
    people: tuple[Person, ...]
    separability: Figure
    unseen: Figure
    chance: float
    confused: dict[str, dict[str, int]]

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        return {
            "conversations": self.conversations,
            "turns_each": LENGTH,
            "separability": {"all": self.separability, "unseen": self.unseen, "chance": self.chance},
            "confused": self.confused,
            "people": {one.person: _plain(one) for one in self.people},
        }


def measure(asked: Asked) -> Fidelity:
    """The figures of everybody who was asked. Raises ValueError when nobody was."""
    people = list(dict.fromkeys(met.person for met in asked.met))
    if not people:
        raise ValueError("nobody was asked")
    own = [met for met in asked.met if not met.left]
    judged = told_apart(own)
    spoken = by_person(judged)
    halves = {half: by_person(told_apart(own, places)) for half, places in HALVES.items()}
    return Fidelity(
        conversations=len({met.conversation for met in asked.met}),
        people=tuple(
            _person(who, asked, spoken.get(who, []), {half: by.get(who, []) for half, by in halves.items()})
            for who in people
        ),
        separability=_share(judged),
        unseen=_share([one for one in judged if one.unseen]),
        chance=1.0 / len(people),
        confused={who: dict(sorted(Counter(one.owner for one in mine).items())) for who, mine in spoken.items()},
    )


def _person(who: str, asked: Asked, spoken: Sequence[Judged], halves: Mapping[str, Sequence[Judged]]) -> Person:
    every = [met for met in asked.every if met.person == who]
    met, tempers, scale = (
        [one for one in part if one.person == who and not one.left] for part in (asked.met, asked.tempers, asked.scale)
    )
    return Person(
        person=who,
        turns=len(met),
        asked=len(every),
        left=sum(one.left for one in every),
        faults=dict(sorted(Counter(fault.kind for one in every for fault in one.answer.faults).items())),
        gains={name: _mean([one for one in tempers if one.temper == name], _raw_gain) for name in TEMPERS},
        counted={name: _mean([one for one in tempers if one.temper == name], _counted_gain) for name in TEMPERS},
        honest=_honest(tempers),
        distance={side: _mean(met, _distance(side)) for side in SIDES},
        agreement=_mean(met, lambda one: float(one.answer.follow_up == silent_answer(one.turn).follow_up)),
        voice=_share(spoken),
        unseen=_share([one for one in spoken if one.unseen]),
        fading=slope(_fading(halves)),
        drift=slope(Point(one.conversation, one.temper, one.place, _notches(one)) for one in scale),
        voice_by_turn={
            half: tuple(_share([o for o in mine if o.met.place // BLOCK == block]) for block in range(LENGTH // BLOCK))
            for half, mine in halves.items()
        },
        scale_by_turn={
            name: tuple(_mean([o for o in scale if (o.temper, o.place) == (name, at)], _notches) for at in SCALE_PLACES)
            for name in SCALE
        },
    )


def slope(points: Iterable[Point]) -> Figure:
    """The change of y a step of x, with its interval over conversations; every level of each has its own height."""
    groups: defaultdict[tuple[int, str], list[tuple[float, float]]] = defaultdict(list)
    for point in points:
        groups[point.conversation, point.level].append((point.x, point.y))
    sums: defaultdict[int, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for (number, _), pairs in groups.items():
        x, y = np.array(pairs, dtype=float).T
        centred = x - x.mean()
        sums[number] = sums[number][0] + float(centred @ y), sums[number][1] + float(centred @ centred)
    return _ratio(sums)


def change(figure: Figure) -> float | None:
    """A slope as the change from the first to the last turn of a conversation."""
    return None if figure["mean"] is None else figure["mean"] * (LENGTH - 1)


def _fading(halves: Mapping[str, Sequence[Judged]]) -> Iterator[Point]:
    """Whether a message is known from first turns, less whether it is known from last ones, halved.

    How hard a message is to place cancels out; a voice that stays the same is known from both alike at every turn.
    """
    last = {(one.met.conversation, one.met.place): one.right for one in halves["second"]}
    for one in halves["first"]:
        at = one.met.conversation, one.met.place
        if at in last:
            yield Point(one.met.conversation, "", one.met.place, (one.right - last[at]) / 2)


def _honest(tempers: Sequence[Met]) -> Figure:
    """Helpful minus flattering, at places where both were answered."""
    gains = {(one.conversation, one.place, one.temper): _raw_gain(one) for one in tempers}
    return _average(
        (number, gain - gains[number, place, "flattering"])
        for (number, place, temper), gain in gains.items()
        if temper == "helpful" and (number, place, "flattering") in gains
    )


def _raw_gain(met: Met) -> float:
    return trust_after(met.turn.mind.trust, met.raw, met.turn.persona) - met.turn.mind.trust


def _counted_gain(met: Met) -> float:
    return trust_after(met.turn.mind.trust, met.answer.appraisal, met.turn.persona) - met.turn.mind.trust


def _distance(side: str) -> Value:
    return lambda met: abs(getattr(met.raw, side) - getattr(silent_answer(met.turn).appraisal, side))


def _notches(met: Met) -> float:
    """The mean of the four sides of a raw appraisal."""
    return sum(getattr(met.raw, side) for side in SIDES) / len(SIDES)


def _share(judged: Iterable[Judged]) -> Figure:
    return _average((one.met.conversation, float(one.right)) for one in judged)


def _mean(met: Iterable[Met], value: Value) -> Figure:
    return _average((one.conversation, value(one)) for one in met)


def _average(values: Iterable[tuple[int, float]]) -> Figure:
    sums: defaultdict[int, tuple[float, float]] = defaultdict(lambda: (0.0, 0.0))
    for number, value in values:
        sums[number] = sums[number][0] + value, sums[number][1] + 1.0
    return _ratio(sums)


def _ratio(sums: Mapping[int, tuple[float, float]]) -> Figure:
    """A ratio of sums, resampled by conversation."""
    if not any(whole > 0 for _, whole in sums.values()):
        return EMPTY.copy()
    table = np.array([sums[number] for number in sorted(sums) if sums[number][1] > 0], dtype=float)
    return bootstrap(table[:, :1], table[:, 1:])[0]


def _plain(one: Person) -> dict[str, Any]:
    found = {name: value for name, value in one._asdict().items() if name != "person"}
    return found
