"""Cues: what a pattern's matches start with, and that looking only where one may start misses none."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.stakeholders.reading import qualities
from work_life_firewall.stakeholders.reading.cues import LONGEST, Cue, Cues, openers
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.qualities import scanned
from work_life_firewall.stakeholders.reading.text import clean, lower

CUES = {name: cue for name, cue in vars(qualities).items() if isinstance(cue, Cue)}


@pytest.mark.parametrize(
    ("pattern", "starts"),
    [
        (r"\b(?:sorry|thanks)\b", {"sorry", "thanks"}),
        (r"\b(?:covers?|dump\w*)\b", {"cover", "dump"}),
        (r"\b(?:100 ?%)\b", {"100"}),
        (r"\bbut (?:i|we) can\b", {"but i can", "but we can"}),
        (r"\b(?:so (?:i|that)|or else)\b", {"so i", "so that", "or else"}),
        (r"\b(?:(?:great|good) (?:job|work)|done)\b", {"great job", "great work", "good job", "good work", "done"}),
        (r"\b(?:i(?:'m| am) done)\b", {"i'm done", "i am done"}),
        (r"\b(?:(?:very )?late)\b", {""}),
        (r"\b\w+ing\b", {""}),
    ],
)  # fmt: skip
def test_openers(pattern: str, starts: set[str]) -> None:
    found = set(openers(pattern))
    assert all(any(start.startswith(opener) for opener in found) for start in starts)
    assert all(any(start.startswith(opener[:LONGEST]) for start in starts) for opener in found)


def test_an_open_group_is_refused() -> None:
    with pytest.raises(ValueError, match="open group"):
        list(openers(r"\b(?:(?:sorry|thanks\b"))


def test_a_cue_stands_only_at_a_words_start() -> None:
    cues = Cues()
    ill, late = cues.add(r"\b(?:ill|sick)\b"), cues.add(r"\b(?:too late|at night)\b")
    scan = cues.scan("still up, too late for me, and sick of it, really sick")
    assert ill.found(scan) == ["sick", "sick"]
    assert late.stands(scan)
    assert not ill.stands(cues.scan("i will, until the bill is paid"))
    assert not late.stands(cues.scan(""))


def test_a_text_without_a_start_is_not_searched() -> None:
    cues = Cues()
    first, second = cues.add(r"\bsorry\b"), cues.add(r"\b(?:thanks|thank you)\b")
    scan = cues.scan("many thanks")
    assert scan.possible == second.bit
    assert not first.stands(scan)


def test_a_cue_that_starts_with_anything_is_always_searched() -> None:
    cues = Cues()
    doing = cues.add(r"\b\w+ing\b")
    assert doing.found(cues.scan("i am working on it")) == ["working"]


@pytest.mark.parametrize("name", CUES)
def test_no_cue_of_the_reader_is_missed_in_the_corpus(name: str) -> None:
    cue = CUES[name]
    texts = [lower(clean(label.text)) for label in labels()]
    assert [cue.found(scanned(text)) for text in texts] == [cue.pattern.findall(text) for text in texts]


WORDS = sorted({word for cue in CUES.values() for word in re.findall(r"[a-z']{2,}", cue.pattern.pattern)})


@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from((" ", ", ", "\n", "-", "  ")))
def test_no_cue_is_missed_in_its_own_words(words: list[str], between: str) -> None:
    text = between.join(words)
    for cue in CUES.values():
        assert cue.found(scanned(text)) == cue.pattern.findall(text)
