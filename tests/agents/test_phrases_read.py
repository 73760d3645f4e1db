"""The reader understands what scripted protagonists write: the act that was meant is the act that is read."""

from __future__ import annotations

import pytest

from work_life_firewall.agents.scene import week_seed
from work_life_firewall.agents.writer import write
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.reading import Act

from .conftest import Observe

PLANNED: list[tuple[str, tuple[Act, ...]]] = [
    ("staging", ("act", "delegate")),
    ("slack_pair", ("accept", "defer", "delegate", "decline")),
    ("client_mail", ("accept", "counter", "decline")),
    ("leave", ("accept", "request", "decline")),
    ("oncall_swap", ("accept", "decline", "counter")),
    ("late_standup", ("accept", "counter", "decline")),
    ("appraisal", ("accept", "act", "decline")),
    ("nudge@david#1", ("accept", "counter", "decline")),
    ("clarify@rahul#1", ("accept", "delegate", "decline")),
]
WEEKS = 12
ENOUGH = 0.85
"""Share read as meant, the rest being mostly `unclear`; a protagonist's clear words must not be the weak link."""


@pytest.mark.parametrize(("event_id", "acts"), PLANNED)
def test_acts_are_read_as_they_were_meant(observe: Observe, event_id: str, acts: tuple[Act, ...]) -> None:
    reader, right, asked = LocalReader(), 0, 0
    for act in acts:
        for week in range(WEEKS):
            obs = observe(event_id, "Hi Arjun, could you please look at this for me?", week=f"week-{week}")
            meant: list[Act] = [act] * len(obs.event.asks)
            kind = event_id.partition("@")[0]
            text = write(kind, meant, obs, week_seed(obs, 0))
            reading = reader.read_now(obs.event, text, Moment(day=obs.day, minute=obs.minute))
            right += sum(ask.act == act for ask in reading.asks)
            asked += len(meant)
    assert right / asked >= ENOUGH
