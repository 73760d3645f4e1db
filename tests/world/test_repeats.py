"""Nearly the same text, whatever the names and numbers in it, is a repeat."""

from __future__ import annotations

from work_life_firewall.world.repeats import repeats
from work_life_firewall.world.state import Line

NO = "Sorry Priya, I cannot take this on before 4 pm, the release comes first this week."


def _log(*texts: str) -> tuple[Line, ...]:
    return tuple(Line("arjun", "priya", at, text) for at, text in enumerate(texts))


def test_the_same_text_is_a_repeat_each_time() -> None:
    assert repeats(NO, _log()) == 0
    assert repeats(NO, _log(NO, NO)) == 2


def test_other_names_and_numbers_make_no_new_text() -> None:
    assert repeats(NO.replace("Priya", "Rahul").replace("4 pm", "6 pm"), _log(NO)) == 1


def test_other_words_do() -> None:
    other = "Rahul, ask Karthik for the two nights; I carried the pager twice already and will hand over notes."
    assert repeats(other, _log(NO)) == 0


def test_only_what_arjun_said_counts_and_once_per_moment() -> None:
    assert repeats(NO, (Line("priya", "priya", 1, NO),)) == 0
    assert repeats(NO, (Line("arjun", "priya", 1, NO), Line("arjun", "rahul", 1, NO))) == 1


def test_silence_is_no_repeat() -> None:
    assert repeats("", _log("")) == 0
    assert repeats("  \n", _log(" ")) == 0
