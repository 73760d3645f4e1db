"""What a coworker picks up from Arjun's own words: a quote, an offer, a reason, a time, a name. Knows no voices."""

from __future__ import annotations

import re
from functools import lru_cache

from ..world.clock import label
from ..world.event import Event
from ..world.ports import Turn
from ..world.reading import AskReading
from .reading.split import split
from .reading.text import clean

LEAST, MOST = 3, 12
"""Words of a quote."""
_DANGLING = frozenset(
    "a an the my your his her our their this that these those to of for with by at on in from into than as and or but "
    "so if because since when while is are was were be been am will would can could should may have has had do does "
    "not i you he she it we they about more very one each".split()
)
"""Words that nobody stops a quote at."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
_PART = re.compile(r"(?<=[,;:])\s+|\s+(?=but |so |because |since |and I )")
_GREETING = re.compile(
    r"^(?:hi|hey|hello|dear|thanks|thank you|sorry|priya|rahul|david|sundar|ok|okay|noted)\b[\w\s,!.-]{0,24}$", re.I
)
_JOINT = re.compile(r"^(?:and|but|so) ", re.I)
"""What joined a stretch to the one before it; a quote starts after it."""
_OFFER = re.compile(
    r"\b(?:instead|i can(?! ?not)|could|happy to|i'll|i will|let me|how about|what if|rather|tomorrow|by \d|notes?)\b",
    re.I,
)
_POLITE = re.compile(r"\b(?:sorry|thanks|thank you|understood|no worries|no problem|happy to|of course)\b", re.I)
"""Courtesies, which nobody would quote back while there is something else."""
_REASON = re.compile(r"\b(?:because|since|as i|so that|i (?:already|have|need|promised)|due to|given)\b", re.I)
_NAME = re.compile(r"(?<![.!?:\n])(?<![.!?:] )(?<!^)\b[A-Z][a-z]{2,}\b")
"""A capitalised word inside a sentence."""
NOT_A_STRANGER = frozenset(
    "Arjun Priya Rahul David Sundar Monday Tuesday Wednesday Thursday Friday Saturday Sunday Slack".split()
)
ROTA = "rota"
"""What a reading calls whoever is on the rota."""
_SPLITTABLE = 4000
"""Characters of a reply that are looked at."""


@lru_cache(maxsize=256)
def part_for(event: Event, reply: str, person: str) -> str:
    """The part of a reply that is meant for one person (all of it when the event has one ask)."""
    text = clean(reply)[:_SPLITTABLE]
    if len(event.asks) < 2:
        return text
    pieces = split(text, event)
    mine = next((part for ask, part in zip(event.asks, pieces.parts, strict=True) if ask.sender == person), "")
    return mine or pieces.opening


def picked_up(turn: Turn) -> dict[str, str]:
    """The slots a reply fills: topic; quote, alternative, reason_quote, due, what and delegate when he gave them."""
    part = part_for(turn.event, turn.reply, turn.persona.id)  # type: ignore[arg-type] - a frozen model has a hash
    said = _phrases(part)
    phrases = [phrase for phrase in said if not _POLITE.search(phrase)] or said
    out = {"topic": turn.visible.topic}
    offer, reason = _first(phrases, _OFFER), _first(phrases, _REASON)
    quote = offer or (phrases[0] if phrases else "")
    if quote:
        out["quote"] = quote
    if offer and turn.ask.act in ("counter", "defer", "delegate"):
        out["alternative"] = offer
    if reason and reason != quote:
        out["reason_quote"] = reason
    return {**out, **_promised(turn.ask, turn), **_handed(turn, part)}


def _phrases(part: str) -> list[str]:
    """Stretches of 3..12 of his words, greetings left out, the first words kept when a stretch is longer."""
    out = []
    for sentence in _SENTENCE.split(part):
        for piece in _PART.split(sentence):
            words = _JOINT.sub("", piece.strip(" \t\"'“”\u2018\u2019()[]{}<>*_`.,;:!?-—")).split()
            if len(words) >= LEAST and not _GREETING.match(" ".join(words)):
                quote = " ".join(words if len(words) <= MOST else _cut(words[:MOST]))
                out.append(quote.rstrip(".,;:!?-—").replace('"', "'").replace("{", "(").replace("}", ")"))
    return out


def _cut(words: list[str]) -> list[str]:
    """The first words of a longer stretch, up to one a speaker could stop at, and a mark that there was more."""
    kept = len(words)
    while kept > LEAST and (words[kept - 1].lower() in _DANGLING or words[kept - 1].isdigit()):
        kept -= 1
    return [*words[: kept - 1], words[kept - 1].rstrip(".,;:!?-—") + "…"]


def _first(phrases: list[str], pattern: re.Pattern[str]) -> str:
    return next((phrase for phrase in phrases if pattern.search(phrase)), "")


def _promised(ask: AskReading, turn: Turn) -> dict[str, str]:
    due = next((c.due for c in ask.commitments if c.due is not None), None)
    out = {"due": label(due.at)} if due is not None and due.at > turn.visible.at else {}
    if ask.act in ("accept", "act"):
        out["what"] = turn.visible.what
    return out


def _handed(turn: Turn, part: str) -> dict[str, str]:
    """Who takes it over: a coworker who was read, else the first stranger he names, else the rota."""
    if turn.ask.act not in ("delegate", "escalate"):
        return {}
    named = [who.title() for who in turn.ask.to if who not in (turn.persona.id, ROTA)]
    strangers = [name for name in _NAME.findall(part) if name not in NOT_A_STRANGER]
    whom = named or strangers or (["the rota"] if ROTA in turn.ask.to else [])
    return {"delegate": whom[0]} if whom else {}
