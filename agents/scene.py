"""What an observation is about, for scripted writers: the event's kind, whose asks, which matter. Nothing hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..world.event import Event
from ..world.luck import draw
from ..world.observation import Observation
from .phrases import topics

SEEDS = 2**32
AGAIN = frozenset({"nudge", "clarify"})
"""Kinds that come back to an earlier matter."""
DEFAULT_TOPIC: Mapping[str, str] = {
    "priya": "the payments blocker",
    "rahul": "the review",
    "david": "the client request",
    "sundar": "the Thursday leave",
}


class Matter(NamedTuple):
    """What an ask is about: the event kind and ask number (from 1) it began as, and its name among coworkers."""

    kind: str
    number: int
    topic: str


def kind_of(event_id: str) -> str:
    """The event kind in an event id: "nudge@priya#2" -> "nudge"."""
    return re.split("[@#]", event_id, maxsplit=1)[0]


def person_of(event_id: str) -> str:
    """The person in an event id: "nudge@priya#2" -> "priya"; "" for one without."""
    _, at, rest = event_id.partition("@")
    return rest.partition("#")[0] if at else ""


def count_of(event_id: str) -> int:
    """The count in an event id: "nudge@priya#2" -> 2; 0 for a canonical event."""
    digits = event_id.rpartition("#")[2]
    return int(digits) if "#" in event_id and digits.isdecimal() else 0


def first_name(person: str) -> str:
    """A person id as a first name."""
    name = person.partition(" ")[0]
    return name[:1].upper() + name[1:]


def week_seed(obs: Observation, seed: int) -> int:
    """One number per (week, given seed) that keys all draws of a scripted protagonist in that week."""
    return int(draw(seed, obs.episode_id, "protagonist") * SEEDS)


def matter_of(event: Event, number: int) -> Matter:
    """The matter of an ask of an event; a nudge or a clarification names the one it comes back to."""
    kind = kind_of(event.id)
    known = topics()
    if kind not in AGAIN:
        topic = next((name for name, where in known.items() if where == (kind, number)), "this")
        return Matter(kind, number, topic)
    topic = _named(event.subject) or _named(event.body) or DEFAULT_TOPIC.get(event.asks[number - 1].sender, "this")
    return Matter(*known[topic], topic) if topic in known else Matter(kind, number, topic)


def _named(text: str) -> str:
    """The first known topic a text names; "" for none."""
    found = [(text.lower().find(name.lower()), name) for name in topics() if name.lower() in text.lower()]
    return min(found)[1] if found else ""


def message_to(event: Event, number: int) -> str:
    """The part of the body that holds one ask: the first line of its sender; all of it when there is one ask."""
    if len(event.asks) == 1:
        return event.body
    name = first_name(event.asks[number - 1].sender)
    lines = [line for line in event.body.splitlines() if line.startswith(f"{name}:")]
    return lines[0] if lines else event.body


def said_before(obs: Observation) -> Sequence[str]:
    """Arjun's earlier texts in this conversation, newest first."""
    return [line.text for line in reversed(obs.thread) if line.who == "arjun"]
