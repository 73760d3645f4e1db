"""What replies say events come to is set against the facts, ask by ask."""

from __future__ import annotations

import asyncio

import pytest

pytest.importorskip("torch")

from work_life_firewall.training.examples import first_messages
from work_life_firewall.training.facts import Told, facts_of, figures, tell
from work_life_firewall.training.teachers import Teacher
from work_life_firewall.training.warm_config import TeacherConfig
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.state import WeekState

SEEDS = range(60)


def said(state: WeekState, seen: Observation, gist: float) -> str:
    """A careful teacher's reply."""
    seat = Teacher(TeacherConfig(mode="careful", gist=gist))
    seat.see(state)
    return asyncio.run(seat.reply(seen))


def taught(gist: float) -> list[Told]:
    """What a careful teacher says of the first messages of some weeks."""
    return [
        told
        for state, seen in first_messages(SEEDS)
        if (known := facts_of(state, seen))
        for told in tell(seen, known, said(state, seen, gist))
    ]


def test_who_reads_is_right_and_who_says_nothing_is_silent() -> None:
    reads, silent = figures(taught(1.0)), figures(taught(0.0))
    assert reads["asks"] == silent["asks"] >= 5 * len(SEEDS)
    assert reads["right"] > 0.95
    assert reads["right"] + reads["silent"] == pytest.approx(1.0), "a proofread teacher leaves a gist out, never wrong"
    assert (silent["right"], silent["silent"]) == (0.0, 1.0)
    assert len(reads["by_value"]) == 14, "seven facts of two values"


def test_two_asks_are_told_on_the_lines_of_their_senders() -> None:
    state, seen = next(pair for pair in first_messages(SEEDS) if len(pair[1].event.asks) == 2)
    known = facts_of(state, seen)
    right = said(state, seen, 1.0)
    swapped = "\n".join(reversed(right.split("\n")))
    assert [told.said for told in tell(seen, known, right)] == [value for _, value in known]
    assert tell(seen, known, swapped) == tell(seen, known, right)
    first, _ = right.split("\n")
    assert [told.said is None for told in tell(seen, known, first)] == [False, True]
