"""How a reply stands to what was asked: shared words, copied runs, an earlier or a later time. Knows no acts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from .commitments import Timed
from .lexicon import NAMES, PEOPLE
from .relevance import Matched, told
from .times import Span, dues

_NUMBER = re.compile(r"\d+")
_TELLING = ("can't", "not", "but", "will", "instead")


class Asked(NamedTuple):
    """What was asked: its content stems, its words, the times it names (week minutes), its numbers."""

    stems: frozenset[str]
    words: list[str]
    due: tuple[int, ...]
    numbers: frozenset[str]


@lru_cache(maxsize=1024)
def asked(subject: str, body: str, now: int) -> Asked:
    """The ask as the relation needs it; `now` in week minutes resolves its times."""
    said = told(subject, body)
    return Asked(said.stems, said.words, dues(said.lowered, now), frozenset(_NUMBER.findall(said.lowered)))


def _timing(times: list[Span], due: tuple[int, ...]) -> str:
    """Whether the reply's times lie after all of the ask's, before all, on one of them, or between."""
    mine = [span.due for span in times if span.due is not None]
    if not mine or not due:
        return "said" if mine else "due" if due else ""
    if min(mine) > max(due):
        return "later"
    if max(mine) < min(due):
        return "earlier"
    return "same" if set(mine) & set(due) else "between"


def relation(
    lowered: str, words: list[str], own: Matched, said: list[Timed], ask: Asked, sender: str
) -> tuple[str, ...]:
    """Features of a lower-case part, its words, what it shares and its timed clauses, against the ask of `sender`."""
    found: list[str] = []
    times = [span for clause in said for span in clause.times]
    if ask.stems:
        shared = len(own.stems & ask.stems)
        found += [f"shared {min(shared, 4)}", f"share {4 * shared // max(1, len(own.stems))}"]
        found.append(f"copied {int(4 * own.copied)}")
        timing = _timing(times, ask.due)
        if timing:
            found.append(f"time {timing}")
        if timing not in ("", "said", "due"):
            found += [f"time {timing} {word}" for word in _TELLING if word in words]
        found += [f"number {number in ask.numbers}" for number in sorted(set(_NUMBER.findall(lowered)))]
        found += ["beyond"] * any(span.beyond for span in times)
    names = NAMES.intersection(words)
    found.append(f"names {min(2, len(names - {sender}))}")
    found += ["asker named"] * any(PEOPLE.get(name) == sender for name in names)
    return tuple(found)
