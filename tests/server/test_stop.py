"""However a server stops: what was finished is on disk, and a client is told, never put into a new week."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest
from openenv.core.generic_client import GenericEnvClient
from openenv.core.sync_client import SyncEnvClient
from websockets.exceptions import ConnectionClosed

from .live import Live
from .weeks import YES

pytestmark = pytest.mark.slow


def whole_week(client: SyncEnvClient[Any, Any, Any], name: str) -> None:
    """Play a week to its end."""
    result = client.reset(seed=1, episode_id=name)
    while not result.done:
        result = client.step({"message": YES})


def test_a_polite_stop_records_weeks_in_progress(tmp_path: Path) -> None:
    with Live(tmp_path, driver="direct") as server:
        with GenericEnvClient(base_url=server.url).sync() as client, server.talk() as talk:
            whole_week(client, "whole")
            client.reset(seed=2, episode_id="in progress")
            client.step({"message": YES})
            talk.say("reset", seed=3)
            assert server.stop() == 0
            with pytest.raises((RuntimeError, ConnectionError, ConnectionClosed)):
                client.step({"message": YES})
        ends = {week["episode_id"]: week["end"] for week in server.weeks()}
        assert set(ends) == {"whole", "in progress"}
        assert ends["in progress"] == "truncated"
        assert json.loads((server.runs / "summary.json").read_text())["weeks"] == 2
        assert "Traceback" not in server.log.read_text()


def test_a_kill_keeps_finished_weeks_and_loses_no_client_quietly(tmp_path: Path) -> None:
    with Live(tmp_path, driver="direct") as server:
        with GenericEnvClient(base_url=server.url).sync() as client:
            whole_week(client, "whole")
            client.reset(seed=2, episode_id="lost")
            client.step({"message": YES})
            assert server.stop(signal.SIGKILL) == -signal.SIGKILL
            for _ in range(2):
                with pytest.raises((RuntimeError, ConnectionError, ConnectionClosed)):
                    client.step({"message": YES})
            with server:  # the same address, started again
                with pytest.raises(RuntimeError, match="call reset first"):
                    client.step({"message": YES})
                assert client.reset(seed=2, episode_id="again").observation["episode_id"] == "again"
        assert [week["episode_id"] for week in server.weeks()] == ["whole"]
