"""Rows of a run folder: one number a week and figure, in the order of seeds, the same as the summary's."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.episodes.errors import RunError
from work_life_firewall.episodes.runs import pairs_in, weeks_in
from work_life_firewall.episodes.summary import summarize
from work_life_firewall.training.results import intervals
from work_life_firewall.training.results.rows import (
    BALANCED,
    DELIVERED,
    FRIDAY,
    LOWEST,
    PAIRED,
    TOTAL,
    UNCLEAR,
    evening,
    rows_of,
)

from ...episodes.weeks import config, week
from .folders import pair, run_folder, said

WEEKS = [
    week(7, 0.9, steps=(said("staging", "unclear", "hm"), said("nudge@priya#2", "decline", "no"))),
    week(3, 0.3, steps=(said("staging", "accept", "yes"),)),
]
PAIRS = [pair(7, "decline", "accept"), pair(7, "accept", "accept"), pair(3, "decline", None)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return run_folder(tmp_path / "run", WEEKS, PAIRS)


def test_rows_stand_in_the_order_of_seeds(folder: Path) -> None:
    found = rows_of("one", folder, range(3, 8, 4))
    assert found.seeds == (3, 7)
    assert list(found.means(TOTAL)) == pytest.approx([0.3, 0.9])
    assert list(found.parts[UNCLEAR]) == [0.0, 1.0]
    assert list(found.wholes[UNCLEAR]) == [1.0, 2.0]
    assert list(found.parts["acts", "nudge", "decline"]) == [0.0, 1.0]
    assert list(found.wholes["acts", "nudge", "decline"]) == [0.0, 1.0]


def test_figures_are_those_of_the_summary(folder: Path) -> None:
    summary = summarize(weeks_in(folder), config(), pairs_in(folder))["all"]
    keys = [TOTAL, DELIVERED, FRIDAY, LOWEST, evening(2), BALANCED, PAIRED, ("acts", "staging", "accept")]
    found = intervals.means([rows_of("one", folder, [3, 7])], keys)
    told = [summary["total"], summary["sprint_delivered"], summary["friday_energy"], summary["min_trust"]]
    told += [summary["evening_energy"][2], summary["twins"]["balanced_accuracy"], summary["twins"]["pair_accuracy"]]
    told.append(summary["acts"]["staging"]["accept"])
    for own, other in zip(found, told, strict=True):
        assert own == pytest.approx(other, abs=1e-6)


def test_failed_weeks_are_counted(tmp_path: Path) -> None:
    found = rows_of(
        "one", run_folder(tmp_path / "run", [week(1, end="error", error="at staging: X: y"), week(2)]), [1, 2]
    )
    assert found.failed == 1


def test_other_weeks_are_refused(folder: Path) -> None:
    with pytest.raises(RunError, match="holds 2 weeks, not the 3"):
        rows_of("one", folder, [3, 7, 8])
