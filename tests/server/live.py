"""A server in a process of its own, and plain talk with it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any

from websockets.sync.client import ClientConnection, connect

SECONDS = 90
"""How long a server may take to come up: OpenEnv imports for seconds, longer on a busy machine."""
OFFLINE = """
import sys

def refuse(event, arguments):
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in ("127.0.0.1", "::1"):
        raise PermissionError(f"no network: {arguments[1][0]}")

sys.addaudithook(refuse)
"""
"""Put before a server's own code: it may talk to this machine only."""


class Live:
    """`wlf serve` on a free port of this machine, until the block ends. `variables` are WLF_ settings."""

    def __init__(self, folder: Path, *, before: str = "", **variables: str) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = folder / "server.log"
        self.runs = folder / "served"
        self._before = before
        self._variables = {f"WLF_{name.upper()}": value for name, value in variables.items()}
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Live:
        code = f"{self._before}\nfrom work_life_firewall.server.app import main\nmain(['--port', '{self.port}'])"
        plain = {name: value for name, value in os.environ.items() if not name.startswith("WLF_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                cwd=self.folder,
                env={**plain, "WLF_RUNS": str(self.runs), "OMP_NUM_THREADS": "1", **self._variables},
                stdout=log,
                stderr=log,
            )
        self._wait()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def stop(self, how: signal.Signals = signal.SIGTERM, seconds: float = 30) -> int:
        """Stop the server, and return its exit code; killed when it takes longer."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def weeks(self) -> list[dict[str, Any]]:
        """The weeks on disk."""
        path = self.runs / "weeks.jsonl"
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def talk(self, **options: Any) -> Talk:  # noqa: ANN401 - of websockets' connect
        """A session of our own, over the bare socket."""
        return Talk(self.url, **options)

    def get(self, path: str, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON of a GET."""
        return self.ask(urllib.request.Request(self.url + path, headers=headers or {}))

    def post(self, path: str, body: bytes) -> tuple[int, Any]:
        """Status and JSON of a POST."""
        return self.ask(urllib.request.Request(self.url + path, body, {"Content-Type": "application/json"}))

    def ask(self, request: urllib.request.Request) -> tuple[int, Any]:
        """Status and JSON of a request."""
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode()
            return error.code, json.loads(text) if text.startswith(("{", "[")) else text

    def _wait(self) -> None:
        assert self.process is not None
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log.read_text()}")
            try:
                urllib.request.urlopen(self.url + "/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.1)
        self.process.kill()
        raise RuntimeError(f"the server did not come up: {self.log.read_text()}")


class Talk:
    """One WebSocket, open until the block ends: send a message, hear the answer."""

    def __init__(self, url: str, **options: Any) -> None:  # noqa: ANN401 - of websockets' connect
        self._opening = connect(f"{url.replace('http', 'ws', 1)}/ws", proxy=None, **options)
        self._stack = ExitStack()

    def __enter__(self) -> Talk:
        self.socket: ClientConnection = self._stack.enter_context(self._opening)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stack.close()

    def raw(self, message: str | bytes) -> dict[str, Any]:
        """Send what is given, and return the answer."""
        self.socket.send(message)
        return json.loads(self.socket.recv(timeout=60))

    def say(self, kind: str, **data: object) -> dict[str, Any]:
        """Send a message of OpenEnv's, and return what came back: observation envelope, state or error."""
        return self.raw(json.dumps({"type": kind, "data": data} if kind != "state" else {"type": kind}))


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
