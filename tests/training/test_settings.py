"""Settings: every shipped config loads, `--set` changes reach inside, and a slip is one line with the near miss."""

from __future__ import annotations

from pathlib import Path

import pytest

from work_life_firewall.config import ConfigError
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.training import warm_config
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.settings import changed, load


@pytest.mark.parametrize(
    ("name", "decisions"),
    [("fork", False), ("headline", False), ("quick", False), ("turn", True), ("episode", True)],
)
def test_shipped_configs_load(name: str, decisions: bool) -> None:
    made = load(name)
    assert made.context == "turn"
    assert made.decisions == decisions
    assert made.rows == made.weeks_alive * made.group
    assert made.credit == (name if name in ("turn", "episode") else "fork")


def test_changes_reach_inside_and_take_yaml() -> None:
    made = load("fork", ["optim.lr=3e-4", "reward.without=[boundary_setting]", "weeks.seeds=1", "model=a=b"])
    assert made.optim.lr == 3e-4
    assert made.weeks.seeds == 1
    assert made.model == "a=b"
    assert made.reward.weights() == (0.25, 0.25, 0.0, 0.2, 0.1)
    assert changed(warm_config.load("warmstart"), ["optim.lr=1e-3"]).optim.lr == 1e-3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("optim.lrr=1", "unknown key 'optim.lrr'; did you mean 'lr'?"),
        ("stepz=1", "unknown key 'stepz'; did you mean 'steps'?"),
        ("steps.more=1", "unknown key 'steps.more'; it has no keys"),
        ("steps", "write KEY=VALUE"),
        ("steps=many", "steps: Input should be a valid integer"),
        ("replies=1", "replies: Input should be greater than or equal to 2"),
        ("credit=forks", "credit: Input should be 'fork', 'turn' or 'episode'"),
        ("explore={model: a, candidates: 2, keep: 3}", "explore: Value error, keep 3 is more than the 2 candidates"),
        ("optim.updates=3", "updates 3 must divide weeks_alive, and goes with neither rows_per_pass nor iterations"),
        ("context=week", "context week is for whole weeks: credit must be turn or episode"),
        ("candidates=4", "candidates 4 cannot fill a group of 8 replies"),
        ("optim.rows_per_pass=12", "must divide the 256 rows of a step and hold whole groups"),
        ("steps=[", "is no YAML value"),
        ("weeks.server=127.0.0.1:8000", "'127.0.0.1:8000' is no address of a server, such as http://127.0.0.1:8000"),
        ("weeks.server=http://127.0.0.1:8000", "weeks.server: fork needs exact states, which no server hands out"),
        ("weeks.first_seed=90000", "seeds 90000 to 109999 are not all of split train, 0 to 99999"),
        ("weeks.split=validation", "seeds 0 to 19999 are not all of split validation, 100000 to 199999"),
    ],
)
def test_a_slip_is_one_line(change: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load("fork", [change])
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_rows_of_decisions_need_our_own_forward_pass() -> None:
    with pytest.raises(
        ConfigError, match=r"optim.recompute reads a row as one text, credit turn with it needs context"
    ):
        load("turn", ["optim.recompute=true"])
    assert not load("turn", ["optim.recompute=true", "context=week"]).decisions


def test_muon_and_adapters_do_not_go_together() -> None:
    with pytest.raises(ConfigError, match="leave it 0 with lora"):
        load("fork", ["lora={rank: 4}", "optim.muon_lr=0.01"])


def test_weeks_are_played_where_the_settings_say() -> None:
    assert load("turn").weeks.server is None
    assert load("episode", ["weeks.server=http://127.0.0.1:8000/"]).weeks.server == "http://127.0.0.1:8000"


def test_a_served_run_resumes_at_another_address_but_not_without_a_server(tmp_path: Path) -> None:
    here, there, nowhere = (
        load("turn", change) for change in (["weeks.server=http://a:1"], ["weeks.server=http://b:2"], [])
    )
    TrainFolder(tmp_path / "run", here, resume=False)
    assert TrainFolder(tmp_path / "run", there, resume=True).done == 0
    with pytest.raises(UsageError, match=r"begun with other settings \(weeks\)"):
        TrainFolder(tmp_path / "run", nowhere, resume=True)
