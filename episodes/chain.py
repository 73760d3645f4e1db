"""One week of two runs, step by step: where they part, and the chain of what changed because of what. Reads records.

A coworker may differ only for a reason that it could know: another persona, another reply or event, or its own earlier
exchanges and trust. A difference without a reason is kept and has none, so that a leak would show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple

from ..world.clock import Moment, label
from ..world.frozen import SCHEMA
from .errors import UsageError
from .record import StepRecord, WeekRecord, rounded
from .runs import weeks_in
from .side_by_side import (
    Pair,
    aligned,
    answered_otherwise,
    brought_otherwise,
    parted_trust,
    read_otherwise,
    roots,
    seen_otherwise,
    swapped,
    when,
)

What = Literal["vanished", "appeared", "event", "seen", "reply", "reading", "answer"]
"""An event that only the first or only the second week has; else what differs at one that both have."""
ARJUN, WORLD = "arjun", "world"
ROOTS = {"policy": "another policy", "reader": "another reader", "world": "another world", "start": "another Monday"}
"""What can differ beside people; the last is a week whose state, minds left out, was another one from the beginning."""


class Link(NamedTuple):
    """One change. number: from 1, in the order of the week; at: "Mon 10:50"; who: a person, arjun, or world.

    parts: what of it differs, with old and new where they are short. because: numbers of earlier links. roots: what was
    different from the start. With neither, nothing on record explains the change.
    """

    number: int
    event: str
    at: str
    what: What
    who: str
    parts: tuple[str, ...]
    because: tuple[int, ...]
    roots: tuple[str, ...]

    @property
    def explained(self) -> bool:
        """Whether it has a reason."""
        return bool(self.because or self.roots)


class Chain(NamedTuple):
    """The changes of a week in order. swapped: who has another persona or seat. answers: person -> (the same,
    otherwise), over the events that both weeks have.
    """

    seed: int
    swapped: tuple[str, ...]
    links: tuple[Link, ...]
    answers: Mapping[str, tuple[int, int]]

    @property
    def unexplained(self) -> tuple[Link, ...]:
        """Changes that nothing on record explains; empty where only what was swapped made the difference."""
        return tuple(link for link in self.links if not link.explained)

    def behind(self, link: Link) -> tuple[Link, ...]:
        """A change and all that led to it, in the order of the week."""
        numbers, waiting = {link.number}, [link]
        while waiting:
            fresh = set(waiting.pop().because) - numbers
            numbers |= fresh
            waiting += [self.links[number - 1] for number in fresh]
        return tuple(one for one in self.links if one.number in numbers)

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        links = [link._asdict() for link in self.links]
        answers = {who: {"same": same, "otherwise": other} for who, (same, other) in self.answers.items()}
        unexplained = [link.number for link in self.unexplained]
        return rounded(
            {"schema": SCHEMA, "seed": self.seed, "swapped": list(self.swapped), "links": links, "answers": answers}
            | {"unexplained": unexplained}
        )


def week_chain(first: Path, second: Path, week: int) -> Chain:
    """The chain of one week of two run folders; week: a seed, or a place in the first run from 0.

    Raises UsageError when one of them has no such week, RunError for a broken folder.
    """
    own = list(weeks_in(first))
    found = next((record for record in own if record.seed == week), own[week] if week < len(own) else None)
    if found is None:
        raise UsageError(f"{first}: no week {week} among its {len(own)}; give a seed, or 0..{len(own) - 1}")
    other = next((record for record in weeks_in(second) if record.seed == found.seed), None)
    if other is None:
        raise UsageError(f"{second}: has no week {found.seed}")
    return chain(found, other)


def chain(first: WeekRecord, second: WeekRecord) -> Chain:
    """The chain between two records of one seed. Raises UsageError for different weeks or casts."""
    if (first.seed, first.facts) != (second.seed, second.facts) or set(first.personas) != set(second.personas):
        raise UsageError(f"{first.episode_id} and {second.episode_id} are not the same week with the same people")
    return _Links(first, second).made()


class _Links:
    """Walks both weeks side by side and links every change to what it could come from."""

    def __init__(self, first: WeekRecord, second: WeekRecord) -> None:
        self._records = (first, second)
        self._roots = roots(first, second)
        self._swapped = swapped(first, second)
        self._links: list[Link] = []
        self._trust = parted_trust(first, second)

    def made(self) -> Chain:
        """The finished chain."""
        counts: dict[str, tuple[int, int]] = dict.fromkeys(self._records[0].personas, (0, 0))
        for pair in aligned(*self._records):
            if pair.old is None or pair.new is None:
                self._one_sided(pair)
                continue
            self._both(pair, pair.old, pair.new)
            for who in pair.old.answers.keys() | pair.new.answers.keys():
                same, other = counts[who]
                equal = pair.old.answers.get(who) == pair.new.answers.get(who)
                counts[who] = (same + equal, other + (not equal))
        return Chain(self._records[0].seed, self._swapped, tuple(self._links), counts)

    def _one_sided(self, pair: Pair) -> None:
        what: What = "appeared" if pair.old is None else "vanished"
        who = _person(pair.event) or WORLD
        people = tuple(sorted(pair.any.answers))
        self._add(
            pair, what, who, tuple(f"with {one}" for one in people if one != who), *self._origin(pair.event, people)
        )

    def _both(self, pair: Pair, old: StepRecord, new: StepRecord) -> None:
        begun = len(self._links)
        if parts := brought_otherwise(old, new):
            self._add(pair, "event", WORLD, parts, *self._origin(pair.event, tuple(old.answers)))
        if old.reply != new.reply:
            self._reply(pair, old, new, begun)
        if parts := read_otherwise(old, new):
            here = tuple(link.number for link in self._links[begun:] if link.what in ("event", "reply"))
            self._add(pair, "reading", ARJUN, parts, here, self._root("reader"))
        told = tuple(link.number for link in self._links[begun:] if link.what in ("event", "reply", "reading"))
        for who in self._records[0].personas:
            if parts := answered_otherwise(old, new, who):
                self._answer(pair, who, parts, told)

    def _reply(self, pair: Pair, old: StepRecord, new: StepRecord, begun: int) -> None:
        """Another reply, and what of his view it could come from; a view that changed nothing he wrote is no link."""
        if parts := seen_otherwise(old, new):
            self._add(pair, "seen", ARJUN, parts, *self._behind_view(tuple(old.answers)))
        here, roots = self._since(begun), self._root("policy")
        self._add(pair, "reply", ARJUN, (), here or (() if roots else self._latest()), roots)

    def _answer(self, pair: Pair, who: str, parts: tuple[str, ...], told: tuple[int, ...]) -> None:
        """A coworker's answer that differs: by itself, by what it was told, by what was before between them."""
        roots = tuple(f"another {who}" for one in self._swapped if one == who) + self._root("world")
        before = self._of(who) + self._behind_trust(who, pair)
        self._add(pair, "answer", who, parts, tuple(dict.fromkeys((*before, *told))), roots)

    def _origin(self, event: str, people: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """What an event comes from: the step that set it in motion, in the week that has it."""
        spawners = {step.event for record in self._records for step in record.steps if event in step.spawned}
        person = _person(event)
        found = [link for link in self._links if link.event in spawners and link.what not in ("seen", "event")]
        sent = [link for link in found if link.who == person or link.what in ("appeared", "vanished")]
        chosen = tuple(link.number for link in (sent or found))
        roots = self._root("world")
        if not chosen:
            roots += tuple(f"another {who}" for who in people if who in self._swapped and who in self._trust)
        return chosen or (() if roots else self._latest()), roots

    def _behind_view(self, people: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
        """What Arjun sees otherwise: his conversations with these people, and his own days."""
        own = [number for who in people for number in self._of(who)]
        acts = [link.number for link in self._links if link.what in ("reply", "reading", "appeared", "vanished")][-1:]
        begun = self._root("start") + self._root("world")
        return tuple(sorted({*own, *acts})) or (() if begun else self._latest()), begun

    def _behind_trust(self, who: str, pair: Pair) -> tuple[int, ...]:
        """Where somebody's trust parted without a word between them: a promise that broke in one week only."""
        parted = self._trust.get(who)
        if parted is None or self._of(who) or who in self._swapped:
            return ()
        at = when(pair.any)
        return self._latest() if parted < at else ()

    def _of(self, who: str) -> tuple[int, ...]:
        """The last change in the exchanges with somebody."""
        mine = [link for link in self._links if _concerns(link, who)]
        return tuple(link.number for link in mine[-1:])

    def _since(self, begun: int) -> tuple[int, ...]:
        return tuple(link.number for link in self._links[begun:])

    def _latest(self) -> tuple[int, ...]:
        return tuple(link.number for link in self._links[-1:])

    def _root(self, name: str) -> tuple[str, ...]:
        return (ROOTS[name],) if name in self._roots else ()

    def _add(
        self,
        pair: Pair,
        what: What,
        who: str,
        parts: tuple[str, ...],
        because: tuple[int, ...],
        roots: tuple[str, ...],
    ) -> None:
        at = label(Moment(day=pair.any.observation.day, minute=pair.any.observation.minute).at)
        self._links.append(Link(len(self._links) + 1, pair.event, at, what, who, parts, because, roots))


def _concerns(link: Link, who: str) -> bool:
    """Whether a change is one in the exchanges with somebody."""
    if link.what in ("appeared", "vanished"):
        return link.who == who or f"with {who}" in link.parts
    return link.what == "answer" and link.who == who


def _person(event: str) -> str:
    """The person in an event's id, or ""."""
    return event.partition("@")[2].partition("#")[0]
