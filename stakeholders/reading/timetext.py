"""A text as words that may tell a time, and what such words say. Resolves nothing."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from .timewords import (
    BAJE,
    CLOCK_LEADS,
    DAY_UNITS,
    DAYS,
    FILLERS,
    HINDI,
    NUMBERS,
    PARTS,
    PHRASES,
    QUARTERS,
    UNITS,
    Half,
    Part,
)

_TOKEN = re.compile(
    r"[a-z]+(?:\d\w*|'[a-z]+)?|\d+(?:[:.,]\d+)*|[^\s\w-]|-(?:(?<![a-z0-9]-)|(?![a-z0-9])|(?<=[0-9]-)(?=[0-9]))",
    re.A,
)
"""The words of a text in ASCII: a hyphen is none where it only joins two halves of a word ("stand-up")."""
_ANY_TOKEN = re.compile(r"[a-z]+(?:\d\w*|'[a-z]+)?|\d+(?:[:.,]\d+)*|[^\s\w]")
_SURFACE = re.compile(r"\b([ap])\.\s?m\b\.?|(?<=\d)\s+-\s+(?=\d)|(?<=\d)h(?=\d\d\b)(?!\d\d ?m)|\bo clock\b")
_ROUGH = (".m", ". m", " - ", "o clock", "h00", "h15", "h30", "h45")
_SPACED = {code: " " for code in range(128) if not chr(code).isalnum() and chr(code) != "'"}
_DIGIT = re.compile(r"\d")
NUMERAL = frozenset((*NUMBERS, *HINDI, "a", "an", "half", "quarter", "couple", "hour"))
OPENS = frozenset((*DAYS, *PARTS, *PHRASES, *QUARTERS, *NUMERAL, "am", "pm"))
"""Words an atom may start with."""
_MAY = frozenset((*OPENS, *UNITS, *DAY_UNITS)) - {"a", "an", "am", "i", "h", "m", "do"} | BAJE
"""Words without any of which a text without digits names no time."""
STOPS = frozenset(("", ",", ".", "!", "?", ";", ")", "and", "or", "max", "then"))
"""What ends a statement of a number; "" is the end of the text."""
PAD = 6
"""Empty words behind the last one, so that looking ahead needs no check."""
_PADDING = [""] * PAD
Kind = Literal["day", "part", "clock", "length", "days", "week", "demo", "beyond"]


class Atom(NamedTuple):
    """One time word with what belongs to it; first, last: places of its words, last exclusive.

    value: a day in the numbering of WEEKDAYS, minutes of the day for clock and week, minutes for a length.
    half: of a clock time or a tonight, "24" when the time is said as it is.
    """

    kind: Kind
    first: int
    last: int
    value: int
    half: Half | Literal["24"] = ""
    part: Part | None = None


class Words:
    """The words of a lower-case text, PAD empty ones behind, and where each starts and ends."""

    def __init__(self, lowered: str) -> None:
        self._text = lowered
        self._starts: list[int] = []
        if lowered.isascii():
            self.said = _TOKEN.findall(lowered)
        else:
            found = [match for match in _ANY_TOKEN.finditer(lowered) if not _joins(lowered, match)]
            self.said = [match[0] for match in found]
            self._starts += [match.start() for match in found]
        self.count = len(self.said)
        self.said += _PADDING

    def start(self, place: int) -> int:
        """Where a word starts; looked for when first asked, as few words name a time."""
        starts = self._starts
        if len(starts) <= place:
            end = starts[-1] + len(self.said[len(starts) - 1]) if starts else 0
            for word in self.said[len(starts) : place + 1]:
                start = self._text.find(word, end)
                starts.append(start)
                end = start + len(word)
        return starts[place]

    def end(self, place: int) -> int:
        """Where a word ends, exclusive."""
        return self.start(place) + len(self.said[place])

    def touch(self, place: int) -> bool:
        """Whether a word follows the one before without a space."""
        closed_up = f"{self.said[place - 1]}{self.said[place]}" in self._text
        return closed_up and self.start(place) == self.end(place - 1)


def plain(lowered: str) -> str:
    """A lower-case text with dotted halves of the day, spaced ranges and h-clocks closed up: its clauses stay whole."""
    for sign in _ROUGH:
        if sign in lowered:
            return _SURFACE.sub(_closed, lowered)
    return lowered


def _closed(match: re.Match[str]) -> str:
    if match[1]:
        return f"{match[1]}m"
    return {"h": ":", "o clock": "o'clock"}.get(match[0], "-")


def words_of(lowered: str) -> Words | None:
    """The words of a lower-case text; None when it can name no time."""
    if "'s" in lowered:
        lowered = lowered.replace("'s ", "   ")
    if not _DIGIT.search(lowered) and _MAY.isdisjoint(lowered.translate(_SPACED).split()):
        return None
    return Words(lowered)


def _joins(text: str, match: re.Match[str]) -> bool:
    """Whether a word is a hyphen that only joins two halves of one ("stand-up", "15-minute"), and is no range."""
    if match[0] != "-":
        return False
    place = match.start()
    around = text[max(0, place - 1) : place] + text[place + 1 : place + 2]
    return len(around) == 2 and around.isalnum() and not around.isdigit()


class Scanner:
    """The words of a text with the atoms found so far; what looking for lengths and for clock times shares."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._said = words.said
        self._count = words.count
        self._atoms: list[Atom] = []

    def _before(self, place: int) -> str:
        """The word before, fillers skipped; "" at the start."""
        place -= 1
        while place >= 0 and self._said[place] in FILLERS and self._said[place] not in CLOCK_LEADS:
            place -= 1
        return self._said[place] if place >= 0 else ""

    def _touching(self, place: int) -> bool:
        """Whether the word follows the one before without a space."""
        return 0 < place < self._count and self._words.touch(place)
