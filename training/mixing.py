"""Lessons in mixed words: spans of two messages about one fact, labelled by what their words say of it.

A few hundred lessons can be learned by heart. A linear model of words and pairs of words, fitted to the same lessons,
generalises better than a small Gemma does (docs/training.md); in texts that nobody wrote it says which words tell
what, and whoever learns from its answers learns words instead of clauses. A teacher's answers to inputs made from the
training data alone: Bucila, Caruana & Niculescu-Mizil 2006, "Model compression".
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain, islice
from typing import NamedTuple

from ..world.luck import Luck, rng
from .gist import told

SPAN = (2, 6)
"""The fewest and the most words that are taken from one message at a time."""
SURE = 1.0
"""The fewest log-odds of an answer that is learned from."""
DRAWN = 2
"""Mixed texts that are drawn for each that is wanted; those that tell too little are left out."""
ITERATIONS = 3000


class Lesson(NamedTuple):
    """A message, or what one sender wrote of it, and what it comes to: the value of its fact, and words that say so.

    head: what stands before the text. name: with which each of its lines begins where several senders ask, and the
    answer too.
    """

    head: str
    name: str
    text: str
    fact: str
    value: str
    said: str


def mixed(lessons: Sequence[Lesson], share: float, seed: int) -> list[Lesson]:
    """About `share` mixed lessons for each one given, keyed by `seed`; none of a fact of which one value only was met.

    Raises ImportError without the training extra.
    """
    by_fact: defaultdict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        by_fact[lesson.fact].append(lesson)
    both = [own for own in by_fact.values() if len({lesson.value for lesson in own}) > 1]
    return list(chain.from_iterable(_mixed(own, round(share * len(own)), seed) for own in both if share))


def _mixed(own: list[Lesson], count: int, seed: int) -> list[Lesson]:
    """At most so many of one fact, which has two values."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression

    bag = CountVectorizer(binary=True, ngram_range=(1, 2))
    words = bag.fit_transform([lesson.text for lesson in own])
    model = LogisticRegression(max_iter=ITERATIONS).fit(words, [lesson.value for lesson in own])
    luck = rng(seed, own[0].fact, "mixed")
    drawn = [_spans(luck.choice(own), luck.choice(own), luck) for _ in range(DRAWN * count)]
    odds = model.decision_function(bag.transform([lesson.text for lesson in drawn]))
    low, high = model.classes_
    sure = ((lesson, high if odd > 0 else low) for lesson, odd in zip(drawn, odds, strict=True) if abs(odd) > SURE)
    return [lesson._replace(value=value, said=told(lesson.fact, value, luck)) for lesson, value in islice(sure, count)]


def _spans(one: Lesson, other: Lesson, luck: Luck) -> Lesson:
    """The first with words of the other in place of about half of its own, up to the end of the shorter one."""
    mine, theirs = (lesson.text.replace(lesson.name, "").split() for lesson in (one, other))
    words, place = list[str](), 0
    while place < min(len(mine), len(theirs)):
        end = place + SPAN[0] + luck.index(SPAN[1] - SPAN[0] + 1)
        words += (mine if luck.uniform() < 0.5 else theirs)[place:end]
        place = end
    return one._replace(text=one.name + " ".join(words))
