"""Training examples: the labelled replies cut into parts, one per ask, with what each part answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from ...world.clock import at_time
from ...world.event import Ask, Event
from ...world.reading import ACTS
from .commitments import timed
from .features import Features, features
from .guard import guard
from .kinds import KINDS
from .labels import Label
from .relation import asked, relation
from .relevance import matched
from .spelling import Speller
from .split import split
from .text import clean, lower, tokens, without_vocative

WRITTEN = at_time(1, 9, 0)
"""When the replies of the corpus are taken to be written: Tuesday 09:00, so that "Monday" and "Wednesday" differ."""
ASKERS = {
    "oncall_swap": "rahul",
    "client_mail": "david",
    "late_standup": "david",
    "scope_creep": "david",
} | dict.fromkeys(
    ("leave", "leave_refused", "leave_silent", "appraisal", "appraisal_late", "sleep_debt", "client_escalation"),
    "sundar",
)
"""Who asks, by kind of event, where a label does not say; the others are asked by anyone."""
_SAME_VOICE = {"tired_one_word": "tired", "cheerful_emoji": "emoji"}
_MISSPELT = frozenset(("typos", "adversarial"))


class Row(NamedTuple):
    """One part of a reply, its act (a place in ACTS), its voice, the ask it answers, and where the reply is from."""

    text: str
    act: int
    voice: str
    ask: str
    sender: str
    body: str
    provenance: str


def example_event(label: Label) -> Event:
    """A bare event of the label's kind, enough to split a reply over its asks."""
    senders = ("priya", "rahul") if len(label.acts) == 2 else (label.sender or "rahul",)
    asks = tuple(Ask(id=f"{label.ask}/{place}", sender=sender) for place, sender in enumerate(senders, start=1))
    return Event(id=label.ask, source="slack", sender=senders[0], subject="", body=label.body, asks=asks)


def rows(corpus: Sequence[Label]) -> list[Row]:
    """Parts of replies with their acts; parts without text and instruction-like replies are left to the guard."""
    found: list[Row] = []
    for label in corpus:
        parts = split(guard(clean(label.text)).text, example_event(label)).parts
        names = ("priya", "rahul") if len(label.acts) == 2 else (label.sender or ASKERS.get(label.ask, ""),)
        voice = _SAME_VOICE.get(label.voice, label.voice)
        for part, act, name in zip(parts, label.acts, names, strict=True):
            text = without_vocative(part, name) or part
            if text and (act != "ignore" or len(label.acts) == 1):
                found.append(Row(text, ACTS.index(act), voice, label.ask, name, label.body, label.provenance))
    return found


def speller(corpus: Sequence[Label]) -> Speller:
    """What the corpus knows: English words that occur twice, rarest first, and all other words that are no slips."""
    english: Counter[str] = Counter()
    others: set[str] = set()
    for label in corpus:
        if label.voice in _MISSPELT:
            continue
        words = tokens(lower(clean(label.text)))
        if label.voice == "hinglish":
            others.update(words)
        else:
            english.update(word for word in words if word[0].isalpha())
            others.update(word for word in words if not word[0].isalpha())
    ordered = sorted((count, word) for word, count in english.items() if count > 1)
    others.update(word for word, count in english.items() if count == 1)
    return Speller([word for _, word in ordered], sorted(others))


def described(row: Row, known: Speller) -> Features:
    """The features of a row, as the reader would see them."""
    lowered = lower(row.text)
    words, ask = tokens(lowered), asked("", row.body, WRITTEN)
    stands = relation(lowered, words, matched(words, ask.words), timed(lowered, WRITTEN), ask, row.sender)
    return features(row.text, row.ask if row.ask in KINDS else "", stands, known)
