"""`wlf serve` and `server`: what they refuse before anything listens, each in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from work_life_firewall.cli import serve as serve_command
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.server import app
from work_life_firewall.server.limits import Limits


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[Limits]:
    """The limits of servers that would have listened."""
    seen: list[Limits] = []
    monkeypatch.setattr(app.uvicorn, "run", lambda service, **options: seen.append(service._limits))
    monkeypatch.setattr(app, "spare_collector", lambda: None)
    monkeypatch.setattr(app.signal, "signal", lambda *given: None)
    for name in ("WLF_TOKEN", "WLF_PUBLIC", "WLF_RUNS"):
        monkeypatch.delenv(name, raising=False)
    return seen


def test_options_reach_the_server(started: list[Limits], tmp_path: Path) -> None:
    serve_command.command(port=9, sessions=4, out=str(tmp_path / "kept"), driver="direct")
    serve_command.command(records=False)
    assert [(one.port, one.sessions, one.driver, one.host) for one in started] == [
        (9, 4, "direct", "127.0.0.1"),
        (8000, 128, "graph", "127.0.0.1"),
    ]
    assert (tmp_path / "kept" / "config.yaml").exists()
    assert started[1].folder is None


def test_other_machines_are_kept_out(started: list[Limits], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="WLF_TOKEN, or say --public"):
        serve_command.command(host="0.0.0.0", records=False)
    serve_command.command(host="0.0.0.0", records=False, public=True)
    monkeypatch.setenv("WLF_TOKEN", "secret")
    serve_command.command(host="0.0.0.0", records=False)
    assert [one.host for one in started] == ["0.0.0.0", "0.0.0.0"]


def test_what_cannot_work_is_refused_at_once(started: list[Limits], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="file"):
        serve_command.command(out=str(tmp_path / "file"))
    with pytest.raises(UsageError, match="did you mean 'scripted'"):
        serve_command.command(coworkers="scriptd", records=False)
    assert not started


def test_the_server_command_says_it_in_one_line() -> None:
    code = "from work_life_firewall.server.app import main; main(['--host', '0.0.0.0'])"
    plain = {name: value for name, value in os.environ.items() if not name.startswith("WLF_")}
    command = [sys.executable, "-P", "-c", code]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=120, env={**plain, "WLF_RUNS": ""})
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == [
        "server: 0.0.0.0 can be reached from other machines: set WLF_TOKEN, or say --public to go without"
    ]


def test_the_app_is_made_on_first_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WLF_RUNS", "")
    assert "app" not in vars(app)
    made = app.app
    assert callable(made)
    assert app.app is made
    monkeypatch.delitem(vars(app), "app")
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        app.__getattr__("nonsense")
