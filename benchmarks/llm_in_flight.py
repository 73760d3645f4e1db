"""Weeks in flight against a slow model server, beside a bare client loop on the same server: requests a second.

Wall clock, so no part of `run.py`: start it by hand on a quiet machine. Exit 1 when under 95% of the bare loop.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.request import urlopen

import yaml

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.batch import run_weeks
from work_life_firewall.episodes.seats import plan
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.week import Week

LEAST = 0.95
NOTCHES = {"respect": 1, "clarity": 1, "helpfulness": 0, "reliability": 0}
ANSWER = json.dumps({"message": "Fine.", "appraisal": NOTCHES, "follow_up": "none", "wording": ""})


def server(latency: float, pipe: Connection) -> None:
    """A chat endpoint in a process of its own that answers after `latency` seconds and tells when calls came."""
    from aiohttp import web

    arrived: list[float] = []
    choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": ANSWER}}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    plain = {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice], "usage": usage}
    body = json.dumps(plain).encode()

    async def chat(request: web.Request) -> web.Response:
        await request.read()
        arrived.append(perf_counter())
        await asyncio.sleep(latency)
        return web.Response(body=body, content_type="application/json")

    async def times(request: web.Request) -> web.Response:
        told, arrived[:] = list(arrived), []
        return web.json_response(told)

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", chat)
        app.router.add_get("/times", times)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(main())


def rate(times: list[float], seconds: float) -> float:
    """Calls a second over a window of `seconds` that starts when things have settled."""
    begin = min(times) + 1.5
    return sum(begin <= at < begin + seconds for at in times) / seconds


async def bare(url: str, flying: int, seconds: float) -> None:
    """So many loops that call the endpoint with the SDK and do nothing else."""
    from openai import AsyncOpenAI, DefaultAioHttpClient

    until = perf_counter() + seconds + 3
    messages = [{"role": "user", "content": "x" * 6000}]
    async with AsyncOpenAI(base_url=url, api_key="none", http_client=DefaultAioHttpClient()) as client:

        async def loop() -> None:
            while perf_counter() < until:
                await client.chat.completions.create(model="stub", messages=messages)  # type: ignore[arg-type]

        await asyncio.gather(*(loop() for _ in range(flying)))


def weeks(url: str, flying: int, seconds: float, folder: Path) -> None:
    """So many weeks in flight, one after another, until time is up."""
    model = folder / "slow.yaml"
    model.write_text(yaml.safe_dump({"schema": 1, "base_url": url, "model": "stub", "in_flight": 4 * flying}))
    recipe = load_recipe()
    seated = plan(recipe.personas, "careful", f"llm:{model}")
    until = perf_counter() + seconds + 3

    def made() -> Iterator[Week]:
        for seed in seeds("train", 20_000):
            if perf_counter() > until:
                return
            yield generate(recipe, seed, "train")

    run_weeks(made(), seated, lambda record: None, concurrency=flying)


def main() -> int:
    """Measure both and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weeks", type=int, default=64, help="weeks in flight")
    parser.add_argument("--latency", type=float, default=0.5, help="seconds until the server answers")
    parser.add_argument("--seconds", type=float, default=15.0, help="seconds that are measured")
    given = parser.parse_args()
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    child = multiprocessing.get_context("spawn").Process(target=server, args=(given.latency, theirs), daemon=True)
    child.start()
    base = f"http://127.0.0.1:{ours.recv()}"
    try:
        asyncio.run(bare(f"{base}/v1", given.weeks, given.seconds))
        plain = rate(_times(base), given.seconds)
        with TemporaryDirectory() as folder:
            weeks(f"{base}/v1", given.weeks, given.seconds, Path(folder))
        full = rate(_times(base), given.seconds)
    finally:
        child.terminate()
    print(f"bare client loop {plain:.1f}/s, weeks {full:.1f}/s, ratio {full / plain:.3f} (at least {LEAST})")
    return 0 if full >= LEAST * plain else 1


def _times(base: str) -> list[float]:
    with urlopen(f"{base}/times") as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
