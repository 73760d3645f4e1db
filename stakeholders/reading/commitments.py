"""Promises in one part of a reply: what, to whom, by when, how many minutes. Knows no acts but the one it is told."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...world.clock import moment
from ...world.reading import Act, Commitment
from .late import Late
from .mood import corrects, promised
from .text import clauses
from .times import Span, spans
from .timetext import plain

MOST = 3
"""Promises kept from one part."""

_FIRST_PERSON = Late(
    r"\b(?:i'll|ill|i will|i shall|we'll|we will|we shall|i can|we can|i could|will|let me|i'm going to|"
    r"i am going to|i'd|i plan to|"
    r"can do|happy to|main|hum|i promise to|i've blocked|i have blocked|to)\s+(?P<what>(?!not\b|no\b)[^,.;!?]{2,60})"
)
_NO_DEED = r"(?:morning|evening|thing|anything|everything|something|nothing|meeting|wedding|during)\b"
_DOING = Late(rf"\b(?:i'm|i am|am|we're)?\s*(?P<what>(?!{_NO_DEED})[a-z]{{3,}}ing\b[^,.;!?]{{0,50}})")
_HINGLISH = Late(
    r"(?P<what>[a-z]+(?:\s[a-z]+){0,3}?)\s(?:kar|de|bhej|le|dekh|bhar|aa)\s?(?:dunga|lunga|deta|leta|raha|"
    r"jaunga|unga)"
)
_REFUSED = Late(r"\b(?:can't|cannot|cant|won't|wont|not|unable|nahi|never)\b")
_STILL = Late(r"\b(?:but|instead|i'll|i will|i can|i could)\b")
_OFFERED = Late(r"\b(?:i'll|i will|i shall|i can)\s(?!not\b|let you know|be away|not)")
_PROMISING = frozenset({"accept", "counter", "defer", "act"})
_CUT = Late(r"\s(?:and|but|so|because|since|once|if|when|then|which|while|to the|before the)\s|\s-\s")
_FILLER = Late(r"^(?:also|then|be able to|try to|just|only|definitely|surely|it's|and|go ahead and)\s+")
_TAIL = Late(r"\s(?:by|at|on|in|for|until|till|after|before|within|around|is|are|the|a|an|from|this|only|itself)$")


def _what(clause: str, found: list[Span]) -> str:
    """A short phrase for what is promised: the verb and its object, without the time."""
    match = _FIRST_PERSON.search(clause) or _HINGLISH.search(clause) or _DOING.search(clause)
    if match is None:
        return "it"
    text = match["what"]
    start = match.start("what")
    for span in found:
        if span.start >= start and (span.due is not None or span.beyond):
            text = clause[start : max(start, span.start)] if span.start < match.end("what") else text
            break
    text = _FILLER.sub("", _CUT.split(text, maxsplit=1)[0].strip(" ,:"))
    words = " ".join(text.split()[:7])
    while (shorter := _TAIL.sub("", words)) != words:
        words = shorter
    return words if len(words) > 1 else "it"


def _promises(clause: str, act: Act, dated: bool) -> bool:
    if not dated and _REFUSED.search(clause) and not _STILL.search(clause):
        return False
    if act in _PROMISING:
        return True
    return act in ("decline", "delegate", "request", "acknowledge", "escalate") and bool(_OFFERED.search(clause))


class Timed(NamedTuple):
    """A lower-case clause and the times in it."""

    clause: str
    times: list[Span]


def timed(part: str, now: int) -> list[Timed]:
    """The clauses of a lower-case part with their times; `now` in week minutes.

    A time at which nothing is promised (past, refused, a condition, somebody else's) has no `due` and is only `named`.
    """
    found = [Timed(clause, spans(clause, now)) for clause in clauses(plain(part))]
    for place, (clause, times) in enumerate(found):
        if not any(span.due is not None for span in times):
            continue
        found[place] = Timed(clause, promised(clause, times))
        if place and corrects(clause, times):
            found[place - 1] = Timed(found[place - 1].clause, [_withdrawn(span) for span in found[place - 1].times])
    return found


def _withdrawn(span: Span) -> Span:
    return span._replace(due=None)


def commitments(said: list[Timed], act: Act, to: str, now: int) -> tuple[Commitment, ...]:
    """The promises of a part, each due after `now` (week minutes) when a time is said."""
    if act in ("ignore", "unclear", "ask"):
        return ()
    found: list[Commitment] = []
    for clause, times in said:
        dated = [span for span in times if span.due is not None and span.due > now]
        first = _FIRST_PERSON.search(clause)
        if not (dated or first) or clause.endswith("?") or not _promises(clause, act, bool(dated)):
            continue
        if not dated and any(span.beyond for span in times) and not first:
            continue
        minutes = next((span.minutes for span in times if span.minutes), None)
        due = _due(dated, first)
        found.append(
            Commitment(what=_what(clause, times), to=to, due=None if due is None else moment(due), minutes=minutes)
        )
    with_time = [promise for promise in found if promise.due]
    return tuple((with_time or found)[:MOST])


def _due(dated: list[Span], first: re.Match[str] | None) -> int | None:
    """The first time after the words of promise, else the first time said."""
    after = [span for span in dated if first and span.start >= first.start()]
    chosen = (after or dated)[:1]
    return chosen[0].due if chosen else None
