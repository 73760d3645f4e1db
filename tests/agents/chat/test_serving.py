"""Starting a server: the flags it gets, waiting for its health, and what is said when it does not come up.

A module of vLLM's name stands in for it: a real process on a real port, without weights.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from work_life_firewall.agents.chat.errors import Unusable
from work_life_firewall.agents.chat.model_config import load_model
from work_life_firewall.agents.chat.serving import Serving, healthy, serve

STAND_IN = """
import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
given = dict(zip(sys.argv[1::2], sys.argv[2::2]))
if given["--model"] == "broken":
    sys.exit(3)
class Health(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/health" and given["--model"] != "sick" else 503)
        self.end_headers()
        if os.path.exists("stop"):
            os._exit(0)
    def log_message(self, *args): pass
HTTPServer((given["--host"], int(given["--port"])), Health).serve_forever()
"""


@pytest.fixture
def port(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A free port, and the stand-in where Python finds it."""
    place = tmp_path / "vllm" / "entrypoints" / "openai"
    place.mkdir(parents=True)
    for folder in (place, place.parent, place.parent.parent):
        (folder / "__init__.py").touch()
    (place / "api_server.py").write_text(STAND_IN)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_it_is_ready_when_it_is_healthy_and_ends_with_its_server(port: int) -> None:
    serving, seen = Serving("some/model", port=port), list[bool]()

    def ready() -> None:
        seen.append(healthy(serving))
        Path("stop").touch()
        healthy(serving)

    assert serve(serving, 20, ready) == 0
    assert seen == [True]
    assert not healthy(serving)


def test_a_server_that_ends_or_stays_sick(port: int) -> None:
    with pytest.raises(Unusable, match="ended with code 3 before it was healthy"):
        serve(Serving("broken", port=port), 20, pytest.fail)
    sick = Serving("sick", port=port)
    with pytest.raises(Unusable, match="was not healthy after 1 s"):
        serve(sick, 1, pytest.fail)
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass
    with pytest.raises(Unusable, match="no/python: cannot be started"):
        serve(Serving("some/model", python="no/python"), 1, pytest.fail)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_what_ends_us_ends_the_server(port: int, number: signal.Signals) -> None:
    before, serving = signal.getsignal(number), Serving("some/model", port=port)
    if number == signal.SIGINT and before is signal.SIG_IGN:
        pytest.skip("a shell's job in the background ignores SIGINT, and would wait here for good")

    def interrupt() -> None:
        assert healthy(serving)
        os.kill(os.getpid(), number)

    with pytest.raises(KeyboardInterrupt):
        serve(serving, 20, interrupt)
    assert not healthy(serving)
    assert signal.getsignal(number) is before


def test_the_command_says_what_to_put_into_a_model_file(port: int, tmp_path: Path) -> None:
    wlf = Path(sys.executable).parent / "wlf"
    given = [
        wlf,
        "coworkers",
        "serve",
        "--model",
        "some/model",
        "--port",
        str(port),
        "--seats",
        "7",
        "--patience",
        "20",
    ]
    with subprocess.Popen(given, stdout=subprocess.PIPE, text=True) as started:
        assert started.stdout is not None
        lines: list[str] = []
        while not any(line.startswith("then: ") for line in lines):
            lines.append(next(started.stdout))
        started.send_signal(signal.SIGINT)
        rest = started.stdout.read()
        assert started.wait(30) == 0
    assert lines[0].startswith(f"healthy: http://127.0.0.1:{port}/v1 serves some/model")
    assert rest == "stopped\n"
    assert not healthy(Serving("some/model", port=port))
    file = tmp_path / "printed.yaml"
    file.write_text("".join(lines[2:-1]))
    made = load_model(file)
    assert (made.base_url, made.model, made.in_flight) == (f"http://127.0.0.1:{port}/v1", "some/model", 7)


def test_flags(tmp_path: Path) -> None:
    made = Serving(str(tmp_path), port=9, length=1024, cpu=True, extra=("--seed", "1"))
    command = " ".join(made.command())
    assert command.startswith(
        f"{sys.executable} -m vllm.entrypoints.openai.api_server --model {tmp_path} --host 127.0.0.1"
    )
    assert '"disable_any_whitespace": true' in command
    assert command.endswith("--dtype bfloat16 --enforce-eager --no-enable-chunked-prefill --seed 1")
    assert (made.environment()["HF_HUB_OFFLINE"], made.environment()["VLLM_CPU_KVCACHE_SPACE"]) == ("1", "1")
    assert dict(Serving("a/b").environment()) == dict(os.environ)
