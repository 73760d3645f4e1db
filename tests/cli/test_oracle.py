"""`wlf oracle` and `wlf whatif` as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

from .terminal import Terminal

ONE = ("oracle", "--weeks", 1, "--scenario", "reduced", "--workers", 1)


def test_the_oracle_tells_its_figures_and_keeps_what_it_solved(wlf: Terminal) -> None:
    told = wlf(*ONE)
    assert told.code == 0
    assert "V* (perfect information)" in told.out
    assert "labels: the side named by refuse_when" in told.out
    assert len(list(Path("runs/.oracle").glob("*.jsonl"))) == 1
    again = wlf(*ONE, "--json")
    assert json.loads(again.out)["weeks"] == 1


def test_a_fresh_verdict_leaves_nothing_behind(wlf: Terminal) -> None:
    assert wlf(*ONE, "--fresh", "--json").code == 0
    assert not Path("runs").exists()


def test_too_many_weeks_are_refused(wlf: Terminal) -> None:
    assert wlf("oracle", "--weeks", 2, "--seed", 99_999).code == 2


def test_a_what_if_is_told_and_kept(wlf: Terminal) -> None:
    assert wlf("run", "--policy", "greedy", "--weeks", 1, "--out", "g").code == 0
    told = wlf("whatif", "g", "--week", 0, "--event", "oncall_swap", "--act", "decline")
    assert told.code == 0
    assert "oncall_swap answered with" in told.out
    assert "Wed evening energy" in told.out
    assert Path("g/whatif/100000-oncall_swap-1.json").is_file()
    plain = wlf("whatif", "g", "--week", 0, "--event", "oncall_swap", "--reply", "No.", "--then", "recorded", "--json")
    assert json.loads(plain.out)["event"] == "oncall_swap"


def test_a_what_if_that_makes_no_sense_is_one_line(wlf: Terminal) -> None:
    assert wlf("whatif", "nowhere", "--week", 0, "--event", "leave", "--act", "ask").code == 1
    wlf("run", "--policy", "ignorer", "--weeks", 1, "--out", "i")
    wrong = wlf("whatif", "i", "--week", 0, "--event", "leav", "--act", "ask")
    assert (wrong.code, "did you mean 'leave'?" in wrong.complaint) == (2, True)
    assert wlf("whatif", "i", "--week", 0, "--event", "leave").code == 2
