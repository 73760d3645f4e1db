"""Whether a reply is about this ask and adds something of its own; echoes, stuffing and gibberish. Knows no acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ...world.event import Event
from .kinds import kind_of
from .spelling import Speller
from .text import clean, lower, tokens

STOP = frozenset(
    "a an the i i'm i'll i've i'd you your yours we our us he she it its it's they them this that these those is "
    "are was were be been am do does did done have has had having will would shall should can could may might "
    "must to of in on at by for from with about into over after before up down out off and or but so if as than "
    "then not no nor too very just only also there here what which who when where why how my me mine all any some "
    "one two please thanks thank sorry hi hey hello dear yes ok okay sure get got go let make made take hai ho "
    "hoon ka ki ke ko se mein main me kar nahi haan aur bhi tha toh na yaar tu tera mera ye wo par don't can't "
    "won't didn't isn't doesn't that's there's let's now today tomorrow tonight day days time need want "
    "know see".split()
)
_FUNCTION = STOP | frozenset("under while because since until though although though per via".split())
_MARKS = frozenset("?!")
_EMPTY = STOP | _MARKS
_SIGNS = "\u2600"
"""The first of the emoji, behind all letters that tokens have."""
_RELATED = (
    "swap nights pager oncall call rota shift cover page paged primary secondary alert handover",
    "review pr approve approval merge merged diff code owner reviewing pull request refactor",
    "blocker blocked unblock stuck pair webhook token sandbox key keys fixture",
    "leave wedding thursday marriage sister brother cousin cover handover withdraw cancel function reception family",
    "form appraisal self goals rating portal hr submit submitted deadline minutes section",
    "standup call meeting join invite agenda attend dial recorded optional late evening notes update",
    "staging server pods restart rollback rolling deploy environment cluster node disk service alert log outage shift",
    "report export scope sow contract feature dashboard csv change board deliver delivery demo david",
    "present presentation review deck slides sleep slept design",
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u0900-\u097F]+")


UNRELATED = 0.5
"""The most relevance of a reply that shares no word with its ask, however much it says."""


class About(NamedTuple):
    """How a reply relates to its ask, each 0..1.

    copied: share of its word triples that the event has. known, grammar: share of words known, of function words.
    variety: share of words that are not repeats. specific: how much it says of its own that the ask did not, as far as
    words can tell; what it says may still be about something else.
    """

    relevance: float
    copied: float
    known: float
    grammar: float
    variety: float
    specific: float = 0.0


class Topic(NamedTuple):
    """The words of an event: its content stems, stems that go with them, and all its words in order."""

    stems: frozenset[str]
    related: frozenset[str]
    words: list[str]


class Matched(NamedTuple):
    """A reply beside an event: how many content words it has, their stems, and the share copied (see `copied`)."""

    length: int
    stems: set[str]
    copied: float


def _triples(words: list[str]) -> Iterator[tuple[str, str, str]]:
    return zip(words, words[1:], words[2:], strict=False)


def copied(words: list[str], others: list[str]) -> float:
    """The share (0..1) of word triples that the other words have too; 0 for fewer than three triples."""
    mine = list(_triples(words))
    if len(mine) < 3:
        return 0.0
    taken = set(mine).intersection(_triples(others))
    return sum(map(taken.__contains__, mine)) / len(mine) if taken else 0.0


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A rough stem: "restarting", "restarted" and "restarts" agree."""
    for ending in ("ings", "ing", "edly", "ed", "ies", "es", "s", "'s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)].removesuffix("e")
    return word.removesuffix("e") if len(word) > 4 else word


def content_words(text: str) -> list[str]:
    """Stems of the words that carry content, in order."""
    return list(_content(text.lower()))


@lru_cache(maxsize=256)
def _content(lowered: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in _WORD.findall(lowered) if word not in STOP)


def content(words: list[str]) -> list[str]:
    """The content words among the tokens of a lower-case text: the same as `content_words` of the text."""
    return [stem(word) for word in words if word not in _EMPTY and word < _SIGNS]


_GROUPS = tuple(frozenset(content_words(line)) for line in _RELATED)
_GROUPED = {
    word: [place for place, group in enumerate(_GROUPS) if word in group] for word in frozenset().union(*_GROUPS)
}
"""The groups that a stem is in."""
_GROUPED_STEMS = frozenset(_GROUPED)


class Told(NamedTuple):
    """The text of an event: in lower case, its words, and its content stems."""

    lowered: str
    words: list[str]
    stems: frozenset[str]


@lru_cache(maxsize=512)
def told(subject: str, body: str) -> Told:
    """What an event says, read once for all that ask."""
    lowered = lower(clean(f"{subject}\n{body}"))
    words = tokens(lowered)
    return Told(lowered, words, frozenset(content(words)))


@lru_cache(maxsize=64)
def _kind_groups(kind: str) -> frozenset[int]:
    """The groups that the name of a kind touches."""
    return frozenset(group for word in content_words(kind.replace("_", " ")) for group in _GROUPED.get(word, ()))


@lru_cache(maxsize=512)
def topic_of(kind: str, subject: str, body: str, senders: tuple[str, ...]) -> Topic:
    """The topic of an event's text; related stems are of the word families of its kind, and those it touches twice."""
    said = told(subject, body)
    stems = said.stems - frozenset(senders)
    once, near = set[int](), set(_kind_groups(kind))
    for word in stems & _GROUPED_STEMS:
        for group in _GROUPED[word]:
            (near if group in once else once).add(group)
    return Topic(stems, stems.union(*(_GROUPS[group] for group in near)), said.words)


def topic(event: Event) -> Topic:
    """The topic of an event."""
    return topic_of(kind_of(event.id), event.subject, event.body, tuple(ask.sender for ask in event.asks))


def matched(words: list[str], others: list[str]) -> Matched:
    """What a lower-case reply's words have in common with an event of these words."""
    stems = content(words)
    return Matched(len(stems), set(stems), copied(words, others))


def about(words: list[str], own: Matched, subject: Topic, speller: Speller) -> About:
    """Relate the words of a lower-case reply to a topic; the speller has the words known."""
    plain = [word for word in words if word not in _MARKS]
    if not plain:
        return About(0.0, 0.0, 0.0, 0.0, 0.0)
    unique, taken = own.stems, own.copied
    shared = len(unique & subject.related)
    added = len(unique - subject.stems)
    strange = [word for word in words if word not in speller.known and speller.fix(word) == word]
    known = (len(words) - len(strange)) / len(words)
    grammar = sum(map(_FUNCTION.__contains__, plain)) / len(plain)
    variety = min(1.0, 2 * len(unique) / max(1, own.length))
    score = (min(1.0, shared / 2) * min(1.0, added / 3)) ** 0.5 * (1 - taken) * min(1.0, known * 1.4) * variety
    if len(plain) >= 8 and grammar < 0.15:
        score *= 0.2
    told = UNRELATED * min(1.0, added / 4) * (1 - taken) * min(1.0, known * 1.4) * variety
    return About(round(min(1.0, score), 4), taken, known, grammar, len(set(plain)) / len(plain), round(told, 4))
