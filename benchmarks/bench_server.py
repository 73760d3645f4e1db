"""The OpenEnv environment: CPU time of one step with 32 sessions open, serialized as the server does, and recorded."""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from work import Work

if TYPE_CHECKING:
    from work_life_firewall.server.host import Host

SESSIONS = 32
STEP_SECONDS = 0.004
REPLIES = (
    "Yes, I take this up now and send an update by 16:00 today.",
    "Not today; I can take it up on Wednesday at 11:00 and send notes before.",
    "Could you tell me first what is needed from me there?",
    "Sorry, no: the sprint is full until the demo. Rahul has the runbook and can do it.",
)


async def _week(host: Host, seed: int) -> int:
    """One whole week of one session; returns its steps."""
    from openenv.core.env_server.serialization import serialize_observation  # an extra, and slow to import

    from work_life_firewall.models import WorkLifeFirewallAction
    from work_life_firewall.server.environment import WorkLifeFirewallEnvironment

    environment = WorkLifeFirewallEnvironment(host)
    observation = await environment.reset_async(seed=seed)
    steps = 0
    while not observation.done:
        action = WorkLifeFirewallAction(message=f"{REPLIES[(seed + steps) % len(REPLIES)]} ({seed})")
        observation = await environment.step_async(action)
        json.dumps(serialize_observation(observation))
        steps += 1
        await asyncio.sleep(0)
    environment.close()
    return steps


def _work(driver: Literal["direct", "graph"], at_most: float | None) -> Work:
    from work_life_firewall.server.app import spare_collector
    from work_life_firewall.server.host import Host
    from work_life_firewall.server.limits import Limits

    folder = tempfile.TemporaryDirectory(prefix="wlf-bench-")
    host = Host(Limits(runs=str(Path(folder.name) / "served"), driver=driver), keep=True)
    seeds = iter(range(100_000))

    async def together() -> int:
        return sum(await asyncio.gather(*(_week(host, next(seeds)) for _ in range(SESSIONS))))

    steps = asyncio.run(together())

    def run() -> None:
        # The folder goes with this function; seeds go on, as a reading that is cached would cost nothing.
        assert folder.name
        before = gc.get_threshold()
        spare_collector()
        try:
            asyncio.run(together())
        finally:
            gc.unfreeze()
            gc.set_threshold(*before)

    return Work(run=run, units=steps, unit="step", at_most=at_most)


def bench_session_graph() -> Work:
    """Through the compiled graph, as the server does by default."""
    return _work("graph", STEP_SECONDS)


def bench_session_direct() -> Work:
    """Through plain calls."""
    return _work("direct", None)
