"""Which time words make up one moment: "tomorrow, after lunch, at 3". Resolves nothing."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

from .timetext import Atom, Words
from .timewords import BEFORE, FILLERS, JOINS, MOVES, SOFT

MOMENT = frozenset(("day", "part", "clock"))
"""Kinds of atoms that moments are made of."""
_RANGE = frozenset(("-", "to", "till", "and", "se"))
_DELIVERS = frozenset(
    "send share deliver delivered done ready finish finished merge merged push submit submitted reach revert "
    "shift move moved moving push postpone reply respond update complete".split()
)
_GIVES, _GIVEN = frozenset(("have", "get", "gets")), frozenset("it this that the them your".split())
"""Verbs with which a range of times means its end: what is delivered between 3 and 4 is due at 4."""
_CLOSES = frozenset(("is", "was", "isn't", "won't", "nahi", "and", "or", "i'm"))
_OPEN_ENDS = frozenset((".", "?", "!", ";", "today", "not", "nahi"))
"""What ends the reach of a day that opens a sentence."""


class Moment(NamedTuple):
    """Atoms that make up one moment, by what they say; first, last: places of its words, last exclusive."""

    first: int
    last: int
    day: Atom | None = None
    part: Atom | None = None
    clock: Atom | None = None
    until: Atom | None = None

    def with_(self, atom: Atom) -> Moment | None:
        """The moment with one more atom, None when it has no room for it."""
        last = atom.last
        if atom.kind == "day":
            return self._replace(day=atom, last=last) if self.day is None or self.day.value == atom.value else None
        if atom.kind == "clock":
            return self._replace(clock=atom, last=last) if self.clock is None else None
        if self.part is None:
            return self._replace(part=atom, last=last)
        return self._with_part(self.part, atom)

    def _with_part(self, mine: Atom, atom: Atom) -> Moment | None:
        """A second part of the day: the narrower one counts ("tomorrow morning first thing")."""
        assert mine.part
        assert atom.part
        if mine.part.half == atom.part.half:
            return self._replace(part=min(mine, atom, key=lambda one: one.part.at if one.part else 0), last=atom.last)
        return self._replace(part=atom, last=atom.last) if mine.part.half and self.clock is None else None


def lead_of(words: Words, place: int) -> str:
    """The word before a place, fillers skipped; "" when there is none."""
    place -= 1
    while place > 0 and words.said[place] in FILLERS:
        place -= 1
    return words.said[place] if place >= 0 else ""


def _fits(words: Words, moment: Moment, atom: Atom) -> bool:
    """Whether only joining words lie between, and no comma between two times."""
    between = words.said[moment.last : atom.first]
    if not between:
        return True
    if len(between) > 3 or not JOINS.issuperset(between):
        return False
    if SOFT.isdisjoint(between):
        return True
    if atom.kind == "clock" and moment.part and moment.part.part and moment.part.part.half and moment.clock is None:
        return True
    return (atom.kind == "day") != (moment.day is not None and moment.clock is None and moment.part is None)


def _ranged(words: Words, moment: Moment, atom: Atom) -> bool:
    """Whether the atom is the end of a range that the moment opens: "3-4", "between noon and 2"."""
    if atom.kind != "clock" or moment.until or not (moment.clock or moment.part):
        return False
    between = words.said[moment.last : atom.first]
    if len(between) != 1 or between[0] not in _RANGE:
        return False
    return between[0] != "and" or "between" in words.said[max(0, moment.first - 2) : moment.last]


def moment_at(words: Words, atoms: list[Atom], at: int) -> tuple[Moment, int]:
    """The moment that starts with an atom, and the place of the first atom behind it."""
    start = atoms[at]
    moment = Moment(start.first, start.first)
    grown = moment.with_(start)
    while grown is not None:
        moment, at = grown, at + 1
        if at == len(atoms) or atoms[at].kind not in MOMENT:
            break
        if _ranged(words, moment, atoms[at]):
            grown = moment._replace(until=atoms[at], last=atoms[at].last)
        else:
            grown = moment.with_(atoms[at]) if _fits(words, moment, atoms[at]) else None
    return moment, at


def chosen(words: Words, moment: Moment) -> Moment:
    """The moment of a range: its end when something is delivered, its start when people meet."""
    if moment.until is None:
        return moment
    said = words.said
    end = moment.until
    before = said[max(0, moment.first - 12) : moment.first]
    moved = "to" in said[moment.first : moment.last] and not MOVES.isdisjoint(before)
    delivered = lead_of(words, moment.first) != "from" and _delivers(before)
    if moved or delivered or moment.clock is None:
        return moment._replace(clock=end, part=moment.part if moment.clock else None)
    start = moment.clock
    if not start.half and end.half in ("am", "pm"):
        crosses = start.value % 720 > end.value % 720
        start = start._replace(half="am" if crosses or end.half == "am" else "pm")
    return moment._replace(clock=start)


def _delivers(before: list[str]) -> bool:
    """Whether words speak of handing something over."""
    pairs = pairwise(before)
    return not _DELIVERS.isdisjoint(before) or any(verb in _GIVES and what in _GIVEN for verb, what in pairs)


def opens(words: Words, moment: Moment) -> bool:
    """Whether a day opens a sentence and holds for the times in it: "Tomorrow I can send it by 4"."""
    said = words.said
    behind, then, doing = said[moment.last : moment.last + 3]
    if moment.first > 1 or behind in _CLOSES or (behind == "i" and then == "am" and not doing.endswith("ing")):
        return False
    return _OPEN_ENDS.isdisjoint(said)


def clock_joins(words: Words, atoms: list[Atom], at: int) -> bool:
    """Whether a clock time follows that goes with an atom: "before the demo, at 3:30"."""
    if at + 1 == len(atoms) or atoms[at + 1].kind != "clock" or lead_of(words, atoms[at].first) not in BEFORE:
        return False
    return JOINS.issuperset(words.said[atoms[at].last : atoms[at + 1].first])


def taken_in(words: Words, moment: Moment, atoms: list[Atom], after: int) -> bool:
    """Whether a moment only says when the demo is ("on Friday, before the demo"), or goes on from "next Tuesday"."""
    if len(atoms) == 1:
        return False
    if moment.clock is None and moment.part is None and after < len(atoms) and atoms[after].kind == "demo":
        return JOINS.issuperset(words.said[moment.last : atoms[after].first])
    earlier = [atom for atom in atoms[:after] if atom.last <= moment.first]
    if not earlier or earlier[-1].kind != "beyond":
        return False
    return JOINS.issuperset(words.said[earlier[-1].last : moment.first])


def meant_by(words: Words, moment: Moment, atoms: list[Atom]) -> Moment:
    """The moment with the day it is set on: "Thursday rather than Wednesday, by noon" is Thursday noon."""
    if moment.day is None or moment.clock is moment.part or words.said[moment.day.first - 1] not in ("than", "not"):
        return moment
    days = [atom for atom in atoms if atom.kind == "day" and atom.last <= moment.day.first]
    times = [atom.first for atom in (moment.clock, moment.part) if atom]
    return moment._replace(day=days[-1], first=min(times)) if days else moment
