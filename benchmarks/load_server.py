"""A live server under load: CPU per step, weeks per second, errors, memory; a trivial echo environment beside it.

    python benchmarks/load_server.py --sessions 32 --weeks 128 --out docs/results/server.json
    python benchmarks/load_server.py --soak 600 --sessions 64 --rate 6

Server and clients are processes of their own on this machine, so wall figures suffer from each other and from whatever
else runs; CPU figures are the server's alone. Linux only, as it reads /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench_server import REPLIES
from websockets.asyncio.client import ClientConnection, connect

ECHO = """
import uvicorn
from openenv.core.env_server.http_server import create_app
from openenv.core.env_server.interfaces import Environment
from openenv.core.env_server.types import Action, Observation, State

class Say(Action):
    message: str

class Echo(Environment):
    SUPPORTS_CONCURRENT_SESSIONS = True
    steps = 0
    async def reset_async(self, seed=None, episode_id=None, **options):
        self.steps = 0
        return Observation(reward=0.0)
    async def step_async(self, action, timeout_s=None, **options):
        self.steps += 1
        return Observation(reward=0.0, done=self.steps >= 12)
    def reset(self, seed=None, episode_id=None, **options): ...
    def step(self, action, timeout_s=None, **options): ...
    @property
    def state(self): return State(step_count=self.steps)

uvicorn.run(create_app(Echo, Say, Observation, max_concurrent_envs=256), port={port}, log_level="warning")
"""
OURS = "from work_life_firewall.server.app import main; main(['--port', '{port}'])"
STARTUP_SECONDS = 120
TICKS = os.sysconf("SC_CLK_TCK")


class Server:
    """A server in a process of its own, on a free port of this machine."""

    def __init__(self, code: str, folder: Path, driver: str = "graph") -> None:
        """Start it and wait until it answers. Raises RuntimeError when it does not."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        variables = {"WLF_RUNS": str(folder / f"served-{driver}"), "WLF_DRIVER": driver, "WLF_SESSIONS": "256"}
        code = code.replace("{port}", str(self.port))
        environment = {**os.environ, **variables, "OMP_NUM_THREADS": "1"}
        self.process = subprocess.Popen([sys.executable, "-P", "-c", code], env=environment)
        end = time.monotonic() + STARTUP_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5).close()
                return
            except OSError:
                time.sleep(0.2)
        self.process.kill()
        raise RuntimeError("the server did not come up")

    def cpu(self) -> float:
        """CPU seconds it has used so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def megabytes(self) -> float:
        """Memory it holds."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    def stop(self) -> None:
        """Stop it politely."""
        self.process.terminate()
        self.process.wait(120)


class Load:
    """What clients did: weeks, steps, errors; seconds of a step as a client waits for it."""

    def __init__(self) -> None:
        self.weeks = 0
        self.steps = 0
        self.errors: list[str] = []
        self.waits: list[float] = []

    async def session(self, port: int, seeds: Iterator[int], until: float, pause: float) -> None:
        """One client: week after week over one socket, until the seeds or the time run out."""
        async with connect(f"ws://127.0.0.1:{port}/ws", proxy=None, ping_interval=None) as stream:
            for seed in seeds:
                if time.monotonic() > until:
                    return
                try:
                    await self._week(stream, seed, pause)
                except Exception as error:
                    self.errors.append(f"{type(error).__name__}: {error}")
                    return

    async def _week(self, stream: ClientConnection, seed: int, pause: float) -> None:
        answer = await _ask(stream, "reset", {"seed": seed})
        turn = 0
        while not answer["done"]:
            if pause:
                await asyncio.sleep(pause)
            began = time.monotonic()
            answer = await _ask(stream, "step", {"message": f"{REPLIES[(seed + turn) % len(REPLIES)]} ({seed})"})
            self.waits.append(time.monotonic() - began)
            turn += 1
        self.weeks += 1
        self.steps += turn


async def _ask(stream: ClientConnection, kind: str, data: dict[str, Any]) -> dict[str, Any]:
    await stream.send(json.dumps({"type": kind, "data": data}))
    answer = json.loads(await stream.recv())
    if answer["type"] == "error":
        raise RuntimeError(answer["data"]["message"])
    return answer["data"]


class Figures(NamedTuple):
    """One load: server CPU ms a step, weeks and steps a second as clients see them, the 95th percentile of a wait."""

    sessions: int
    weeks: int
    steps: int
    errors: int
    cpu_ms_per_step: float
    weeks_per_second: float
    steps_per_second: float
    wait_ms_95: float


def burst(server: Server, sessions: int, weeks: int) -> Figures:
    """So many weeks as fast as they go, over so many sessions at once; one week a session first, unmeasured."""
    load, seeds = Load(), iter(range(1_000_000))

    async def run(count: int) -> None:
        shared = iter([next(seeds) for _ in range(count)])
        await asyncio.gather(*(load.session(server.port, shared, float("inf"), 0.0) for _ in range(sessions)))

    asyncio.run(run(sessions))
    load.__init__()
    cpu, began = server.cpu(), time.monotonic()
    asyncio.run(run(weeks))
    spent, used = time.monotonic() - began, server.cpu() - cpu
    for error in load.errors[:3]:
        print(error, file=sys.stderr)
    late = sorted(load.waits)[int(0.95 * len(load.waits))] if load.waits else 0.0
    rates = (load.weeks / spent, load.steps / spent)
    figures = (used / max(load.steps, 1) * 1e3, *rates, late * 1e3)
    return Figures(sessions, load.weeks, load.steps, len(load.errors), *(float(f"{value:.4g}") for value in figures))


def soak(server: Server, sessions: int, seconds: float, rate: float) -> dict[str, Any]:
    """Sessions that go on for a while at about `rate` steps a second in all; memory every tenth of the time."""
    load, seeds = Load(), iter(range(1_000_000))
    memory: list[float] = []

    async def watch() -> None:
        for _ in range(11):
            memory.append(round(server.megabytes(), 1))
            await asyncio.sleep(seconds / 10)

    async def run() -> None:
        until = time.monotonic() + seconds
        watching = asyncio.create_task(watch())
        await asyncio.gather(*(load.session(server.port, seeds, until, sessions / rate) for _ in range(sessions)))
        await watching

    cpu = server.cpu()
    asyncio.run(run())
    per_step = (server.cpu() - cpu) / max(load.steps, 1) * 1e3
    late = sorted(load.waits)[int(0.95 * len(load.waits))] * 1e3 if load.waits else 0.0
    return {
        "seconds": seconds,
        "sessions": sessions,
        "weeks": load.weeks,
        "steps": load.steps,
        "errors": len(load.errors),
        "cpu_ms_per_step": float(f"{per_step:.4g}"),
        "wait_ms_95": float(f"{late:.4g}"),
        "memory_mb": memory,
    }


def main() -> int:
    """Run the loads, print and write what came out. Returns 1 when anything went wrong in a week."""
    parser = argparse.ArgumentParser(description="a live server under load")
    parser.add_argument("--sessions", type=int, default=32)
    parser.add_argument("--weeks", type=int, default=128)
    parser.add_argument("--soak", type=float, default=0.0, metavar="SECONDS")
    parser.add_argument("--rate", type=float, default=60.0, help="steps a second of the soak")
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    out: dict[str, Any] = {"schema": 1}
    with tempfile.TemporaryDirectory(prefix="wlf-load-") as name:
        plan = [("graph", OURS), *([] if options.soak else [("direct", OURS), ("echo", ECHO)])]
        for kind, code in plan:
            server = Server(code, Path(name), kind if kind != "echo" else "graph")
            try:
                if options.soak:
                    out["soak"] = soak(server, options.sessions, options.soak, options.rate)
                else:
                    out[kind] = burst(server, options.sessions, options.weeks)._asdict()
            finally:
                server.stop()
            print(kind, json.dumps(out.get(kind, out.get("soak"))))
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        known = json.loads(options.out.read_text()) if options.out.exists() else {}
        options.out.write_text(json.dumps({**known, **out}, indent=2) + "\n", encoding="utf-8")
    return 1 if any(isinstance(part, dict) and part.get("errors") for part in out.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
