"""Several processes: shares that do not overlap, one that tells, and checkpoints that all of them take up again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.training.batch import Tally
from work_life_firewall.training.ranks import Ranks, pool_of, ranks, summed
from work_life_firewall.training.settings import load

from .published import published
from .tiny import SETTINGS

TIMES = ("seconds", "tokens_per_second")


def test_one_process_has_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    made = load("fork")
    assert ranks() == Ranks(0, 1)
    assert Ranks().share(made) is made
    assert Ranks().gathered("it") == ["it"]
    monkeypatch.setenv("WORLD_SIZE", "two")
    with pytest.raises(UsageError, match="WORLD_SIZE"):
        ranks()


def test_shares_are_whole_groups_of_seeds_of_their_own() -> None:
    made = load("fork", ["optim.rows_per_pass=128"])
    parts = [Ranks(rank, 4).share(made) for rank in range(4)]
    assert sum(part.rows for part in parts) == made.rows
    assert len({part.seed for part in parts}) == 4
    assert parts[0].optim.rows_per_pass == 64
    spans = [(part.weeks.first_seed, part.weeks.first_seed + part.weeks.seeds) for part in parts]
    assert spans == [(0, 5000), (5000, 10000), (10000, 15000), (15000, 20000)]
    frozen = Ranks(3, 4).share(load("fork", ["weeks.seeds=1", "weeks.first_seed=7"]))
    assert (frozen.weeks.first_seed, frozen.weeks.seeds) == (7, 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (["weeks_alive=6"], "weeks_alive 6 cannot be shared by 4 processes"),
        (["weeks_alive=12", "optim.rows_per_pass=16"], "16 does not divide the 24 rows of a process"),
        (["credit=turn"], "credit turn: one process per run with context turn, 4 were launched"),
        (["optim.updates=4"], "optim.updates 4: one process per run here, 4 were launched"),
        (["backend=unsloth", "load=4bit", "lora={}", "device=gpu"], "backend unsloth: one process per run"),
    ],
)
def test_what_cannot_be_shared_is_one_line(changes: list[str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        Ranks(0, 4).share(load("fork", changes))


def test_tallies_add_up_and_the_slowest_process_sets_the_time() -> None:
    one = Tally(generation=1.0, tokens=5, acts=Counter(accept=2), regrets=[0.1])
    other = Tally(generation=3.0, tokens=7, acts=Counter(accept=1, decline=1), regrets=[0.2])
    both = summed([one, other])
    assert (both.generation, both.tokens, both.regrets) == (3.0, 12, [0.1, 0.2])
    assert both.acts == Counter(accept=3, decline=1)


def test_live_weeks_go_back_to_their_process() -> None:
    assert pool_of({"pool": {"taken": 1}}, Ranks()) == {"taken": 1}
    assert pool_of({"pools": [{"taken": 1}, {"taken": 2}]}, Ranks(1, 2)) == {"taken": 2}
    with pytest.raises(RunError, match="of 2 processes, this run has 1"):
        pool_of({"pools": [{}, {}]}, Ranks())


def launched(out: Path, *changes: str, resume: bool = False) -> subprocess.CompletedProcess[str]:
    """`wlf train` in two processes with the launcher that accelerate uses."""
    wlf = "from work_life_firewall.cli.main import main; main()"
    (out.parent / "launched.py").write_text(wlf)
    sets = [part for change in (*SETTINGS, *changes) for part in ("--set", change)]
    launcher = [sys.executable, "-m", "torch.distributed.run", "--nproc-per-node=2", "--master-port=0", "--standalone"]
    command = [*launcher, "launched.py", "train", "--config", "fork", "--out", str(out), *sets]
    env = {**os.environ, "PYTHONSAFEPATH": "1", "OMP_NUM_THREADS": "1"}
    more = ["--resume"] if resume else []
    return subprocess.run(
        [*command, *more], capture_output=True, text=True, env=env, cwd=out.parent, check=False, timeout=500
    )


def curve(out: Path) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key not in TIMES} for line in lines]


@pytest.mark.training
@pytest.mark.slow
def test_two_processes_train_one_policy_and_resume(tmp_path: Path) -> None:
    model = published("gemma3", tmp_path / "model")
    changes = (f"model={model}", "lora={rank: 4, alpha: 8}", "weeks_alive=4", "replies=2", "steps=4")
    whole = launched(tmp_path / "whole", *changes)
    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.count("done: step 4") == 1
    lines = curve(tmp_path / "whole")
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert (tmp_path / "whole" / "final" / "config.json").exists()
    half = launched(tmp_path / "half", *changes, "steps=2")
    assert half.returncode == 0, half.stderr
    state = json.loads((tmp_path / "half" / "checkpoints" / "checkpoint-2" / "weeks.json").read_text())
    assert [len(pool["weeks"]) for pool in state["pools"]] == [2, 2]
    rest = launched(tmp_path / "half", *changes, resume=True)
    assert rest.returncode == 0, rest.stderr
    assert curve(tmp_path / "half") == lines
