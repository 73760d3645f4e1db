"""Weeks in flight against a slow model server, beside a bare client loop on the same server: requests a second.

Both sides run in a fresh process with equally many calls in flight and send the body of a real coworker's turn; they
take turns, and the median of the rounds' ratios counts. `--clock cpu` puts the server into the same process and
counts its CPU time and all waiting, so that a busy machine does not matter; `--clock wall` is for a quiet one.
Exit 1 when under 95% of the bare loop.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple
from urllib.request import urlopen

import yaml
from cpu_clock import CpuClockLoop, CpuClockPolicy

from work_life_firewall.agents.chat.model_config import ModelConfig
from work_life_firewall.agents.chat.request import body_of
from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.batch import run_weeks
from work_life_firewall.episodes.seats import plan
from work_life_firewall.stakeholders.banding import possible
from work_life_firewall.stakeholders.doctor import sample_turns
from work_life_firewall.stakeholders.llm import request
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.week import Week

LEAST = 0.95
WARM_S = 4.0
"""Seconds after a side's first call that do not count: connections are made, and the first wave spreads out."""
NOTCHES = {"respect": 1, "clarity": 1, "helpfulness": 0, "reliability": 0}
ANSWER = json.dumps({"message": "Fine.", "appraisal": NOTCHES, "follow_up": "none", "wording": ""})
Side = Literal["bare", "weeks"]
SPAWN = multiprocessing.get_context("spawn")


class Measured(NamedTuple):
    """One side of one round: calls a second, CPU milliseconds of its process per call, mean calls in flight."""

    rate: float
    cpu_ms: float
    in_flight: float


async def endpoint(taken: socket.socket, latency: float, arrived: list[float]) -> None:
    """A chat endpoint that answers after `latency` seconds and tells when calls came, on its event loop's clock."""
    from aiohttp import web

    clock = asyncio.get_running_loop().time
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ANSWER}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    plain = {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice], "usage": usage}
    body = json.dumps(plain).encode()

    async def chat(request: web.Request) -> web.Response:
        arrived.append(clock())
        await request.read()
        await asyncio.sleep(latency)
        return web.Response(body=body, content_type="application/json")

    async def times(request: web.Request) -> web.Response:
        return web.json_response(arrived)

    app = web.Application(client_max_size=1 << 24)
    app.router.add_post("/v1/chat/completions", chat)
    app.router.add_get("/times", times)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.SockSite(runner, taken).start()
    await asyncio.Event().wait()


def server(taken: socket.socket, latency: float) -> None:
    """The endpoint in a process of its own."""
    asyncio.run(endpoint(taken, latency, []))


def play(side: Side, url: str, flying: int, pipe: Connection) -> None:
    """Call without end, in a process of its own that answers every message on the pipe with its CPU seconds."""

    def tell() -> None:
        while True:
            pipe.recv()
            pipe.send(time.process_time())

    threading.Thread(target=tell, daemon=True).start()
    _called(side, url, flying)


def play_beside(side: Side, taken: socket.socket, given: argparse.Namespace, pipe: Connection) -> None:
    """Call an endpoint in the same process, on the clock of its CPU time; sends what was measured and ends."""
    arrived: list[float] = []

    async def watch() -> None:
        while not arrived:
            await asyncio.sleep(0.1)
        await asyncio.sleep(WARM_S)
        begin, before = asyncio.get_running_loop().time(), time.process_time()
        await asyncio.sleep(given.seconds)
        taken_s = time.process_time() - before
        pipe.send(measured([at for at in arrived if at >= begin], taken_s, given.latency))
        os._exit(0)

    kept: list[asyncio.Task[None]] = []

    def begun(loop: CpuClockLoop) -> None:
        kept.append(loop.create_task(endpoint(taken, given.latency, arrived)))
        kept.append(loop.create_task(watch()))

    asyncio.set_event_loop_policy(CpuClockPolicy(begun))
    _called(side, _url(taken), given.weeks)


def _called(side: Side, url: str, flying: int) -> None:
    if side == "bare":
        asyncio.run(bare(url, flying))
    with TemporaryDirectory() as folder:
        weeks(url, flying, Path(folder))


async def bare(url: str, flying: int) -> None:
    """So many loops that call the endpoint with the SDK and do nothing else."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    config = ModelConfig.model_validate({"schema": 1, "base_url": url, "model": "stub"})
    (turn,) = sample_turns(1)
    body: dict[str, Any] = body_of(config, request(turn, possible(turn, 1)))
    async with AsyncOpenAI(base_url=url, api_key="none", http_client=DefaultAioHttpClient()) as client:

        async def loop() -> None:
            while True:
                await client.chat.completions.create(**body)

        await asyncio.gather(*(loop() for _ in range(flying)))


def weeks(url: str, flying: int, folder: Path) -> None:
    """So many weeks in flight with four coworkers behind the endpoint, and at most so many calls."""
    model = folder / "slow.yaml"
    model.write_text(yaml.safe_dump({"schema": 1, "base_url": url, "model": "stub", "in_flight": flying}))
    recipe = load_recipe()
    seated = plan(recipe.personas, "careful", f"llm:{model}")

    def made() -> Iterator[Week]:
        for seed in seeds("train", 20_000):
            yield generate(recipe, seed, "train")

    run_weeks(made(), seated, lambda record: None, concurrency=flying)


def measure(side: Side, given: argparse.Namespace) -> Measured:
    """One side against a fresh server. Raises RuntimeError when it does not call within a minute."""
    hears, tells = SPAWN.Pipe()
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as taken:
        if given.clock == "cpu":
            playing = SPAWN.Process(target=play_beside, args=(side, taken, given, tells), daemon=True)
            playing.start()
            found: Measured = hears.recv()
            playing.join()
            return found
        serving = SPAWN.Process(target=server, args=(taken, given.latency), daemon=True)
        playing = SPAWN.Process(target=play, args=(side, _url(taken), given.weeks, tells), daemon=True)
        serving.start()
        playing.start()
        try:
            return _watched(_url(taken).removesuffix("/v1"), given, hears)
        finally:
            for process in (playing, serving):
                process.terminate()
                process.join()


def measured(arrived: Sequence[float], cpu_s: float, latency: float) -> Measured:
    """What calls that arrived at these seconds, and took their caller so much CPU, come to."""
    rate = slope(arrived)
    return Measured(rate, cpu_s / len(arrived) * 1e3, rate * latency)


def _watched(base: str, given: argparse.Namespace, hears: Connection) -> Measured:
    _await_calls(base)
    time.sleep(WARM_S)
    begin, before = time.monotonic(), _cpu(hears)
    time.sleep(given.seconds)
    end, after = time.monotonic(), _cpu(hears)
    return measured([at for at in _times(base) if begin <= at < end], after - before, given.latency)


def _url(taken: socket.socket) -> str:
    return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


def slope(arrived: Sequence[float]) -> float:
    """Calls a second by least squares. Calls come in waves, and a plain count depends on which wave a window cuts."""
    count, mean = len(arrived), sum(arrived) / len(arrived)
    spread = sum((at - mean) ** 2 for at in arrived)
    return sum((at - mean) * (number - (count - 1) / 2) for number, at in enumerate(sorted(arrived))) / spread


def _await_calls(base: str) -> None:
    until = time.monotonic() + 60
    while not _times(base):
        if time.monotonic() > until:
            raise RuntimeError("no call came within a minute")
        time.sleep(0.1)


def _times(base: str) -> list[float]:
    with urlopen(f"{base}/times") as answer:
        return json.load(answer)


def _cpu(pipe: Connection) -> float:
    pipe.send(None)
    return float(pipe.recv())


def _round(number: int, given: argparse.Namespace) -> dict[Side, Measured]:
    """Both sides once, each first in every other round."""
    order: tuple[Side, Side] = ("bare", "weeks") if number % 2 == 0 else ("weeks", "bare")
    return {side: measure(side, given) for side in order}


def summed(rounds: Sequence[Mapping[Side, Measured]], given: argparse.Namespace) -> dict[str, Any]:
    """Medians of the rounds, and every round."""
    ratios = [made["weeks"].rate / made["bare"].rate for made in rounds]
    sides: dict[Side, dict[str, float]] = {}
    for side in ("bare", "weeks"):
        columns = zip(*(made[side] for made in rounds), strict=True)
        sides[side] = {name: round(median(column), 2) for name, column in zip(Measured._fields, columns, strict=True)}
    return {
        "schema": 1,
        "clock": given.clock,
        "weeks_in_flight": given.weeks,
        "latency_s": given.latency,
        "seconds": given.seconds,
        "cores": os.cpu_count(),
        **sides,
        "ratio": round(median(ratios), 4),
        "ratios": [round(ratio, 4) for ratio in ratios],
        "at_least": LEAST,
    }


def main() -> int:
    """Measure the rounds and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=64, help="weeks in flight, and calls")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds until the server answers")
    parser.add_argument("--clock", choices=("cpu", "wall"), default="cpu", help="what a second is")
    parser.add_argument("--seconds", type=float, default=15.0, help="seconds that are measured, of each side and round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds; their median counts")
    parser.add_argument("--out", type=Path, help="a JSON file for the figures")
    given = parser.parse_args()
    rounds: list[Mapping[Side, Measured]] = []
    for number in range(given.rounds):
        rounds.append(_round(number, given))
        for side, made in sorted(rounds[-1].items()):
            told = f"{made.rate:.1f} calls/s, {made.cpu_ms:.2f} ms CPU a call, {made.in_flight:.1f} in flight"
            print(f"round {number + 1}, {side}: {told}", flush=True)
    found = summed(rounds, given)
    if given.out:
        given.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"ratio {found['ratio']:.3f} (at least {LEAST})")
    return 0 if found["ratio"] >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
