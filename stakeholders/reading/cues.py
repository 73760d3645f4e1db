"""Word lists searched only where one of their first words stands, so that most cost nothing. Knows no meaning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

LONGEST = 7
"""Characters from a word's start that tell which lists may match there."""
REMEMBERED = 20_000
"""Starts of words whose cues are remembered."""

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
    """A lower-case text, and the words at which a cue of a list may match: where each starts, one bit for each cue.

    possible: the bits of all words.
    """

    lowered: str
    possible: int
    starts: list[tuple[int, int]]


class Cue:
    """A pattern that starts at a word, and its bit."""

    def __init__(self, pattern: str, bit: int) -> None:
        self._text = pattern
        self.bit = bit

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The pattern; compiled when a text first may have it, as that takes a while and most texts have few."""
        return re.compile(self._text)

    def stands(self, scan: Scan) -> bool:
        """Whether the text has the cue."""
        if not scan.possible & self.bit:
            return False
        match, lowered = self.pattern.match, scan.lowered
        return any(bits & self.bit and match(lowered, start) for start, bits in scan.starts)

    def found(self, scan: Scan) -> list[str]:
        """All the text has of the cue, in order, none overlapping."""
        if not scan.possible & self.bit:
            return []
        match, texts, end = self.pattern.match, list[str](), 0
        for start, bits in scan.starts:
            if bits & self.bit and start >= end and (seen := match(scan.lowered, start)):
                texts.append(seen[0])
                end = seen.end()
        return texts


class _Bits(dict[str, int]):
    """The bits of the cues that may match where a word starts like this; forgets them all when they are too many."""

    def __init__(self, patterns: list[str]) -> None:
        super().__init__()
        self._starts: dict[str, int] = {}
        for place, pattern in enumerate(patterns):
            for opener in openers(pattern):
                start = opener[:LONGEST]
                self._starts[start] = self._starts.get(start, 0) | 1 << place

    def __missing__(self, start: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        possible = 0
        for length in range(len(start) + 1):
            possible |= self._starts.get(start[:length], 0)
        self[start] = possible
        return possible


class Cues:
    """A list of cues, which one look at a text's words narrows to those that may match, and where."""

    def __init__(self) -> None:
        self._patterns: list[str] = []

    def add(self, pattern: str) -> Cue:
        """A new cue of the list; every match starts at the start of a word (see `openers` for what it may hold)."""
        self._patterns.append(pattern)
        return Cue(pattern, 1 << len(self._patterns) - 1)

    @cached_property
    def _bits(self) -> _Bits:
        return _Bits(self._patterns)

    def scan(self, lowered: str) -> Scan:
        """A text, ready for the cues; there are no new ones from then on."""
        known = self._bits
        starts = [(at.start(), bits) for at in _STARTS.finditer(lowered) if (bits := known[at[1]])]
        possible = 0
        for _, bits in starts:
            possible |= bits
        return Scan(lowered, possible, starts)
