"""Times and lengths in a reply, resolved on the week's clock: neighbouring time words are one moment. Knows no acts."""

from __future__ import annotations

from typing import NamedTuple

from ...world.clock import DAY_MINUTES, FRIDAY
from .moments import MOMENT, Moment, chosen, clock_joins, lead_of, meant_by, moment_at, opens, taken_in
from .timeatoms import Lexer
from .timetext import Atom, Words, words_of
from .timewords import AFTER, AT, BEFORE, DAYS, EOD, FILLERS, JOINS, NIGHT, TODAY, ZONES

MOST = 6
"""Times read in one part of a reply."""
LONGEST = 40 * 60
"""Minutes of a working week; a longer length is nobody's promise."""
LAST = (FRIDAY + 1) * DAY_MINUTES - 1
"""The last minute of Friday; what is due later is after this week."""
YOURS = 750
"""Minutes that Bengaluru is ahead of David's San Francisco (daylight time)."""
_AWAY = frozenset(("in", "within", "gimme", "eta", "after"))
"""Words before a length that make it a time from now."""
_PHRASAL = frozenset("squeeze put fit get pencil chip throw putting squeezing".split())
"""Verbs whose "in" belongs to them: "squeeze in 20 min"."""
_GRANT = frozenset(("dedo", "dijiye", "dena"))
_HEDGES = frozenset(
    "about around another the next max maybe just under less than like approx roughly only at most ~ : my to - "
    "or".split()
)
_LEADS = FILLERS | BEFORE | AFTER | AT
_LINKS = JOINS - BEFORE - AFTER - AT


class Span(NamedTuple):
    """A time in a text: where it stands, when it is due, how long it lasts.

    due: week minutes, None for a mere length or a time after this week (then `beyond`). minutes: None when not said.
    named: the time said where `due` was taken out because nothing is promised for it.
    """

    start: int
    end: int
    due: int | None
    minutes: int | None
    beyond: bool = False
    named: int | None = None


# Resolving


def _day_of(atom: Atom | None, now: int) -> int | None:
    """Days from the week's Monday; None when no day is said; over 4 is after this week."""
    if atom is None:
        return None
    today = now // DAY_MINUTES
    if atom.value >= TODAY:
        return today + atom.value - TODAY
    return atom.value if atom.value >= today else atom.value + 7


def _at_work(value: int) -> int:
    """Minute of day of a clock time whose half of the day is not said, on another day than today."""
    value %= 720
    return value if value >= 480 else value + 720


def _clock_minute(atom: Atom, half: str, day: int | None, now: int) -> int:
    """Minute of day of a clock time, as people at work mean it."""
    if atom.half == "24" or atom.value >= 13 * 60:
        return atom.value
    half = atom.half or half
    if half:
        return atom.value % 720 + (720 if half == "pm" else 0)
    if day is None or day == now // DAY_MINUTES:
        clock = now % DAY_MINUTES
        early = atom.value % 720
        if early > clock or early + 720 > clock:
            return early if early > clock else early + 720
    return _at_work(atom.value)


_OVER = (["ke", "baad"], ["ke", "bad"], ["is", "over"], ["is", "done"])


def _part_minute(words: Words, moment: Moment, part: Atom) -> int:
    """Minute of day of a part of the day, by the word before it or the Hindi one behind."""
    assert part.part
    lead = lead_of(words, part.first)
    if lead in DAYS or lead in _LINKS:
        lead = lead_of(words, moment.first)
    behind = words.said[moment.last : moment.last + 2]
    if lead in AFTER or behind in _OVER or behind[0] in ("baad", "ends", "finishes"):
        return part.part.after
    if lead in BEFORE or behind[0] in ("tak", "se", "ke"):
        return part.part.before
    return part.part.at


def _due(words: Words, whole: Moment, now: int) -> int | None:
    """Week minute of a moment; None when it is said to be past."""
    moment = chosen(words, whole)
    if lead_of(words, moment.first) in ("last", "yesterday", "every", "each"):
        return None
    day = _day_of(moment.day, now)
    part, today = moment.part, now // DAY_MINUTES
    if day is None and part and words.said[part.first - 1] == "this" and part.first:
        day = today
    if moment.clock:
        half = "pm" if moment.day and moment.day.half else part.part.half if part and part.part else ""
        minute = _clock_minute(moment.clock, half, day, now)
        if half == "pm" and part and part.part == NIGHT and moment.clock.value // 60 == 12:
            minute = DAY_MINUTES - 1
    elif part:
        minute = _part_minute(words, moment, part)
    else:
        return _whole_day(words, moment, now)
    if day is None:
        day = today + (minute <= now % DAY_MINUTES)
    return day * DAY_MINUTES + minute + _zone(words, moment)


def _zone(words: Words, moment: Moment) -> int:
    said = words.said
    if moment.clock is None:
        return 0
    for place in (moment.clock.last, moment.last):
        if said[place] in ZONES:
            return ZONES[said[place]]
        if said[place : place + 2] == ["your", "time"]:
            return YOURS
    return 0


def _whole_day(words: Words, moment: Moment, now: int) -> int:
    """The end of a day that is named alone; before a day is the end of the day before."""
    assert moment.day
    day = _day_of(moment.day, now)
    assert day is not None
    if lead_of(words, moment.first) in ("before", "b4", "befor"):
        return max((day - 1) * DAY_MINUTES + EOD.at, now + 1)
    return max(day * DAY_MINUTES + (NIGHT.at if moment.day.half else EOD.at), now + 1)


def _is_away(words: Words, atom: Atom) -> bool:
    """Whether a length is a time from now ("in 20 min", "give me an hour", "an hour from now")."""
    said = words.said
    place = atom.first - 1
    while place >= 0 and (said[place] in _HEDGES or said[place].isdigit()):
        place -= 1
    if place > 0 and said[place] == "in" and said[place - 1] in _PHRASAL:
        return False
    behind = said[atom.last : atom.last + 3]
    if behind[:2] in (["from", "now"], ["ke", "andar"], ["ke", "baad"]) or behind[0] in ("later", "mein", "me"):
        return True
    if (behind[0] == "do" and behind[1] in ("", ",", ".", "!")) or behind[:2] == ["de", "do"] or behind[0] in _GRANT:
        return True
    if place < 0 or behind[0] == "of":
        return False
    if said[place] == "me":
        return place > 0 and said[place - 1] in ("give", "allow")
    if said[place] in ("over", "during"):
        return "next" in said[place : atom.first]
    return said[place] in _AWAY


def _length(words: Words, atom: Atom, now: int) -> Span:
    if atom.kind == "days":
        if not _is_away(words, atom):
            return _span(words, atom.first, atom.last, None)
        return _span(words, atom.first, atom.last, (now // DAY_MINUTES + atom.value) * DAY_MINUTES + EOD.at)
    if _is_away(words, atom):
        return _span(words, atom.first, atom.last, now + atom.value)
    return _span(words, atom.first, atom.last, None, atom.value if atom.value <= LONGEST else None)


def _span(words: Words, first: int, last: int, due: int | None, minutes: int | None = None) -> Span:
    """The words of a time, first and last, with those that lead to it; a time after this week is none."""
    while first > 0 and words.said[first - 1] in _LEADS:
        first -= 1
    if first > 0 and words.said[first - 1] == "in":
        first -= 1
    beyond = due is not None and due > LAST
    return Span(first, last - 1, None if beyond else due, minutes, beyond, due)


def _fixed(words: Words, atom: Atom, earlier: Atom | None) -> Span:
    """The demo, the end of the week, and what is after this week."""
    if atom.kind == "beyond":
        return Span(atom.first, atom.last - 1, None, None, beyond=True)
    due: int | None = FRIDAY * DAY_MINUTES + atom.value
    if atom.kind == "demo":
        lead = lead_of(words, atom.first)
        if lead in AFTER or lead == "once":
            due += 120
        elif lead not in BEFORE and (lead not in ("for", "at") or (earlier and earlier.kind == "length")):
            due = None
        elif earlier and earlier.kind == "length" and words.said[earlier.last] == "before":
            due -= earlier.value
    return _span(words, atom.first, atom.last, due)


def spans(lowered: str, now: int) -> list[Span]:
    """Times and lengths in a lower-case text, in order, at most MOST; `now` in week minutes."""
    words = words_of(lowered)
    if words is None:
        return []
    return [
        Span(words.start(found.start), words.end(found.end), found.due, found.minutes, found.beyond, found.named)
        for found in _spans(words, now)
    ]


def dues(lowered: str, now: int) -> tuple[int, ...]:
    """When the times in a lower-case text are due; `now` and they in week minutes."""
    words = words_of(lowered)
    return () if words is None else tuple([span.due for span in _spans(words, now) if span.due is not None])


def _spans(words: Words, now: int) -> list[Span]:
    """The same by the places of their first and last words, as where those stand takes time to find."""
    atoms = Lexer(words).atoms()
    found: list[Span] = []
    at = 0
    day: Atom | None = None
    part: Atom | None = None
    while at < len(atoms) and len(found) < MOST:
        atom = atoms[at]
        if atom.kind == "demo" and clock_joins(words, atoms, at):
            atom = atoms[at] = atom._replace(kind="day", value=FRIDAY)
        if atom.kind in MOMENT:
            moment, at = moment_at(words, atoms, at)
            if day and moment.day is None and words.said[moment.first - 1] != "this" and found:
                moment = moment._replace(day=day, part=moment.part or part)
                if len(found) == 1 and found[0].minutes is None:
                    found.clear()
            if moment.clock is None and moment.day and opens(words, moment):
                day, part = moment.day, moment.part
            if not taken_in(words, moment, atoms, at):
                meant = meant_by(words, moment, atoms)
                if meant is not moment and found:
                    found.pop()
                found.append(_span(words, meant.first, meant.last, _due(words, meant, now)))
            continue
        at += 1
        if atom.kind not in ("length", "days"):
            found.append(_fixed(words, atom, atoms[at - 2] if at > 1 else None))
        elif not (at < len(atoms) and atoms[at].kind == "demo" and words.said[atom.last] == "before"):
            found.append(_length(words, atom, now))
    return found
