"""Text that talks to the machine instead of the coworker: finds it and takes it out before anything else is read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .disguise import undisguised
from .tells import BESIDE, GAPS, PARTS, SIGNS, TELLS, WORDS
from .text import clauses

_PART = re.compile(r"<(\w+)>")
_SIGNS, _GAPS = re.compile(SIGNS), re.compile(GAPS)
_WORD = re.compile(r"[a-z]+")


def _filled(pattern: str) -> str:
    """A pattern with its parts put in; <script> and other names that are no part stay as they are."""
    return _PART.sub(lambda found: _filled(PARTS[found[1]]) if found[1] in PARTS else found[0], pattern)


@lru_cache(maxsize=1)
def _tells() -> dict[str, re.Pattern[str]]:
    """Cause -> pattern; made when the first reply needs it, as that takes a while."""
    return {cause: re.compile(_filled("|".join(patterns)), re.M) for cause, patterns in TELLS.items()}


class Guarded(NamedTuple):
    """A reply without its instruction-like clauses, and how much of it they were (0..1, at least .5 if any)."""

    text: str
    instruction_like: float


def cause(clause: str) -> str | None:
    """Why a clause speaks to a machine, as a key of TELLS; None when it does not."""
    seen = undisguised(clause)
    return next((name for name, pattern in _tells().items() if pattern.search(seen)), None)


def guard(cleaned: str) -> Guarded:
    """Drop the clauses that speak to a model, a judge or a parser."""
    if not _suspicious(cleaned):
        return Guarded(cleaned, 0.0)
    parts = clauses(cleaned)
    kept = [part for part in parts if not _suspicious(part) or cause(part) is None]
    if len(kept) == len(parts):
        return Guarded(cleaned, 0.0)
    share = 1 - sum(map(len, kept)) / max(1, sum(map(len, parts)))
    return Guarded("\n".join(kept), min(1.0, 0.5 + share / 2))


def _suspicious(cleaned: str) -> bool:
    """Whether any word or sign of a tell is there; most replies have none, and are done here."""
    seen = cleaned.lower() if cleaned.isascii() else undisguised(cleaned)
    telling = WORDS.intersection(_WORD.findall(seen))
    if len(telling) > 1 or any(text in seen for word in telling for text in BESIDE.get(word, ("",))):
        return True
    return _SIGNS.search(seen) is not None or _GAPS.search(seen) is not None
