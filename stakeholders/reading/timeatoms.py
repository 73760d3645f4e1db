"""All that may be a time in a text, left to right: days, parts of days, clock times and lengths. Resolves nothing."""

from __future__ import annotations

from .timeclocks import Clocks
from .timelengths import Lengths
from .timetext import NUMERAL, OPENS, STOPS, Atom
from .timewords import DAYS, EOD, PARTS, PHRASES, QUARTERS, TODAY, TOMORROW, Part

_AFTER_A = frozenset(("hour", "hr", "half", "quarter", "couple", "day", "week", "minute", "min"))


class Lexer(Lengths, Clocks):
    """Finds the atoms of a text, left to right."""

    def atoms(self) -> list[Atom]:
        """Every atom, in order, none overlapping."""
        behind = 0
        starts = [(at, word) for at, word in enumerate(self._said) if word in OPENS or "0" <= word < ":"]
        for place, word in starts:
            if place < behind:
                continue
            atom = self._phrase(place) if word in PHRASES else None
            if atom is None:
                atom = self._at(place, word)
            if atom is not None:
                self._atoms.append(atom)
                behind = atom.last
        return self._atoms

    def _at(self, place: int, word: str) -> Atom | None:
        if word[0].isdigit():
            return self._length(place) or self._clock(place) or self._glued(place)
        if word in DAYS:
            return self._day(place, word)
        if word in PARTS:
            return None if self._greets(place) else Atom("part", place, place + 1, 0, part=PARTS[word])
        if word in ("a", "an") and self._said[place + 1] not in _AFTER_A:
            return None
        if word in NUMERAL:
            return self._length(place) or self._hindi_clock(place) or self._spoken(place) or self._clock(place)
        if word in QUARTERS:
            return self._spoken(place)
        return self._half_word(place, word)

    def _phrase(self, place: int) -> Atom | None:
        said = self._said
        for words, kind, value in PHRASES[said[place]]:
            last = place + len(words)
            if said[place:last] == words:
                if isinstance(value, Part):
                    if kind == "leaving" and self._before(place) not in ("before", "by", "b4"):
                        return None
                    return Atom("part", place, last, 0, part=value)
                return Atom(kind, place, last, value)  # pyright: ignore[reportArgumentType] - the table has kinds only
        if said[place] == "day" and self._before(place) == "within":
            return Atom("part", place, place + 1, 0, part=EOD)
        return None

    def _day(self, place: int, word: str) -> Atom | None:
        """A day, but for a "tom" that is a man ("Tom is ...")."""
        said = self._said
        if word in ("tom", "fri", "mon", "wed") and said[place + 1] == "'":
            return None
        if word in ("tonight", "tonite"):
            return Atom("day", place, place + 1, TODAY, half="pm")
        if word == "tom" and said[place + 1] in ("is", "has", "can", "will", "and"):
            return None
        return Atom("day", place, place + 1, DAYS[word])

    def _greets(self, place: int) -> bool:
        """Whether a part of the day is a greeting: "good morning", "Morning!"."""
        said = self._said
        if place and said[place - 1] in ("good", "gud", "nice", "great", "lovely", "pleasant", "goodnight"):
            return True
        return place == 0 and said[1] in ("!", ",") and said[0] in ("morning", "evening", "afternoon", "night")

    def _half_word(self, place: int, word: str) -> Atom | None:
        """ "am" or "pm" right after a day: its morning, its afternoon."""
        last = self._atoms[-1] if self._atoms else None
        if last is None or last.kind != "day" or last.last != place:
            return None
        if word == "pm":
            return Atom("part", place, place + 1, 0, part=PARTS["afternoon"])
        ends = word == "am" and self._said[place + 1] in STOPS
        return Atom("part", place, place + 1, 0, part=PARTS["morning"]) if ends else None

    def _glued(self, place: int) -> Atom | None:
        """ "2moro", "2day"."""
        after = self._said[place + 1]
        if self._said[place] == "2" and self._touching(place + 1):
            if after in ("moro", "mrw", "morrow", "mro", "mrrw", "morow"):
                return Atom("day", place, place + 2, TOMORROW)
            if after == "day":
                return Atom("day", place, place + 2, TODAY)
        return None
