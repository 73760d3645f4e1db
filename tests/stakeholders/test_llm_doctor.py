"""`wlf doctor`: what it finds in a good, a failing and a hopeless endpoint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ..cli.terminal import Terminal
from ..support.fault_server import FaultServer, honest
from ..support.models import model_file


@pytest.fixture
def wlf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(capsys, monkeypatch)


def test_a_good_endpoint(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
        told, plain = wlf("doctor", file, "--turns", 6), wlf("doctor", file, "--turns", 6, "--json")
    assert told.code == plain.code == 0
    assert "6 of 6" in told.out
    assert "It can play." in told.out
    found = json.loads(plain.out)
    assert (found["turns"], found["answered"], found["clean"], found["faults"]) == (6, 6, 6, [])
    assert found["calls_per_s"] > 0


def test_faults_are_told(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer(script=["prose", "types"]) as server:
        ran = wlf("doctor", model_file(tmp_path, server.url), "--turns", 4)
    assert ran.code == 0
    assert "repair schema" in ran.out
    assert "reask schema" in ran.out
    assert "2 of 4" in ran.out


def test_a_model_that_leaves_it_to_the_script_is_not_fit(wlf: Terminal, tmp_path: Path) -> None:
    def speaks(body: dict[str, object]) -> str:
        return honest(body) if "greeting" in json.dumps(body) else "I'm sorry, I can't."

    with FaultServer(answers=speaks) as server:
        ran = wlf("doctor", model_file(tmp_path, server.url), "--turns", 3)
    assert ran.code == 1
    assert "0 of 3" in ran.out


def test_nobody_there_and_no_such_model(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
    dead, unknown = wlf("doctor", file), wlf("doctor", "loacl")
    assert (dead.code, unknown.code) == (1, 2)
    assert "nothing answers at" in dead.complaint
    assert "did you mean 'local'?" in unknown.complaint
