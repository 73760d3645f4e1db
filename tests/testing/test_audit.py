"""The audit: the same rows from one process or two, gaps in paired weeks, bars that bite, a report on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.episodes import figures
from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.record import Versions
from work_life_firewall.episodes.twins import Pair
from work_life_firewall.testing.audit import COLUMNS, TOTAL, Audit, PolicyRows, report
from work_life_firewall.testing.lineup import Entrant, Findings, Group, spec
from work_life_firewall.testing.report import Report
from work_life_firewall.testing.robust import Robustness, Variant, Weight, robustness, weigh, with_constant
from work_life_firewall.testing.rules import Asked

VERSIONS = Versions(package="0", rubric="1", reader="fake", world="w")
FOUND = Findings(
    {Asked("leave/1", 0): "request"},
    ("One.",),
    "Hi.",
    {"leave": "No."},
    dict.fromkeys(("table", "bag", "text", "texts"), 0.5),
)
ENTRANTS = [
    Entrant("careful", "reference", spec("careful")),
    Entrant("decliner", "fixed", spec("decliner"), constant=True),
]


def rows(name: str, group: Group, totals: list[float], right: bool = False, constant: bool = False) -> PolicyRows:
    table = np.full((len(totals), len(COLUMNS)), 0.5)
    table[:, TOTAL] = totals
    pairs = tuple(
        Pair(seed=n, fact="f", ask="a/1", deserves_no="decline", deserves_yes="accept" if right else "decline")
        for n in range(len(totals))
    )
    return PolicyRows(Entrant(name, group, spec("ignorer"), constant), table, pairs, 0)


@pytest.mark.slow
def test_two_processes_give_the_rows_of_one() -> None:
    done: list[int] = []
    here = list(Audit(Setup(), weeks=2, processes=1).run(ENTRANTS, done.append))
    there = list(Audit(Setup(), weeks=2, processes=2).run(ENTRANTS))
    assert done == [2, 4]
    for one, other in zip(here, there, strict=True):
        assert one.entrant.name == other.entrant.name
        assert one.pairs == other.pairs
        assert np.array_equal(one.weeks, other.weeks)
        assert one.weeks.shape == (2, len(COLUMNS))
    careful, decliner = report(here)
    assert decliner.gaps["careful"]["mean"] == pytest.approx(
        (careful.columns["total"]["mean"] or 0) - (decliner.columns["total"]["mean"] or 0)
    )
    assert decliner.twins.pair_accuracy["mean"] == 0.0
    assert (careful.failed, decliner.failed) == (0, 0)


def test_bars_bite() -> None:
    everybody = [
        rows("oracle", "reference", [0.9, 0.9], right=True),
        rows("careful", "reference", [0.7, 0.7], right=True),
        rows("low", "attack", [0.5, 0.5]),
        rows("high", "attack", [0.65, 0.6]),
        rows("fixed", "fixed", [0.5, 0.5], constant=True),
        rows("leak", "fixed", [0.1, 0.1], right=True, constant=True),
    ]
    lines = {line.name: line for line in report(everybody)}
    assert lines["careful"].bars == {}
    assert lines["careful"].gaps["oracle"]["mean"] == pytest.approx(0.2)
    assert lines["low"].bars == {"0.30 under oracle": True, "0.15 under careful": True}
    assert not any(lines["high"].bars.values())
    assert lines["fixed"].bars == {"pair accuracy 0": True, "0.30 under oracle": True, "0.30 under careful": False}
    assert lines["leak"].bars["pair accuracy 0"] is False


def test_a_report_is_written_and_names_what_broke(tmp_path: Path) -> None:
    lines = report([rows("oracle", "reference", [0.9, 0.8], right=True), rows("high", "attack", [0.8, 0.8])])
    variant = Variant("rise", 1.2, {"labels": 0.9, "careful": 0.7, "act:defer": 0.75})
    made = Report(lines, FOUND, "validation", 2, VERSIONS, Robustness((Weight("rise", 0.01),), (variant,)))
    assert made.broken == [
        "high: 0.30 under oracle",
        "ordering with rise x 1.2: labels 0.900, careful 0.700, best other 0.750 (act:defer)",
    ]
    written = made.write(tmp_path / "audit")
    expected = {"audit.md", "audit.csv", "audit.json", "found.json"}
    drawn = {"totals.png", "totals.svg", "totals.csv"} if figures.available() else set()
    assert {path.name for path in written} == {path.name for path in (tmp_path / "audit").iterdir()} == expected | drawn
    text = (tmp_path / "audit" / "audit.md").read_text()
    assert "| high | 0.800 [0.800, 0.800] |" in text
    assert "- high: 0.30 under oracle" in text
    assert "**no**" in text
    plain = json.loads((tmp_path / "audit" / "audit.json").read_text())
    assert plain == made.plain()
    assert plain["held"] is False
    header, *cells = (tmp_path / "audit" / "audit.csv").read_text().splitlines()
    assert len(cells) == 2
    assert {len(line.split(",")) for line in cells} == {len(header.split(","))}


def test_a_constant_can_be_moved_alone() -> None:
    recipe = Setup().recipe()
    moved = with_constant(recipe, "rework_minutes", 1.2)
    assert moved.tuning.rework_minutes == pytest.approx(1.2 * recipe.tuning.rework_minutes)
    assert moved.tuning.rise == recipe.tuning.rise
    assert with_constant(recipe, "monday_energy", 1.2).tuning.monday_energy == 1.0
    with pytest.raises(AttributeError):
        with_constant(recipe, "nonsense", 1.2)


@pytest.mark.slow
def test_constants_are_ranked_and_their_variants_played() -> None:
    ranked = weigh(Setup(), weeks=2, names=("monday_energy", "trust_low", "leave_second"))
    assert [weight.effect for weight in ranked] == sorted((weight.effect for weight in ranked), reverse=True)
    assert {weight.name for weight in ranked} == {"monday_energy", "trust_low", "leave_second"}
    heard: list[int] = []
    found = robustness(Setup(), ENTRANTS, ranked[:1], weeks=1, most=1, on_variant=heard.append)
    assert [(v.name, v.factor) for v in found.variants] == [
        ("as it is", 1.0),
        (ranked[0].name, 0.8),
        (ranked[0].name, 1.2),
    ]
    assert heard == [1, 2, 3]
    assert set(found.variants[0].totals) == {"labels", "careful", "decliner"}
