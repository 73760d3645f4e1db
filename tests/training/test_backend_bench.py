"""The GPU benchmark runs from end to end at toy size; what it measures there means nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.training, pytest.mark.slow]
BENCH = Path(__file__).parents[2] / "benchmarks" / "gpu" / "bench.py"


def run(tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(BENCH), *options]
    return subprocess.run(command, capture_output=True, text=True, env=env, cwd=tmp_path, check=False, timeout=500)


def test_both_parts_run_at_toy_size(tmp_path: Path) -> None:
    ran = run(tmp_path, "--toy", "--out", "out")
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads((tmp_path / "out" / "gpu.json").read_text())
    assert json.loads(ran.stdout) == found
    assert found["toy"]
    nine, small = found["nine"], found["small"]
    assert nine["seeds_weeks_an_hour"] == 500
    assert min(nine["weeks_an_hour"], nine["peak_memory_gb"], *nine["tokens_a_second"].values()) > 0
    assert set(small["policies"]) == {"untrained", "trained", "careful"}
    assert small["policies"]["careful"]["total"]["mean"] > small["policies"]["untrained"]["total"]["mean"]
    assert small["grpo"]["steps"] == 2


def test_without_a_gpu_it_says_so_and_measures_nothing(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    if torch.cuda.is_available():
        pytest.skip("there is a GPU here")
    ran = run(tmp_path, "--out", "out")
    assert ran.returncode == 2
    assert "there is no GPU here; --toy shows that it runs" in ran.stderr
    assert not (tmp_path / "out").exists()
