"""`wlf audit --replies` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .terminal import Terminal


@pytest.mark.slow
def test_the_replies_of_a_run_are_audited(wlf: Terminal, tmp_path: Path) -> None:
    assert wlf("run", "--policy", "decliner", "--weeks", "2", "--out", "a").code == 0
    options = ("audit", "--replies", "a", "--quick", "--processes", "1")
    ran = wlf(*options, "--out", "b")
    assert ran.code == 1
    assert ran.err.splitlines() == ["swapping ...", "careful ...", "searching ...", "playing ..."]
    for part in ("one text per kind of event", "staging/1", "held: replies: injection", "NOT held: swapped: loses"):
        assert part in ran.out
    plain = json.loads(wlf(*options, "--json").out)
    assert json.loads((tmp_path / "b" / "replies.json").read_text(encoding="utf-8")) == plain
    assert f"**{sum(plain['bars'].values())} of 12 bars are held.**" in (tmp_path / "b" / "replies.md").read_text()
    assert plain["held"] is False


def test_what_does_not_go_with_replies_is_one_line(wlf: Terminal) -> None:
    assert wlf("audit", "--replies", "a").complaint == "wlf: a: not a run folder (no config.yaml)"
    for other in (("--split", "test"), ("--robust", "3"), ("--found", "f.json")):
        ran = wlf("audit", "--replies", "a", *other)
        assert (ran.code, "--split, --robust and --found" in ran.complaint) == (2, True)
