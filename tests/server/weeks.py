"""Whole weeks over the environment, in this process: who replies, and what was seen on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from work_life_firewall.episodes.seats import build_protagonist
from work_life_firewall.models import WorkLifeFirewallAction, WorkLifeFirewallObservation
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment
from work_life_firewall.server.host import Host
from work_life_firewall.world.observation import Observation
from work_life_firewall.world.ports import Protagonist

Seen = list[WorkLifeFirewallObservation]
YES = "Yes, I will take this up and send an update by 16:00 today."


class Scripted:
    """A protagonist of the package as a function from view to text."""

    def __init__(self, spec: str, seed: int) -> None:
        self._inner: Protagonist = build_protagonist(spec, seed)

    def __call__(self, view: Observation) -> str:
        return asyncio.run(self._inner.reply(view))


@contextmanager
def session(host: Host | None = None) -> Iterator[WorkLifeFirewallEnvironment]:
    """An environment that is closed at the end."""
    made = WorkLifeFirewallEnvironment(host)
    try:
        yield made
    finally:
        made.close()


def scores_of(observation: WorkLifeFirewallObservation) -> dict[str, float]:
    """The five components, which an observation has unless its week is blind."""
    assert observation.scores is not None
    return observation.scores.model_dump()


def total_of(observation: WorkLifeFirewallObservation) -> float:
    """The weighted score, which an observation has unless its week is blind."""
    assert observation.total is not None
    return observation.total


def play(
    environment: WorkLifeFirewallEnvironment,
    reply: Callable[[Observation], str] | str = YES,
    **reset: Any,  # noqa: ANN401 - reset arguments
) -> Seen:
    """Reset, reply to the end, and return every observation."""
    seen = [environment.reset(**reset)]
    while (view := seen[-1].view) is not None:
        message = reply if isinstance(reply, str) else reply(view)
        seen.append(environment.step(WorkLifeFirewallAction(message=message)))
    return seen
