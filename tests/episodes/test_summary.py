"""Summaries: right means, honest intervals, the same figures every time, faulted weeks told apart."""

from __future__ import annotations

import json

import pytest

from work_life_firewall.episodes.summary import event_kind, summarize
from work_life_firewall.episodes.twins import Pair

from .weeks import config, step, week


def test_means_and_counts() -> None:
    summary = summarize([week(100_001, 0.8), week(100_000, 0.4)], config())
    stats = summary["all"]
    assert summary["seeds"] == [100_000, 100_001]
    assert stats["total"]["mean"] == pytest.approx(0.6)
    assert stats["components"]["energy_to_friday"] == {"mean": 0.6, "low": 0.4, "high": 0.8, "n": 2}
    assert [figure["mean"] for figure in stats["evening_energy"]] == [0.9, 0.8, 0.7, 0.6, 0.333333]
    assert stats["friday_energy"]["mean"] == 0.333333
    assert stats["trust"]["sundar"]["mean"] == 0.8
    assert stats["min_trust"]["mean"] == 0.5
    assert stats["sprint_delivered"]["mean"] == 1.0
    assert stats["end"]["friday"]["mean"] == 1.0
    assert stats["twins"] is None
    assert stats["fraction_of_v_star"] is None
    assert summary["config_hash"] == config().hash()
    json.dumps(summary, allow_nan=False)


def test_acts_are_shares_of_the_asks_of_a_kind() -> None:
    steps = (
        step("nudge@priya#1", "decline", 0.25, 0.3),
        step("nudge@rahul#1", "accept", 0.3, 0.4),
        step("staging", "act", 0.4, 0.5),
    )
    acts = summarize([week(1, steps=steps), week(2)], config())["all"]["acts"]
    assert acts["nudge"]["decline"]["mean"] == 0.5
    assert acts["nudge"]["decline"]["n"] == 1
    assert acts["staging"]["act"] == {"mean": 1.0, "low": 1.0, "high": 1.0, "n": 2}
    assert sum(figure["mean"] for figure in acts["nudge"].values()) == pytest.approx(1.0)


def test_faulted_weeks_count_in_all_and_are_left_out_of_unfaulted() -> None:
    faulted = week(2, 0.2, steps=(step("staging", "act", 0.25, 0.2, fault=True),))
    failed = week(3, 0.2, end="error", error="at staging: ValueError: no")
    summary = summarize([week(1, 0.8), faulted, failed], config())
    assert summary["faulted_weeks"] == 2
    assert summary["all"]["total"]["n"] == 3
    assert summary["unfaulted"]["total"] == {"mean": 0.8, "low": 0.8, "high": 0.8, "n": 1}


def test_no_weeks_and_no_unfaulted_weeks_give_empty_figures() -> None:
    assert summarize([], config())["seeds"] is None
    failed = week(3, 0.2, end="error", error="x")
    stats = summarize([failed], config())["unfaulted"]
    assert stats["total"] == {"mean": None, "low": None, "high": None, "n": 0}


def test_the_order_of_weeks_and_the_call_do_not_matter() -> None:
    weeks = [week(seed, value) for seed, value in enumerate((0.1, 0.9, 0.4, 0.6))]
    assert summarize(weeks, config()) == summarize(weeks[::-1], config())


def test_twins_are_reported_beside_the_weeks() -> None:
    right = Pair(seed=1, fact="oncall_reason", ask="oncall_swap/1", deserves_no="decline", deserves_yes="accept")
    always_no = right.model_copy(update={"seed": 2, "deserves_yes": "decline"})
    twins = summarize([week(1), week(2)], config(), [right, always_no])["all"]["twins"]
    assert twins["pairs"] == 2
    assert twins["balanced_accuracy"]["mean"] == 0.75
    assert twins["pair_accuracy"]["mean"] == 0.5


def test_event_kinds() -> None:
    assert [event_kind(name) for name in ("staging", "pager_night#1", "nudge@priya#2")] == [
        "staging",
        "pager_night",
        "nudge",
    ]
