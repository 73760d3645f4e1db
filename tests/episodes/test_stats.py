"""Intervals: they cover the truth, pairing narrows them, and the same numbers give the same interval."""

from __future__ import annotations

import numpy as np
import pytest

from work_life_firewall.episodes.stats import bootstrap, mean_figures, paired, pass_k, unpaired


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(150):
        values = rng.normal(0.5, 0.1, size=(40, 1))
        (figure,) = bootstrap(values, np.ones_like(values))
        assert figure["low"] is not None
        assert figure["high"] is not None
        hits += figure["low"] <= 0.5 <= figure["high"]
    assert hits / 150 > 0.88


def test_a_ratio_leaves_out_weeks_without_a_whole() -> None:
    (figure,) = bootstrap(np.array([[1.0], [0.0], [3.0]]), np.array([[2.0], [0.0], [4.0]]))
    assert (figure["mean"], figure["n"]) == (pytest.approx(4 / 6), 2)


def test_nothing_gives_empty_figures() -> None:
    empty = np.zeros((0, 2))
    assert [figure["mean"] for figure in (*mean_figures(empty), *unpaired(empty, empty))] == [None] * 4
    (figure,) = bootstrap(np.zeros((3, 1)), np.zeros((3, 1)))
    assert figure == {"mean": None, "low": None, "high": None, "n": 0}


def test_pairing_sees_a_small_shift_that_unpaired_weeks_hide() -> None:
    weeks = np.random.default_rng(1).normal(0.5, 0.2, size=(60, 1))
    (close,) = paired(weeks, weeks + 0.02)
    (wide,) = unpaired(weeks, weeks + 0.02)
    assert close["low"] == pytest.approx(0.02)
    assert close["high"] == pytest.approx(0.02)
    assert wide["mean"] == pytest.approx(0.02)
    assert wide["low"] is not None
    assert wide["low"] < 0 < 0.02 < (wide["high"] or 0)


def test_the_same_numbers_give_the_same_interval() -> None:
    values = np.random.default_rng(2).uniform(size=(30, 3))
    assert mean_figures(values) == mean_figures(values)
    assert paired(values, values[:, ::-1]) == paired(values, values[:, ::-1])


def test_paired_weeks_must_be_the_same() -> None:
    with pytest.raises(ValueError, match="same on both sides"):
        paired(np.zeros((2, 1)), np.zeros((3, 1)))


@pytest.mark.parametrize(
    ("passed", "weeks", "k", "chance"),
    [(10, 10, 4, 1.0), (0, 10, 1, 0.0), (5, 10, 1, 0.5), (5, 10, 2, 2 / 9), (1, 10, 2, 0.0), (3, 3, 4, None)],
)
def test_pass_k_is_the_chance_that_k_weeks_all_pass(passed: int, weeks: int, k: int, chance: float | None) -> None:
    found = pass_k(passed, weeks, k)
    assert found == (chance if chance is None else pytest.approx(chance))


@pytest.mark.parametrize(("passed", "weeks", "k"), [(3, 2, 1), (-1, 2, 1), (1, 2, 0)])
def test_impossible_counts_are_refused(passed: int, weeks: int, k: int) -> None:
    with pytest.raises(ValueError, match="makes no sense"):
        pass_k(passed, weeks, k)
