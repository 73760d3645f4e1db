"""The development set of times: 704 sentences of our own, with what they promise. The grammar was made with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.stakeholders.reading.commitments import commitments, timed
from work_life_firewall.stakeholders.reading.measure import TimeLabel, load_times, time_is_right
from work_life_firewall.stakeholders.reading.text import clean, lower

DATA = Path(__file__).parents[2] / "data" / "reading"


@pytest.fixture(scope="module")
def labels() -> list[TimeLabel]:
    return load_times(DATA / "times_dev.jsonl")


def test_times_and_minutes_are_found(labels: list[TimeLabel]) -> None:
    assert len(labels) >= 700
    assert np.mean([time_is_right(label) for label in labels]) >= 0.98


def test_the_promise_is_for_the_time_that_counts(labels: list[TimeLabel]) -> None:
    promised = []
    for label in labels:
        if label.due:
            said = timed(lower(clean(label.text)), label.now.at)
            found = commitments(said, "accept", "rahul", label.now.at)
            promised.append(bool(found) and found[0].due == label.due)
    assert np.mean(promised) >= 0.95


def test_nothing_is_promised_where_nothing_is(labels: list[TimeLabel]) -> None:
    idle = [label for label in labels if label.due is None]
    false = [
        label.text
        for label in idle
        if any(
            promise.due
            for promise in commitments(timed(lower(clean(label.text)), label.now.at), "accept", "rahul", label.now.at)
        )
    ]
    assert len(false) <= 0.02 * len(idle), false


def test_no_minutes_are_made_up(labels: list[TimeLabel]) -> None:
    said = {label.text: timed(lower(clean(label.text)), label.now.at) for label in labels}
    wrong = [
        label.text
        for label in labels
        for clause in said[label.text]
        for span in clause.times
        if span.minutes not in (None, label.minutes)
    ]
    assert len(wrong) <= 0.01 * len(labels), wrong
