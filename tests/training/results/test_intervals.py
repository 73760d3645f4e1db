"""Intervals over seeds and weeks: what they must be where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from work_life_firewall.episodes.stats import mean_figures
from work_life_firewall.training.results.intervals import fraction, gaps, means, over_seeds
from work_life_firewall.training.results.rows import TOTAL

from .folders import rows

RNG = np.random.default_rng(5)
HARD = RNG.uniform(0.2, 0.8, size=40)
"""How hard each week is, for everybody."""


def test_one_seed_is_the_bootstrap_over_weeks() -> None:
    table = HARD[:, None]
    assert over_seeds([table], [np.ones_like(table)]) == mean_figures(table)


def test_equal_seeds_add_nothing_to_the_interval() -> None:
    one = means([rows("a", HARD)], [TOTAL])[0]
    three = means([rows("a", HARD)] * 3, [TOTAL])[0]
    assert three["mean"] == pytest.approx(one["mean"])
    # Weeks are drawn once for all seeds: three copies of a seed know no more than one.
    assert width(three) == pytest.approx(width(one), rel=0.15)


def test_seeds_that_differ_widen_it() -> None:
    apart = [rows(str(shift), HARD + shift) for shift in (-0.2, 0.0, 0.2)]
    together = means(apart, [TOTAL])[0]
    assert together["mean"] == pytest.approx(float(HARD.mean()))
    assert width(together) > 2 * width(means([apart[1]], [TOTAL])[0])
    assert together["n"] == 40


def test_weeks_that_are_hard_for_both_cancel_in_a_paired_difference() -> None:
    found = gaps([rows("a", HARD + 0.1), rows("b", HARD + 0.1)], rows("careful", HARD), [TOTAL])[0]
    assert (found["mean"], found["low"], found["high"]) == pytest.approx((0.1, 0.1, 0.1))


def test_a_share_is_a_ratio_of_sums() -> None:
    found = fraction([rows("a", [0.2, 0.6]), rows("b", [0.4, 0.8])], np.array([1.0, 1.0]), TOTAL)
    assert found["mean"] == pytest.approx(0.5)
    assert fraction([rows("a", HARD)], HARD, TOTAL)["low"] == pytest.approx(1.0)


def test_a_figure_that_nobody_has_is_empty() -> None:
    assert means([rows("a", HARD), rows("b", HARD)], [("acts", "staging", "ask")])[0]["mean"] is None


def test_seeds_with_other_weeks_are_refused() -> None:
    with pytest.raises(ValueError, match="same weeks"):
        means([rows("a", [0.1, 0.2]), rows("b", [0.1])], [TOTAL])


def width(figure: object) -> float:
    assert isinstance(figure, dict)
    return figure["high"] - figure["low"]
