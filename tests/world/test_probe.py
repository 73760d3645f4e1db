"""The facts of a week can be learned from words, in other words than those learned from, and no single word tells."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from work_life_firewall.world.scenario import Split
from work_life_firewall.world.state import Queued
from work_life_firewall.world.week import Week
from work_life_firewall.world.wording import words

from .weeks import recipe, weeks

pytestmark = pytest.mark.slow
WEEKS = 400
LEARNABLE = 0.85
GIVEN_AWAY = 0.80
FACTS = sorted(recipe().scenario.facts)
KINDS = {
    fact: next(
        spec.kind
        for spec in recipe().scenario.events
        if spec.at and any(fact in message.facts for message in recipe().wordings[spec.kind].messages)
    )
    for fact in FACTS
}
"""Fact -> the canonical event that gives evidence of it."""


def _told(week: Week, kind: str) -> str:
    """The body of a canonical event as Arjun reads it."""
    sender = week.events[kind].asks[0].sender
    return words(week, Queued(week.times[kind], kind, kind, sender, f"{kind}/1"))[1]


@cache
def _data(fact: str, split: Split) -> tuple[list[str], np.ndarray]:
    """The texts of a split's weeks, and whether the fact has its first value in each."""
    first = recipe().scenario.facts[fact].values[0]
    made = weeks(WEEKS, split)
    return [_told(week, KINDS[fact]) for week in made], np.array([week.facts[fact] == first for week in made])


@cache
def _seen(fact: str) -> CountVectorizer:
    """The words and word pairs of the training weeks."""
    return CountVectorizer(binary=True, ngram_range=(1, 2), min_df=2).fit(_data(fact, "train")[0])


@pytest.mark.parametrize("fact", FACTS)
def test_a_linear_probe_finds_the_fact_in_words_it_has_not_seen(fact: str) -> None:
    texts, values = _data(fact, "train")
    probe = LogisticRegression(C=0.3, max_iter=2000).fit(_seen(fact).transform(texts), values)
    others, truth = _data(fact, "test")
    assert probe.score(_seen(fact).transform(others), truth) >= LEARNABLE


@pytest.mark.parametrize("fact", FACTS)
@pytest.mark.parametrize("split", ["train", "test"])
def test_no_single_word_gives_the_fact_away(fact: str, split: Split) -> None:
    texts, values = _data(fact, split)
    single = CountVectorizer(binary=True, min_df=5)
    there = single.fit(texts).transform(texts).toarray().astype(bool)
    agree = (there == values[:, None]).mean(axis=0)
    best = np.maximum(agree, 1 - agree)
    word = single.get_feature_names_out()[best.argmax()]
    assert best.max() <= GIVEN_AWAY, (word, best.max())
