"""Word lists searched only where one of their first words stands, so that most cost nothing. Knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 7
"""Characters from a word's start that tell which lists may match there."""

_STARTS = re.compile(rf"\b(?=(\w.{{0,{LONGEST - 1}}}))", re.S)
_LITERAL = re.compile(r"[a-z0-9' ,%]*")


def _closed(text: str) -> int:
    """Where the group that opens the text ends, after its bracket."""
    depth = 0
    for place, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if not depth:
            return place + 1
    raise ValueError(f"open group: {text}")


def _alternatives(text: str) -> list[str]:
    """The alternatives of a pattern, cut at the bars outside groups."""
    found, depth = [""], 0
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append("")
        else:
            found[-1] += char
    return found


def _starts(text: str) -> Iterator[tuple[str, bool]]:
    """How the matches of one alternative start, each with whether that is all of it."""
    literal = _LITERAL.match(text)
    plain = literal[0] if literal else ""
    rest = text[len(plain) :]
    if not rest or len(plain) > LONGEST:
        yield plain, not rest
    elif rest.startswith("(?:") and (end := _closed(rest)) and rest[end : end + 1] not in ("?", "*", "{"):
        for each in _alternatives(rest[3 : end - 1]):
            for inner, whole in _starts(each):
                if whole:
                    yield from ((f"{plain}{inner}{more}", ended) for more, ended in _starts(rest[end:]))
                else:
                    yield f"{plain}{inner}", False
    else:
        yield plain[:-1] if rest[0] in "?*{" else plain, False


def openers(pattern: str) -> Iterator[str]:
    """What every match starts with, cut short where it is no plain text; "" where that is anything.

    pattern: words, groups and quantifiers; no brackets or bars that stand for themselves, none in character sets.
    """
    for text in _alternatives(pattern.replace(r"\b", "")):
        yield from (start for start, _ in _starts(text))


class Scan(NamedTuple):
    """A lower-case text, and one bit for each cue of a list that may match in it."""

    lowered: str
    possible: int


class Cue(NamedTuple):
    """A pattern that starts at a word, and its bit."""

    pattern: re.Pattern[str]
    bit: int

    def stands(self, scan: Scan) -> bool:
        """Whether the text has the cue."""
        return bool(scan.possible & self.bit) and self.pattern.search(scan.lowered) is not None

    def found(self, scan: Scan) -> list[str]:
        """All the text has of the cue, in order."""
        return self.pattern.findall(scan.lowered) if scan.possible & self.bit else []


class Cues:
    """A list of cues, which one look at a text's words narrows to those that may match."""

    def __init__(self) -> None:
        self._count = 0
        self._bits: dict[str, int] = {}
        self._at = lru_cache(maxsize=20_000)(self._possible)

    def add(self, pattern: str) -> Cue:
        """A new cue of the list; every match starts at the start of a word (see `openers` for what it may hold)."""
        bit = 1 << self._count
        self._count += 1
        for opener in openers(pattern):
            start = opener[:LONGEST]
            self._bits[start] = self._bits.get(start, 0) | bit
        return Cue(re.compile(pattern), bit)

    def scan(self, lowered: str) -> Scan:
        """A text, ready for the cues."""
        possible = 0
        for bits in map(self._at, set(_STARTS.findall(lowered))):
            possible |= bits
        return Scan(lowered, possible)

    def _possible(self, start: str) -> int:
        possible = 0
        for length in range(len(start) + 1):
            possible |= self._bits.get(start[:length], 0)
        return possible
