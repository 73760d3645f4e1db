"""Week minutes and wire moments are the same time, written twice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from work_life_firewall.world.clock import DAY_MINUTES, WEEK_END, Moment, at_time, day_of, label, moment


@given(st.integers(0, 5 * DAY_MINUTES - 1))
def test_every_minute_of_the_week_survives_the_trip_to_the_wire(at: int) -> None:
    assert moment(at).at == at
    assert day_of(at) == moment(at).day


def test_times_outside_the_week_are_clamped_into_it() -> None:
    assert moment(-5) == Moment(day=0, minute=0)
    assert moment(10**6) == Moment(day=4, minute=1439)


def test_labels_are_for_people() -> None:
    assert label(at_time(0, 9)) == "Mon 09:00"
    assert label(at_time(3, 22, 30)) == "Thu 22:30"
    assert label(WEEK_END) == "Fri 18:30"


@pytest.mark.parametrize(("day", "minute"), [(5, 0), (-1, 0), (0, 1440), (0, -1)])
def test_no_moment_lies_outside_the_week(day: int, minute: int) -> None:
    with pytest.raises(ValidationError):
        Moment(day=day, minute=minute)
