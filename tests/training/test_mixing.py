"""Lessons in mixed words: made of the lessons' own words, about the same fact, labelled by what the words say."""

from __future__ import annotations

from collections import Counter

import pytest

from work_life_firewall.training.examples import lessons
from work_life_firewall.training.gist import gists
from work_life_firewall.training.mixing import Lesson, mixed

FIRST = 20_000
FACT, YES, NO = "client_scope", "inside", "outside"
FILLER = "one two three four five six seven eight nine ten".split()


def made(count: int = 40) -> list[Lesson]:
    """Lessons of which the word "contract" tells one value and "idea" the other, anywhere in the text."""
    found: list[Lesson] = []
    for number in range(count):
        value, word = ((YES, "contract"), (NO, "idea"))[number % 2]
        words = [*FILLER]
        for place in range(number % 5, len(words), 3):
            words[place] = word
        found.append(Lesson("Subject: s\n", "", " ".join(words), FACT, value, "I see that it is so."))
    return found


def says(lesson: Lesson) -> str:
    """The value that the answer tells."""
    told = [value for value, ways in gists().facts[lesson.fact].items() for way in ways if f"{way}." in lesson.said]
    assert len(told) == 1, lesson.said
    return told[0]


def test_the_label_is_what_most_words_say() -> None:
    found = mixed(made(), 2.0, 0)
    assert len(found) > 40
    assert {lesson.value for lesson in found} == {YES, NO}
    for lesson in found:
        counts = Counter(lesson.text.split())
        assert lesson.value == (YES if counts["contract"] > counts["idea"] else NO), lesson.text
        assert says(lesson) == lesson.value


def test_texts_are_new_and_of_the_same_words() -> None:
    given = made()
    found = mixed(given, 2.0, 0)
    assert len({lesson.text for lesson in found} - {lesson.text for lesson in given}) > 20
    assert {word for lesson in found for word in lesson.text.split()} <= {*FILLER, "contract", "idea"}


def test_the_seed_decides() -> None:
    assert mixed(made(), 1.0, 3) == mixed(made(), 1.0, 3) != mixed(made(), 1.0, 4)


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_no_more_than_asked_for(share: float) -> None:
    assert len(mixed(made(), share, 0)) <= share * 40


def test_a_fact_of_which_one_value_was_met_has_none() -> None:
    assert mixed([lesson for lesson in made() if lesson.value == YES], 1.0, 0) == []


def test_weeks_have_mixed_lessons_behind_their_own() -> None:
    seeds = range(FIRST, FIRST + 20)
    plain, more = lessons(seeds), lessons(seeds, mix=1.0)
    assert more[: len(plain)] == plain
    assert 0.5 * len(plain) < len(more) - len(plain) <= len(plain)
    for turn in more[len(plain) :]:
        named = [name for name in ("Priya: ", "Rahul: ") if f"\n{name}" in turn.seen]
        assert turn.said.startswith("".join(named)) and len(named) < 2 and "\n" not in turn.said
