"""`wlf compare` and `wlf audit` as a user types them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.config import find

from .terminal import Terminal

FOUND = {
    "table": {"leave/1 round 0": "request"},
    "bag": ["Sorry, not today.", "I'll send notes by 5 pm."],
    "text": "Noted, thank you.",
    "texts": {"leave": "No."},
    "scores": {"table": 0.6, "bag": 0.3, "text": 0.3, "texts": 0.3},
}


def test_compare_says_that_only_priya_differs(wlf: Terminal, tmp_path: Path) -> None:
    text = find("personas", "priya").read_text(encoding="utf-8").replace("initial_trust: ", "initial_trust: 0.5 # ", 1)
    (tmp_path / "priya.md").write_text(text, encoding="utf-8")
    options = ("run", "--policy", "greedy", "--weeks", "2", "--json")
    assert wlf(*options, "--out", "a").code == 0
    assert wlf(*options, "--out", "b", "--persona", "priya=priya.md").code == 0
    ran = wlf("compare", "a", "b")
    assert (ran.code, ran.err) == (0, "")
    assert "only priya differs" in ran.out
    assert "Differences over the same 2 weeks" in ran.out
    for part in ("trust priya", "lower", "Answers in percent", "pass^1"):
        assert part in ran.out
    plain = json.loads(wlf("compare", "a", "b", "--json").out)
    assert plain["sentence"] == "only priya differs"
    assert plain["gaps"]["trust priya"]["verdict"] == "lower"


def test_compare_draws_both_heatmaps(wlf: Terminal, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert wlf("run", "--policy", "decliner", "--weeks", "1", "--out", "a").code == 0
    ran = wlf("compare", "a", "a", "--figure", "heat.png")
    assert ran.code == 0
    assert {path.name for path in tmp_path.glob("heat.*")} == {"heat.png", "heat.svg", "heat.csv"}


def test_compare_complains_in_one_line(wlf: Terminal) -> None:
    assert wlf("compare", "a", "b").complaint == "wlf: a: not a run folder (no config.yaml)"
    for folder, seed in (("a", 0), ("b", 7)):
        assert wlf("run", "--policy", "ignorer", "--weeks", "1", "--seed", seed, "--out", folder).code == 0
    ran = wlf("compare", "a", "b")
    assert ran.code == 2
    assert ran.complaint.endswith("have no week in common; compare them with --unpaired")
    assert wlf("compare", "a", "b", "--unpaired").code == 0


def test_run_with_twins_shows_both_accuracies(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("run", "--policy", "decliner", "--weeks", "2", "--twins", "3", "--out", "a")
    assert (ran.code, ran.err) == (0, "")
    assert "twins: pair accuracy" in ran.out
    assert len((tmp_path / "a" / "twins.jsonl").read_text().splitlines()) == 3
    summary = json.loads((tmp_path / "a" / "summary.json").read_text())
    assert summary["all"]["twins"]["pairs"] == 3
    assert json.loads(wlf("score", "a", "--json").out) == summary
    assert wlf("run", "--policy", "decliner", "--weeks", "1", "--twins", "8", "--out", "b").code == 2


@pytest.mark.slow
def test_audit_reports_every_policy_and_fails_where_a_bar_breaks(wlf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "found.json").write_text(json.dumps(FOUND))
    ran = wlf("audit", "--weeks", "1", "--processes", "1", "--found", "found.json", "--out", "audit", "--json")
    plain = json.loads(ran.out)
    assert ran.code == (0 if plain["held"] else 1)
    names = [policy["name"] for policy in plain["policies"]]
    assert names[:2] == ["oracle", "careful"]
    assert {"greedy", "act:counter", "fact-blind table", "stuffer (hill-climb)", "injector"} <= set(names)
    assert json.loads((tmp_path / "audit" / "audit.json").read_text()) == plain
    assert wlf("audit", "--found", "nothing.json").code == 2
