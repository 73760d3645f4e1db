"""The benchmark of weeks in flight runs on the clock of CPU time and writes what it found. No figure is judged here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "benchmarks" / "llm_in_flight.py"


@pytest.mark.slow
def test_both_sides_are_measured(tmp_path: Path) -> None:
    out = tmp_path / "found.json"
    few = ["--weeks", "4", "--latency", "0.2", "--seconds", "2", "--rounds", "1", "--out", str(out)]
    # The script stands beside its helpers, which a safe path would hide.
    free = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    ran = subprocess.run([sys.executable, SCRIPT, *few], cwd=tmp_path, env=free, capture_output=True, text=True)
    assert ran.returncode in (0, 1), ran.stderr
    found = json.loads(out.read_text())
    assert found["clock"] == "cpu"
    assert len(found["ratios"]) == 1
    for side in ("bare", "weeks"):
        assert 0 < found[side]["rate"] < 1.2 * 4 / 0.2
        assert found[side]["cpu_ms"] > 0
