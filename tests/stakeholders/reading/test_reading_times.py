"""Times, lengths and promises on the week's clock."""

from __future__ import annotations

import pytest

from work_life_firewall.stakeholders.reading.commitments import commitments, timed
from work_life_firewall.stakeholders.reading.times import spans
from work_life_firewall.world.clock import at_time, label

NOW = at_time(1, 9, 30)


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("by 3", "Tue 15:00"),
        ("kal subah", "Wed 10:00"),
        ("after standup", "Tue 10:45"),
        ("eod thursday", "Thu 18:30"),
        ("tomorrow at 10", "Wed 10:00"),
        ("by 4 pm today", "Tue 16:00"),
        ("by 1 pm tomorrow", "Wed 13:00"),
        ("tomorrow by 3 pm", "Wed 15:00"),
        ("by 2 pm on thursday", "Thu 14:00"),
        ("at 22:30", "Tue 22:30"),
        ("in half an hour", "Tue 10:00"),
        ("give me 20 minutes", "Tue 09:50"),
        ("within the hour", "Tue 10:30"),
        ("friday 3pm", "Fri 15:00"),
        ("by wednesday 6 pm ist", "Wed 18:00"),
        ("before lunch", "Tue 13:00"),
        ("after lunch", "Tue 14:00"),
        ("done by 7", "Tue 19:00"),
        ("10:30 tonight", "Tue 22:30"),
        ("half past nine", "Tue 21:30"),
        ("by tomorrow noon", "Wed 12:00"),
        ("5 baje", "Tue 17:00"),
        ("tomorrow at ten", "Wed 10:00"),
        ("by five, promise", "Tue 17:00"),
        ("before the demo", "Fri 16:00"),
        ("thursday", "Thu 18:30"),
    ],
)
def test_times(text: str, due: str) -> None:
    found = [span.due for span in spans(text, NOW) if span.due is not None]
    assert [label(at) for at in found] == [due]


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("six o'clock", "Tue 18:00"),
        ("do ghante mein", "Tue 11:30"),
        ("kal shaam 6 baje", "Wed 18:00"),
        ("subah 10 tak", "Tue 10:00"),
        ("around 4-ish", "Tue 16:00"),
        ("at 1530", "Tue 15:30"),
        ("at ten thirty", "Tue 10:30"),
        ("in about an hour and a half", "Tue 11:00"),
        ("give me twenty", "Tue 09:50"),
        ("in two days", "Thu 18:30"),
        ("wednsday 10", "Wed 10:00"),
        ("on thursday before lunch", "Thu 13:00"),
        ("by the demo", "Fri 16:00"),
    ],
)
def test_times_as_people_write_them(text: str, due: str) -> None:
    found = [span.due for clause in timed(text, NOW) for span in clause.times if span.due is not None]
    assert [label(at) for at in found] == [due]


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("twenty-five minutes", 25), ("three quarters of an hour", 45), ("two and a half hours", 150), ("2h 30m", 150)],
)
def test_lengths_as_people_write_them(text: str, minutes: int) -> None:
    assert timed(text, NOW)[0].times[0].minutes == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("20 min at noon", 20), ("an hour on thursday", 60), ("two hours", 120), ("30-minute call", 30)],
)
def test_lengths(text: str, minutes: int) -> None:
    assert spans(text, NOW)[0].minutes == minutes


@pytest.mark.parametrize(
    "text",
    ["version 4.2", "two swaps this month", "1,400 lines", "room 301", "at 4 people", "i am sorry", "by one of us"],
)
def test_numbers_that_are_no_times(text: str) -> None:
    assert not [span for span in spans(text, NOW) if span.due is not None or span.minutes is not None]


@pytest.mark.parametrize("text", ["next week", "monday", "next sprint"])
def test_after_this_week_has_no_due(text: str) -> None:
    assert [(span.due, span.beyond) for span in spans(text, NOW)] == [(None, True)]


def test_promise_has_what_when_and_minutes() -> None:
    (promise,) = commitments(
        timed("i'll pair with you for 30 minutes at 11 tomorrow morning", NOW), "accept", "priya", NOW
    )
    assert (promise.to, promise.minutes) == ("priya", 30)
    assert promise.what.startswith("pair with you")
    assert promise.due is not None
    assert label(promise.due.at) == "Wed 11:00"


def test_a_refused_time_is_no_promise() -> None:
    assert commitments(timed("i can't take tuesday night", NOW), "decline", "rahul", NOW) == ()


def test_no_promise_in_a_question() -> None:
    assert commitments(timed("could you do it by 4 pm?", NOW), "ask", "rahul", NOW) == ()
