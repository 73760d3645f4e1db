"""The quick ways of the reader find what the plain ones find: places of words, clauses, drawn-out letters, triples."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.stakeholders.reading.features import Seen, described
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.late import Late
from work_life_firewall.stakeholders.reading.local import default_model
from work_life_firewall.stakeholders.reading.normal import normal
from work_life_firewall.stakeholders.reading.relevance import copied
from work_life_firewall.stakeholders.reading.text import clauses, clean, lower
from work_life_firewall.stakeholders.reading.timetext import PAD, Words

PLAIN_WORD = re.compile(r"[a-z]+\d\w*|[a-z]+(?:'[a-z]+)?|\d+(?:[:.,]\d+)*|[^\s\w]")
PLAIN_CLAUSE = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*|\s+-\s+|;\s*|(?<=[\U0001F300-\U0001FAFF])\s*")
SIGNS = st.text(alphabet="ab1239' \n\t.,;:!?-_@é🙏", max_size=25)
TEXTS = [lower(clean(label.text)) for label in labels()][::7]


def words_one_by_one(lowered: str) -> list[tuple[str, int, int]]:
    """Words with their places, without those hyphens that stand between two letters or a letter and a digit."""
    found: list[tuple[str, int, int]] = []
    for match in PLAIN_WORD.finditer(lowered):
        around = lowered[max(0, match.start() - 1) : match.start()] + lowered[match.end() : match.end() + 1]
        if match[0] != "-" or len(around) < 2 or not around.isalnum() or around.isdigit():
            found.append((match[0], *match.span()))
    return found


def placed(lowered: str) -> list[tuple[str, int, int]]:
    words = Words(lowered)
    assert words.said[words.count :] == [""] * PAD
    return [(words.said[place], words.start(place), words.end(place)) for place in range(words.count)]


@given(SIGNS)
def test_words_and_their_places(lowered: str) -> None:
    assert placed(lowered) == words_one_by_one(lowered)


def test_words_and_their_places_in_the_corpus() -> None:
    assert [placed(lowered) for lowered in TEXTS] == [words_one_by_one(lowered) for lowered in TEXTS]


def test_a_word_is_found_whichever_is_asked_first() -> None:
    words = Words("stand-up at 3 - 4, not at 3")
    assert [words.start(place) for place in (9, 2, 5)] == [26, 9, 16]
    assert words.said[5] == "4"


@given(SIGNS)
def test_clauses(cleaned: str) -> None:
    pieces = [piece.strip() for piece in PLAIN_CLAUSE.split(cleaned)]
    assert clauses(cleaned) == [piece for piece in pieces if piece]


@pytest.mark.parametrize(
    ("drawn", "short"), [("sooo", "soo"), ("soo", "soo"), ("aaabbb ooo", "aabb oo"), ("111", "111")]
)
def test_drawn_out_letters(drawn: str, short: str) -> None:
    assert lower(drawn) == short


@given(st.text(alphabet="ab c", max_size=12))
def test_no_drawn_out_letter_is_missed(drawn: str) -> None:
    assert lower(drawn) == re.sub(r"([a-z])\1{2,}", r"\1\1", drawn)


def test_spaces_become_one() -> None:
    assert clean(" a  b\t\tc \x00 d ") == "a b c d"


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_copied_triples(words: list[str], others: list[str]) -> None:
    mine = [tuple(words[place : place + 3]) for place in range(len(words) - 2)]
    theirs = {tuple(others[place : place + 3]) for place in range(len(others) - 2)}
    assert copied(words, others) == (sum(one in theirs for one in mine) / len(mine) if len(mine) > 2 else 0.0)


def test_parts_described_together_are_as_alone() -> None:
    known = default_model().words
    kinds = ("", "favour", "leave")
    parts = [
        Seen(normal(lowered, known), lowered, kinds[place % 3], ("shared 1",) * (place % 2))
        for place, lowered in enumerate(["", "no", "?", *TEXTS[:60]])
    ]
    together = described(parts)
    assert [[*each.buckets] for each in together] == [[*described([part])[0].buckets] for part in parts]
    assert [[*each.values] for each in together] == [[*described([part])[0].values] for part in parts]
    assert described([]) == []


def test_a_late_pattern_does_what_a_compiled_one_does() -> None:
    late, compiled = Late(r"b(.)"), re.compile(r"b(.)")
    assert [match[1] for match in late.finditer("abcbd")] == [match[1] for match in compiled.finditer("abcbd")]
    assert (late.sub("-", "abcbd"), late.split("abcbd")) == (compiled.sub("-", "abcbd"), compiled.split("abcbd"))
    found, whole = late.search("abc", 1), late.fullmatch("abcb", 1, 3)
    assert found is not None
    assert whole is not None
    assert (found.span(), whole.span()) == ((1, 3), (1, 3))
    assert late.search("abc", 2) is None


def test_a_broken_late_pattern_fails_when_it_is_used() -> None:
    broken = Late("(")
    with pytest.raises(re.error):
        broken.search("")


def test_the_quick_clauses_are_for_ascii_only() -> None:
    assert clauses("ok🙏see you") == ["ok🙏", "see you"]
    assert clauses("ok; see you - bye\nnow") == ["ok", "see you", "bye", "now"]
