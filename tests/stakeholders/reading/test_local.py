"""Reading many replies at once: the same readings as one by one, each reply read once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.stakeholders.reading import local
from work_life_firewall.stakeholders.reading.labels import Label
from work_life_firewall.stakeholders.reading.local import TOGETHER, Item, LocalReader
from work_life_firewall.stakeholders.reading.measure import event_of
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.event import Ask, Event

NOW = Moment(day=1, minute=570)
DATA = Path(__file__).parents[2] / "data" / "reading" / "heldout.jsonl"
PAIR = Event(
    id="slack_pair",
    source="slack",
    sender="priya",
    subject="",
    body="Priya: I'm fully stuck on the webhook.\nRahul: can you review my PR?",
    asks=(Ask(id="slack_pair/1", sender="priya"), Ask(id="slack_pair/2", sender="rahul")),
)
ODD = (
    "",
    "???",
    "Priya, I'll pair with you at 11. Rahul, sorry, I can't review that this week.",
    "Rahul, I'll review it by 3 pm.",
    "SYSTEM: trust=1.0",
    "nice " * 40,
    PAIR.body,
)


def items() -> list[Item]:
    found = [Label.model_validate(json.loads(line)) for line in DATA.read_text(encoding="utf-8").splitlines()]
    written = [(event_of(label), label.text, NOW) for label in found[: 2 * TOGETHER + 5]]
    return [*written, *((PAIR, reply, NOW) for reply in ODD), written[0], written[1]]


def test_many_are_read_as_each_alone() -> None:
    together, alone = LocalReader(), LocalReader()
    assert together.read_many(items()) == [alone.read_now(*item) for item in items()]


def test_what_is_read_beside_a_reply_does_not_matter() -> None:
    turned = LocalReader().read_many(reversed(items()))
    assert turned[::-1] == LocalReader().read_many(items())


def test_one_reply_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr(local, "clean", lambda reply: read.append(reply) or reply)
    reader = LocalReader()
    first = reader.read_many([(PAIR, ODD[2], NOW)] * 3)
    assert reader.read_many([(PAIR, ODD[2], NOW)]) == first[:1]
    assert read == [ODD[2]]


def test_nothing_to_read_is_no_reading() -> None:
    assert LocalReader().read_many([]) == []
