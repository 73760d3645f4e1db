"""Rollouts on a served environment: the same weeks as in process, one session each, and clear words when it is gone."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.training import checkpoints, metrics
from work_life_firewall.training.folder import TrainFolder
from work_life_firewall.training.inplay import InPlay
from work_life_firewall.training.rollout import WeekRollout
from work_life_firewall.training.run import Loaded, load_model, make_rollout, train
from work_life_firewall.training.served import ServedWeeks
from work_life_firewall.training.setting_blocks import WeeksSettings
from work_life_firewall.training.settings import TrainSettings, load

from ..cli.terminal import Terminal
from ..server.live import Live, free_port
from .tiny import SETTINGS, tiny_folder
from .told import LINES, ToldSampler

pytestmark = [
    pytest.mark.training,
    pytest.mark.server,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]
SMALL = (*SETTINGS, "weeks_alive=2", "replies=3", "optim.rows_per_pass=3")
FEW = ("weeks_alive=1", "replies=2", "optim.rows_per_pass=0", "sampling.max_new_tokens=4")
HIDDEN = ("refused", "taken", "faults", "stand_ins")
"""Metrics that only the process that plays the week can know."""
TIMES = ("seconds", "tokens_per_second")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_folder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    with Live(tmp_path_factory.mktemp("served"), runs="") as made:
        yield made


def settings(name: str, folder: Path, *changes: str) -> TrainSettings:
    return load(name, (f"model={folder}", *SMALL, *changes))


def told(made: TrainSettings, loaded: Loaded) -> WeekRollout:
    rollout = make_rollout(made, loaded, ToldSampler(loaded.turns))  # type: ignore[arg-type] - rows of our own
    assert isinstance(rollout, WeekRollout)
    return rollout


@pytest.mark.parametrize("name", ["turn", "episode"])
def test_same_seeds_and_replies_earn_the_same_as_in_process(folder: Path, server: Live, name: str) -> None:
    loaded = load_model(folder)
    here = told(settings(name, folder, "reward.without=[boundary_setting]"), loaded)
    there = told(settings(name, folder, "reward.without=[boundary_setting]", f"weeks.server={server.url}"), loaded)
    for step in range(2):
        ours, served = here.step(step), there.step(step)
        assert served.rows == ours.rows
        assert served.rewards == ours.rewards
        assert len(set(ours.rewards)) > 3
        for one, other in zip(served.advantages, ours.advantages, strict=True):
            assert np.array_equal(one, other)
        assert sorted(served.tally.samples) == sorted(ours.tally.samples)
        told_there, told_here = (metrics.line(step, batch, {}, 1.0) for batch in (served, ours))
        for key in TIMES:
            del told_there[key], told_here[key]
        assert [told_there.pop(key) for key in HIDDEN] == [None] * len(HIDDEN)
        assert all(told_here.pop(key) is not None for key in HIDDEN)
        assert told_there == told_here
        assert told_there["repeats"] > 0
        assert len(told_there["acts"]) > 3


def curve(out: Path) -> list[dict[str, Any]]:
    """The metrics of a run without what the clock says, and without what only the players of weeks know."""
    lines = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
    return [{key: value for key, value in line.items() if key not in (*TIMES, *HIDDEN)} for line in lines]


def test_a_grpo_run_is_the_same_run_on_a_server(folder: Path, server: Live, tmp_path: Path) -> None:
    for where, changes in (("here", ()), ("there", (f"weeks.server={server.url}",))):
        made = settings("turn", folder, *FEW, "steps=2", *changes)
        assert train(made, TrainFolder(tmp_path / where, made, resume=False)).steps == 2
    assert curve(tmp_path / "there") == curve(tmp_path / "here")
    assert (tmp_path / "there" / "final" / "config.json").exists()
    samples = [tmp_path / where / "samples" / "step-00001.md" for where in ("here", "there")]
    assert samples[0].read_text() == samples[1].read_text()


@pytest.fixture
def wlf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(capsys, monkeypatch)


def test_a_server_that_goes_away_is_one_line_and_the_run_resumes(folder: Path, tmp_path: Path, wlf: Terminal) -> None:
    changes = (*FEW, "steps=3", "keep.checkpoint_every=1")
    whole = settings("turn", folder, *changes)
    train(whole, TrainFolder(tmp_path / "whole", whole, resume=False))
    out, server = tmp_path / "run", Live(tmp_path, runs="")
    made = settings("turn", folder, *changes, f"weeks.server={server.url}")
    options = (f"model={folder}", *SMALL, *changes, f"weeks.server={server.url}")
    again = ["train", "--config", "turn", "--out", out, "--resume", *(o for one in options for o in ("--set", one))]

    def leave(line: Mapping[str, Any]) -> None:
        server.stop(signal.SIGKILL)

    with server, pytest.raises(RunError, match=r"weeks\.server http://127.*; when it serves again, --resume goes on"):
        train(made, TrainFolder(out, made, resume=False), leave)
    assert checkpoints.step(checkpoints.latest(out / "checkpoints") or Path()) == 1
    gone = wlf(*again)
    assert gone.code == 1
    assert gone.err.splitlines()[-1].startswith(f"wlf: weeks.server {server.url}: Failed to connect")
    assert "Traceback" not in gone.err
    with server:  # again, on the same port
        back = wlf(*again)
    assert (back.code, "going on after step 1" in back.err) == (0, True)
    assert curve(out) == curve(tmp_path / "whole")


def opened(url: str, **changes: Any) -> Any:  # noqa: ANN401
    return ServedWeeks(url, WeeksSettings(**changes), load_recipe()).begin([0, 1, 2])


def test_a_server_that_is_lost_among_the_turns_of_a_week(tmp_path: Path) -> None:
    with Live(tmp_path, runs="") as server, opened(server.url) as play:
        assert one_turn(play)
        server.stop(signal.SIGKILL)
        with pytest.raises(RunError, match=r"weeks\.server .*--resume"):
            one_turn(play)


def one_turn(play: InPlay) -> bool:
    before = [one.seen for one in play.standing]
    noted = play.answer({place: LINES[place] for place in (0, 2)})
    assert len(noted) == 2
    after = [one.seen for one in play.standing]
    return before[1] == after[1] and before[0] != after[0] and before[2] != after[2]


def test_what_a_server_refuses_is_told_in_its_words(server: Live) -> None:
    with pytest.raises(RunError, match=r"this server seats scripted only"), opened(server.url, coworkers="llm:gemma"):
        pass
    with pytest.raises(RunError, match="unknown scenario 'nowhere'"), opened(server.url, scenario="nowhere"):
        pass
    with pytest.raises(RunError, match="Failed to connect"), opened(f"http://127.0.0.1:{free_port()}"):
        pass


def test_too_many_weeks_and_tokens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Live(tmp_path, runs="", token="secret", sessions="2") as server:
        with pytest.raises(RunError, match="401"), opened(server.url):
            pass
        monkeypatch.setenv("WLF_TOKEN", "secret")
        with pytest.raises(RunError, match="at capacity"), opened(server.url):
            pass
        with ServedWeeks(server.url, WeeksSettings(), load_recipe()).begin([0, 1]) as play:
            assert len(play.standing) == 2


def test_another_world_is_refused(server: Live) -> None:
    recipe = load_recipe()
    other = recipe._replace(tuning=replace(recipe.tuning, reply_minutes=recipe.tuning.reply_minutes + 1))
    with (
        pytest.raises(UsageError, match="has another world than this package"),
        ServedWeeks(server.url, WeeksSettings(), other).begin([0]),
    ):
        pass
    priya, *rest = recipe.personas
    swapped = recipe._replace(personas={**recipe.personas, priya: recipe.personas[rest[0]]})
    with (
        pytest.raises(UsageError, match="has another personas"),
        ServedWeeks(server.url, WeeksSettings(), swapped).begin([0]),
    ):
        pass
