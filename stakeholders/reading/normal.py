"""A part of a reply in the reader's own words: spelling mended, Hindi glossed, cut into clauses."""

from __future__ import annotations

import re
from typing import NamedTuple

from .hinglish import gloss
from .lexicon import classes
from .spelling import Speller

_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[?!.,;]|[\U0001F300-\U0001FAFF\u2600-\u27BF]|[\u0900-\u097F]+|[^\w\s]")
_YES = re.compile(
    r"\b(?:can'?t|cannot|can not|won'?t|wouldn'?t|couldn'?t|could not|would not)"
    r"(?: really| possibly)? (?:say no|refuse|not do it)\b"
)
"""A no to a no, which word counts would take for a no."""
_REFUSALS = ("say no", "refuse", "not do it")
"""What such a no ends with."""
_ENDS = frozenset(".!?;")
_TURNS = frozenset(("but", "however"))
_AFTER = frozenset(("but", "however", "instead", "so"))
_STOPS = frozenset(".,;")


class Normal(NamedTuple):
    """Words without stops, the first and the last clause, what follows the last turn ("but"), and word classes."""

    words: list[str]
    first: list[str]
    last: list[str]
    turned: list[str]
    classes: list[str]


def normal(lowered: str, speller: Speller) -> Normal:
    """The normal form of a lower-case part."""
    raw = _TOKEN.findall(_YES.sub("gladly yes", lowered) if any(map(lowered.__contains__, _REFUSALS)) else lowered)
    words = gloss([speller.fix(word) for word in raw], speller.english)
    parts = _clauses(words)
    turn = max((place for place, word in enumerate(words) if word in _AFTER), default=-1)
    return Normal(
        [word for word in words if word not in _STOPS],
        parts[0] if parts else [],
        parts[-1] if parts else [],
        [word for word in words[turn + 1 :] if word not in _STOPS] if turn > 0 else [],
        classes(words),
    )


def _clauses(words: list[str]) -> list[list[str]]:
    """The words cut at sentence ends and before a turn; no stops, no empty clause."""
    parts: list[list[str]] = [[]]
    for word in words:
        if word in _ENDS or word in _TURNS:
            parts.append([])
        if word not in _STOPS and word not in _ENDS:
            parts[-1].append(word)
    return [part for part in parts if part]
