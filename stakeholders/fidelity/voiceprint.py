"""Whose words are these? A multinomial naive Bayes over words and runs of letters; numpy only, no weights kept.

What a message is about would give its writer away (only David writes of his board's demo), so words that the event, the
reply and the ask hold are taken out before: what is left is how somebody talks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ...world.ports import Turn
from .asking import Met
from .turns import LENGTH

RUNS = (3, 4)
"""Letters of a run."""
SMOOTHING = 0.2
"""Times that every feature is taken to have been seen in every voice."""
CONTENT = 4
"""Letters from which a word counts as content; shorter ones are grammar, and everybody's."""
UNSEEN = 5
"""Words in a row that a new wording shares with none of the messages learned from."""
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*|[^\w\s]", re.U)
_NAMES = frozenset("arjun priya rahul david sundar mon tue wed thu fri am pm ist".split())
"""Taken out everywhere: they tell who is in it and when."""


class Judged(NamedTuple):
    """A message and whose it was taken to be. unseen: whether its wording is new to the classifier."""

    met: Met
    owner: str
    unseen: bool

    @property
    def right(self) -> bool:
        """Whether that is who wrote it."""
        return self.owner == self.met.person


class Voiceprint:
    """Learned from texts and their writers; every writer is as likely as any other."""

    def __init__(self, texts: Sequence[str], owners: Sequence[str]) -> None:
        """Raises ValueError when there is nothing to learn from."""
        if not texts or len(texts) != len(owners):
            raise ValueError("a voiceprint needs texts, and a writer for each")
        self.owners = sorted(set(owners))
        counts = {who: Counter[str]() for who in self.owners}
        for text, who in zip(texts, owners, strict=True):
            counts[who].update(features(text))
        self._places = {name: place for place, name in enumerate(sorted(set().union(*counts.values())))}
        seen = np.array([[counts[who][name] for name in self._places] for who in self.owners], dtype=float) + SMOOTHING
        self._logs = np.log(seen / seen.sum(axis=1, keepdims=True))

    def owner(self, text: str) -> str:
        """Who most likely wrote a text; the first by name where nothing speaks for anyone."""
        found = [(self._places[name], count) for name, count in features(text).items() if name in self._places]
        if not found:
            return self.owners[0]
        places, counts = zip(*found, strict=True)
        return self.owners[int(np.argmax(self._logs[:, list(places)] @ np.array(counts, dtype=float)))]


def features(text: str) -> Counter[str]:
    """Words, pairs of words, and runs of letters with the blanks around words."""
    words = _words(text)
    flat = f" {' '.join(words)} "
    runs = (flat[at : at + size] for size in RUNS for at in range(len(flat) - size + 1))
    return Counter([*(f"w {word}" for word in words), *(f"p {a} {b}" for a, b in _pairs(words)), *runs])


def masked(turn: Turn, message: str) -> str:
    """A message without what it is about: content words of event, reply and ask, names, days and numbers."""
    source = " ".join((turn.event.subject, turn.event.body, turn.reply, turn.visible.topic, turn.visible.what))
    about = {word for word in _words(source) if len(word) >= CONTENT}
    return " ".join(word for word in _words(message) if word not in about and word not in _NAMES)


def told_apart(met: Sequence[Met], learned: range = range(LENGTH)) -> list[Judged]:
    """Every message with the writer it is taken to have, learned from conversations of other weeks only.

    learned: the places of those conversations that count, to hear whether first and last turns sound alike. Silences
    are left out. Empty when there are fewer than two writers, or one number of conversations.
    """
    spoken = [(one, masked(one.turn, one.answer.message)) for one in met if one.answer.message]
    if len({one.person for one, _ in spoken}) < 2:
        return []
    out: list[Judged] = []
    for number in sorted({one.conversation for one, _ in spoken}):
        others = [(one, text) for one, text in spoken if one.conversation != number and one.place in learned]
        if {one.person for one, _ in others} == {one.person for one, _ in spoken}:
            out += _judged([pair for pair in spoken if pair[0].conversation == number], others)
    return out


def by_person(judged: Iterable[Judged]) -> Mapping[str, list[Judged]]:
    """The messages of each writer."""
    out: dict[str, list[Judged]] = {}
    for one in judged:
        out.setdefault(one.met.person, []).append(one)
    return out


def _judged(held: Sequence[tuple[Met, str]], others: Sequence[tuple[Met, str]]) -> list[Judged]:
    print_ = Voiceprint([text for _, text in others], [one.person for one, _ in others])
    known = {run for _, text in others for run in _runs(text)}
    return [Judged(one, print_.owner(text), known.isdisjoint(_runs(text))) for one, text in held]


def _runs(text: str) -> set[str]:
    """Its stretches of five words; the whole text where it is shorter."""
    words = text.split()
    return {" ".join(words[at : at + UNSEEN]) for at in range(max(len(words) - UNSEEN + 1, 1))}


def _words(text: str) -> list[str]:
    return [word.replace("\u2019", "'") for word in _WORD.findall(text.lower())]


def _pairs(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    return pairwise(words)
