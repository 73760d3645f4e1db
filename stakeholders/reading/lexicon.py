"""What words mean to the reader: phrases of one to four words and the concept each names. Knows no sentences."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

PEOPLE = {"priya": "priya", "rahul": "rahul", "david": "david", "dave": "david", "sundar": "sundar"}
OTHERS = (
    "karthik ananya vikram meera suresh deepa anita nikhil sneha arun kavya manoj pooja ravi divya akash neha imran "
    "sandeep lakshmi ganesh farhan tanvi harish joseph anand swati rohit shreya varun kiran vivek asha amit".split()
)
"""First names that stand for a colleague outside the cast."""

LEXICON_FILE = Path(__file__).with_name("lexicon.json")
"""Concept -> its phrases, of one to four words each."""

_IDIOMS = frozenset(
    (
        "can't say no|cannot say no|won't say no|wouldn't say no|can't refuse|cannot refuse|couldn't say no|no problem|"
        "no problem at all|no issues|no worries|not a problem|why not|no reason not|don't mind|do not mind|"
        "wouldn't mind|how could i refuse|can't not|cannot not|no doubt"
    ).split("|")
)
"""Phrases that mean the opposite of their words."""


class _Index(NamedTuple):
    """Phrases as word tuples with their concepts, and the longest phrase that starts with a word."""

    concepts: dict[tuple[str, ...], tuple[str, ...]]
    longest: dict[str, int]


@lru_cache(maxsize=1)
def _index() -> _Index:
    index = _Index({}, {})
    phrases: dict[str, list[str]] = json.loads(LEXICON_FILE.read_text(encoding="utf-8"))
    phrases["person"] = [*PEOPLE, *OTHERS]
    for concept, texts in phrases.items():
        for text in texts:
            words = tuple(text.split())
            index.concepts[words] = (*index.concepts.get(words, ()), concept)
            index.longest[words[0]] = max(index.longest.get(words[0], 0), len(words))
    return index


def hits(words: list[str]) -> list[tuple[str, int]]:
    """Every concept in the words with the position of its first word, in order; an idiom hides the words in it."""
    found: list[tuple[str, int]] = []
    resume = 0
    index = _index()
    for place, word in enumerate(words):
        longest = index.longest.get(word)
        if longest is None or place < resume:
            continue
        for length in range(longest, 0, -1):
            names = index.concepts.get(tuple(words[place : place + length]))
            if names:
                found.extend((name, place) for name in names)
                if length > 1 and " ".join(words[place : place + length]) in _IDIOMS:
                    resume = place + length
                    break
    return found


def concepts(words: list[str]) -> list[str]:
    """Concept features: each concept, where it stands (first, after the last "but"), and neighbours in pairs."""
    found = hits(words)
    last_but = max((place for name, place in found if name == "but"), default=-1)
    names = {name for name, _ in found}
    features = sorted(names)
    features += sorted({f"{name}>but" for name, place in found if place > last_but >= 0})
    features += sorted({f"{a[0]}+{b[0]}" for a, b in zip(found, found[1:], strict=False) if a[0] != b[0]})
    if found:
        features.append(f"first={found[0][0]}")
        features.append(f"last={found[-1][0]}")
    features += [f"no-{name}" for name in ("will", "yes", "later", "question") if name not in names]
    features.append(f"length={min(len(words).bit_length(), 8)}")
    return features
