"""How time words make up moments, and which moments are promised."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from work_life_firewall.stakeholders.reading import timewords
from work_life_firewall.stakeholders.reading.commitments import commitments, timed
from work_life_firewall.stakeholders.reading.times import Span, spans
from work_life_firewall.world.clock import FRIDAY, at_time, label

NOW = at_time(1, 9, 30)
"""Tuesday 09:30."""


def times(text: str, now: int = NOW) -> list[Span]:
    return [span for clause in timed(text, now) for span in clause.times]


def dues(text: str, now: int = NOW) -> list[str]:
    return [label(span.due) for span in times(text, now) if span.due is not None]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("half past five", "Tue 17:30"),
        ("by half five", "Tue 17:30"),
        ("at ten to five", "Tue 16:50"),
        ("quarter to 6", "Tue 17:45"),
        ("saade teen baje", "Tue 15:30"),
        ("paune paanch baje tak", "Tue 16:45"),
        ("dhai baje", "Tue 14:30"),
        ("1630 hrs", "Tue 16:30"),
        ("17h00", "Tue 17:00"),
        ("at 5 p.m. today", "Tue 17:00"),
        ("before 10 hour tomorrow", "Wed 10:00"),
        ("12 noon", "Tue 12:00"),
        ("tmrw 11", "Wed 11:00"),
        ("9 am pt tomorrow", "Wed 21:30"),
    ],
)
def test_clock_times(text: str, due: str) -> None:
    assert dues(text) == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("tomorrow morning by 9:30 am", "Wed 09:30"),
        ("tomorrow, after lunch, at 3", "Wed 15:00"),
        ("friday morning first thing", "Fri 09:00"),
        ("on friday, before the demo", "Fri 16:00"),
        ("before the demo, at 3:30", "Fri 15:30"),
        ("an hour before the demo", "Fri 15:00"),
        ("before tomorrow's standup", "Wed 10:30"),
        ("thursday i can send it by 4", "Thu 16:00"),
        ("thursday rather than wednesday, by noon", "Thu 12:00"),
        ("standup ke baad", "Tue 10:45"),
        ("lunch se pehle", "Tue 13:00"),
        ("wed pm", "Wed 15:00"),
        ("before i log off today", "Tue 18:30"),
        ("thrusday eod", "Thu 18:30"),
    ],
)
def test_neighbouring_words_are_one_moment(text: str, due: str) -> None:
    assert dues(text) == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("between 3 and 4 i'm yours", "Tue 15:00"),
        ("you'll get it between 4 and 5", "Tue 17:00"),
        ("3-3:30 works for a call", "Tue 15:00"),
        ("11 to 1 pm on thursday", "Thu 11:00"),
        ("shift it from 3 to 5", "Tue 17:00"),
    ],
)
def test_a_range_is_its_start_for_a_meeting_and_its_end_for_a_delivery(text: str, due: str) -> None:
    assert dues(text) == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("by 3, no, 4", "Tue 16:00"),
        ("by 2... make that 3.", "Tue 15:00"),
        ("not at 4 but at 6", "Tue 18:00"),
        ("instead of today, wednesday 11", "Wed 11:00"),
        ("4 is too early, 6 pm i can", "Tue 18:00"),
        ("can't before 6, sorry", "Tue 18:00"),
    ],
)
def test_only_the_time_that_is_meant_is_promised(text: str, due: str) -> None:
    assert dues(text) == [due]


@pytest.mark.parametrize(
    "text",
    [
        "i was up till 2",
        "your 4 pm mail came late",
        "the 10:30 call is mine",
        "i've been on this since monday",
        "kal raat 3 baje tak jaga tha",
        "no calls after 7 for me",
        "if you send the logs by 11 i'd be glad",
        "please confirm by 3",
        "my flight leaves at 6",
        "i'm on leave thursday",
        "what do you need by 5?",
        "good morning, noted",
    ],
)
def test_a_time_that_is_no_promise_is_only_named(text: str) -> None:
    assert dues(text) == []
    assert commitments(timed(text, NOW), "accept", "rahul", NOW) == () or not any(
        promise.due for promise in commitments(timed(text, NOW), "accept", "rahul", NOW)
    )


def test_a_refused_time_stays_named() -> None:
    (span,) = times("i can't take tuesday night")
    assert (span.due, span.named) == (None, at_time(1, 21, 0))


@pytest.mark.parametrize(
    "text", ["3 tests fail", "version 4.2", "ticket #1530", "9 months", "room 301", "20% of 500", "4 of 7", "at 2x"]
)
def test_numbers_that_count_are_no_times(text: str) -> None:
    assert [span for span in times(text) if span.due is not None or span.minutes is not None] == []


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("forty five minutes", 45), ("2h 30m", 150), ("dedh ghante", 90), ("an hour and a quarter of work", 60)],
)
def test_lengths(text: str, minutes: int) -> None:
    assert [span.minutes for span in spans(text, NOW)][:1] == [minutes]


def test_a_length_of_more_than_a_working_week_is_none() -> None:
    assert [span.minutes for span in spans("it takes 45 hours", NOW)] == [None]


WORDS = sorted(
    {
        *timewords.DAYS, *timewords.PARTS, *timewords.PHRASES, *timewords.UNITS, *timewords.NUMBERS, *timewords.HINDI,
        *timewords.QUARTERS, *timewords.JOINS, *timewords.CLOCK_LEADS, *timewords.COUNTED, "half", "past", "'", "-",
        "3", "12", "23", "99", "1530", "3:30", "25:61", "4.2", "5pm", "2h30", "tomorrow's", "hours", "not", "if",
    }
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9), st.integers(0, at_time(FRIDAY, 23, 59)))
def test_any_heap_of_time_words_is_read(words: list[str], now: int) -> None:
    text = " ".join(words)
    said = timed(text, now)
    for clause in said:
        for span in clause.times:
            assert 0 <= span.start < span.end <= len(clause.clause)
            assert span.due is None or 0 <= span.due <= at_time(FRIDAY, 23, 59)
    commitments(said, "accept", "rahul", now)
