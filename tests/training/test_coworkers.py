"""LLM coworkers beside a policy in training: they play, fail in every way, nothing stops, and the faults are told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from work_life_firewall.agents.chat.errors import CassetteMiss
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.training import metrics
from work_life_firewall.training.batch import Batch
from work_life_firewall.training.coworkers import Unfailing, unfailing
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.rollout import WeekRollout
from work_life_firewall.training.run import Loaded, load_model, make_rollout, train
from work_life_firewall.training.settings import TrainSettings, load
from work_life_firewall.world.ports import Answer, Turn

from ..support.fault_server import FaultServer
from ..support.models import model_file
from ..support.turns import turn
from .tiny import SETTINGS, tiny_folder
from .told import ToldSampler

pytestmark = [pytest.mark.training, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
SMALL = (*SETTINGS, "weeks_alive=2", "replies=2", "optim.rows_per_pass=0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def loaded(folder: Path) -> Loaded:
    return load_model(folder)


def settings(folder: Path, *changes: str, name: str = "turn") -> TrainSettings:
    return load(name, (f"model={folder}", *SMALL, *changes))


def rolled(made: TrainSettings, loaded: Loaded) -> tuple[WeekRollout, Batch]:
    rollout = make_rollout(made, loaded, ToldSampler(loaded.turns))  # type: ignore[arg-type] - rows of our own
    assert isinstance(rollout, WeekRollout)
    return rollout, rollout.step(0)


def test_models_play_the_coworkers_and_rewards_are_theirs(folder: Path, loaded: Loaded, tmp_path: Path) -> None:
    _, scripted = rolled(settings(folder), loaded)
    with FaultServer() as server:
        coworkers = f"weeks.coworkers=llm:{model_file(tmp_path, server.url)}"
        rollout, batch = rolled(settings(folder, coworkers), loaded)
        assert server.calls > 20
        assert rollout.step(0).rewards == batch.rewards
    assert batch.rewards != scripted.rewards
    line = metrics.line(1, batch, {}, 1.0)
    assert (line["faults"], line["stand_ins"]) == ({}, 0)


def test_failing_calls_stop_nothing_and_are_all_counted(folder: Path, loaded: Loaded, tmp_path: Path) -> None:
    with FaultServer(rate=0.5) as server:
        file = model_file(tmp_path, server.url, timeout_s=1.0, retries=0)
        _, batch = rolled(settings(folder, f"weeks.coworkers=llm:{file}"), loaded)
        line = metrics.line(1, batch, {}, 1.0)
        assert line["faults"] == dict(sorted(server.expected.items()))
        assert len(server.injected) > 4
    assert 0 < line["stand_ins"] < sum(line["faults"].values())
    assert all(0 < reward < 1 for reward in batch.rewards)


@pytest.mark.parametrize("where", ["there", "here"])
def test_a_run_outlives_a_key_that_is_withdrawn(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    monkeypatch.setenv("KEY_OF_TEST", "right")
    with FaultServer(key="right") as server:
        file = model_file(tmp_path, server.url, retries=0, key_env="KEY_OF_TEST")
        few = ("weeks_alive=1", "sampling.max_new_tokens=4", "steps=2")
        made = settings(folder, *few, f"weeks.coworkers='scripted,priya=llm:{file}'", name="episode")

        def withdraw(line: dict[str, object]) -> None:
            if where == "there":
                server._key = "another"
            else:
                monkeypatch.delenv("KEY_OF_TEST", raising=False)

        assert train(made, TrainFolder(tmp_path / "run", made, resume=False), withdraw).steps == 2
    lines = [json.loads(line) for line in (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()]
    assert (lines[0]["faults"], lines[0]["stand_ins"]) == ({}, 0)
    assert lines[1]["faults"] == {"http": lines[1]["stand_ins"]}
    assert lines[1]["stand_ins"] > 0


def test_a_model_that_cannot_be_used_is_told_before_the_first_step(
    folder: Path, loaded: Loaded, tmp_path: Path
) -> None:
    with FaultServer(key="right") as server:
        file = model_file(tmp_path, server.url)
        with pytest.raises(RunError, match="refuses a call without a key"):
            make_rollout(settings(folder, f"weeks.coworkers=llm:{file}"), loaded)
    with pytest.raises(UsageError, match="unknown coworker"):
        make_rollout(settings(folder, "weeks.coworkers=nobody"), loaded)


class Missing:
    """A coworker whose cassette holds nothing."""

    async def answer(self, turn: Turn) -> Answer:
        raise CassetteMiss(f"no answer of {turn.persona.id}")


class Broken:
    """A coworker with a bug."""

    async def answer(self, turn: Turn) -> Answer:
        raise KeyError(turn.persona.id)


def test_the_scripted_coworker_stands_in_and_bugs_stay_bugs() -> None:
    one = turn("slack_pair", "priya", "Yes, at 3 pm.")
    answer = asyncio.run(Unfailing(Missing()).answer(one))
    assert answer.message
    (fault,) = answer.faults
    assert (fault.who, fault.rung, fault.kind) == (one.persona.id, "scripted", "http")
    assert fault.detail == f"no answer of {one.persona.id}"
    with pytest.raises(KeyError):
        asyncio.run(Unfailing(Broken()).answer(one))
    missing, broken = Missing(), Broken()
    seats = unfailing({"priya": missing, "rahul": broken}, {"priya": "cassette:x", "rahul": "scripted"})
    assert isinstance(seats["priya"], Unfailing)
    assert seats["rahul"] is broken
