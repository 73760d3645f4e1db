"""How often a text was said before: nearly the same words, whatever the names and numbers in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from .state import Line

ALIKE = 0.7
"""Share of common word pairs (Jaccard) from which two replies count as the same text."""
_WORD = re.compile(r"[^\W\d_]+")
_NAMES = frozenset({"priya", "rahul", "david", "sundar", "arjun", "chen"})


@lru_cache(maxsize=512)
def _pairs(text: str) -> frozenset[tuple[str, str]]:
    words = [w for w in _WORD.findall(text.lower()) if w not in _NAMES]
    return frozenset(zip(["", *words], [*words, ""], strict=True))


def repeats(reply: str, log: Sequence[Line]) -> int:
    """How many earlier replies of Arjun in the log are nearly this text (0 for an empty one)."""
    if not reply.strip():
        return 0
    mine = _pairs(reply[:2000])
    seen = {(line.at, line.text) for line in log if line.who == "arjun"}
    count = 0
    for _, text in seen:
        other = _pairs(text)
        common = len(mine & other)
        count += common >= ALIKE * (len(mine) + len(other) - common)
    return count
