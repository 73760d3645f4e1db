"""What a run is told before its first week when a model cannot be used: one line, exit 1, no run folder."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from work_life_firewall.agents.chat.preflight import check

from ...cli.terminal import Terminal
from ...support.fault_server import FaultServer, no_schema
from ...support.models import client, model_file


@pytest.fixture
def wlf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(capsys, monkeypatch)


def refused(wlf: Terminal, file: Path, *seat: str) -> str:
    """The one line that `wlf run` ends with; the model sits in David's seat unless another is named."""
    chosen = seat or ("--policy", "careful", "--coworkers", f"scripted,david=llm:{file}")
    ran = wlf("run", "--weeks", 1, "--out", "run", *chosen)
    assert ran.code == 1
    assert not ran.out
    assert not Path("run").exists()
    return ran.complaint


def test_a_dead_endpoint(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer() as server:
        url = server.url
    assert f"nothing answers at {url}" in refused(wlf, model_file(tmp_path, url))


def test_a_wrong_key_and_none(wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(key="right") as server:
        file = model_file(tmp_path, server.url, key_env="WLF_TEST_KEY")
        assert "set the environment variable WLF_TEST_KEY" in refused(wlf, file)
        monkeypatch.setenv("WLF_TEST_KEY", "wrong-secret")
        line = refused(wlf, file)
        assert f"{server.url} refuses the key in WLF_TEST_KEY" in line
        assert "wrong-secret" not in line
        assert "refuses a call without a key" in refused(wlf, model_file(tmp_path, server.url))


def test_a_model_that_is_not_there(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer(model="gemma-2-9b-it") as server:
        line = refused(wlf, model_file(tmp_path, server.url, model="gemma-2-9-it"))
    assert "'gemma-2-9-it'" in line
    assert "did you mean 'gemma-2-9b-it'?" in line


def test_a_model_without_schema_support(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer(answers=no_schema) as server:
        line = refused(wlf, model_file(tmp_path, server.url))
        assert "does not hold answers to a JSON schema" in line
        assert "output: text" in line
        found = asyncio.run(check(client(server.url, output="text")))
    assert not found.schema


def test_a_server_that_never_answers(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer(latency=30) as server:
        line = refused(wlf, model_file(tmp_path, server.url, timeout_s=0.3, deadline_s=1))
    assert "gives no answer (no answer within 0.3 s)" in line


def test_a_server_that_refuses_the_kind_of_request(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer(refuses="json_schema") as server:
        line = refused(wlf, model_file(tmp_path, server.url))
        assert "does not take a request with output: json_schema" in line
        assert "json_schema, json_object or text" in line
        assert asyncio.run(check(client(server.url, output="json_object"))).schema


@pytest.mark.parametrize(
    ("ways", "said"),
    [
        ({"key": "right"}, "refuses a call without a key"),
        ({"answers": no_schema}, "does not hold answers to a JSON schema"),
    ],
)
def test_arjun_by_a_model_is_asked_too(wlf: Terminal, tmp_path: Path, ways: dict[str, Any], said: str) -> None:
    with FaultServer(**ways) as server:
        file = model_file(tmp_path, server.url)
        assert said in refused(wlf, file, "--policy", f"llm:{file}")
    assert f"nothing answers at {server.url}" in refused(wlf, file, "--policy", f"llm:{file}")


def test_no_llm_extra(monkeypatch: pytest.MonkeyPatch, wlf: Terminal, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "aiohttp", None)
    line = refused(wlf, model_file(tmp_path, "http://127.0.0.1:9/v1"))
    assert "pip install 'openenv-work-life-firewall[llm]'" in line


@pytest.mark.parametrize("output", ["json_schema", "json_object"])
def test_a_good_one(output: str) -> None:
    with FaultServer() as server:
        found = asyncio.run(check(client(server.url, output=output)))
    assert found.schema
    assert found.tokens == 20


def test_a_week_starts_after_one_question(wlf: Terminal, tmp_path: Path) -> None:
    with FaultServer() as server:
        file = model_file(tmp_path, server.url)
        ran = wlf("run", "--policy", "careful", "--weeks", 1, "--out", "run", "--coworkers", f"llm:{file}", "--json")
    assert ran.code == 0
    assert '"faulted_weeks": 0' in ran.out
