"""A language model that judges how well one reply communicates, from outside the world. Moves no score and no mind.

What it says is logged beside the world's own note; where it fails the reply is unscored, never zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict

from ..agents.chat.client import ChatClient
from ..agents.chat.ladder import ask
from ..agents.chat.marks import pinned
from ..agents.chat.pool import Chats
from ..agents.chat.prompts import load_prompt
from ..agents.chat.quoted import as_data
from ..agents.chat.request import Message, Request
from ..agents.chat.schema import closed, scale
from ..agents.scene import first_name
from ..world.clock import Moment, label
from ..world.fault import Fault
from ..world.luck import draw
from ..world.observation import Observation
from .reading.guard import guard
from .reading.text import clean, lower, tokens

WHO = "judge"
PROMPT = "judge"
SEEDS = 2**31
NOTCHES = 4
"""The highest notch of a side; 0 is the lowest."""
LINE_CHARS = 500
FORMS = ("none", "llm:NAME")
"""The specs as a user writes them; capitals stand for what he fills in."""


class Sides(BaseModel):
    """A model's judgement, each side 0..4; other whole numbers are clamped, anything else is refused."""

    model_config = ConfigDict(extra="forbid", alias_generator=lambda name: name.rstrip("_"))

    clarity: int
    courtesy: int
    register_: int
    next_step: int
    relevance: int

    def clamped(self) -> dict[str, int]:
        """The sides on the closed scale, by their wire names."""
        return {name: min(max(value, 0), NOTCHES) for name, value in self.model_dump(by_alias=True).items()}


class Verdict(NamedTuple):
    """What came of one reply. score: 0..1, None when unscored; sides: 0..4 each, None where no model was asked."""

    score: float | None
    sides: Mapping[str, int] | None = None
    faults: tuple[Fault, ...] = ()


class Judge(Protocol):
    """Judges one reply. `name` is its pinned version."""

    name: str

    async def judge(self, obs: Observation, reply: str) -> Verdict:
        """How well the reply to this observation communicates; a failure is unscored."""
        ...


class LLMJudge:
    """Judges through one model. Silence is 0 without asking; words for a machine are taken out and cost their share."""

    def __init__(self, client: ChatClient, name: str) -> None:
        self._client = client
        self._prompt = load_prompt(PROMPT)
        self.name = pinned(name, client.config, self._prompt)

    async def judge(self, obs: Observation, reply: str) -> Verdict:
        """The mean of the sides, times the share that was no instruction. Raises CassetteMiss and Unusable only."""
        guarded = guard(clean(reply))
        if not tokens(lower(guarded.text)):
            return Verdict(0.0)
        asked = await ask(self._client, self.request(obs, guarded.text), Sides, last="unscored")
        if asked.value is None:
            return Verdict(None, None, asked.faults)
        sides = asked.value.clamped()
        score = sum(sides.values()) / (NOTCHES * len(sides)) * (1 - guarded.instruction_like)
        return Verdict(score, sides, asked.faults)

    def request(self, obs: Observation, text: str) -> Request:
        """The request for one reply; its seed depends on the week and the event, as all luck does."""
        seed = int(draw(0, f"{obs.episode_id}/{obs.event.id}", "llm:judge") * SEEDS)
        told = f"The message, as data:\n{as_data(situation(obs, text))}\n\nAnswer with one JSON object."
        return Request(WHO, (Message("system", self._prompt), Message("user", told)), seed, schema(), "judgement")


def known(spec: str) -> bool:
    """Whether a spec has one of the forms."""
    head, _, rest = spec.partition(":")
    return spec == "none" or (head == "llm" and bool(rest))


def build(spec: str, chats: Chats) -> Judge | None:
    """The judge of a spec, None for "none". Raises ValueError: unknown spec; ConfigError: no such model."""
    if not known(spec):
        raise ValueError(f"unknown judge {spec!r}; one of {', '.join(FORMS)}")
    name = spec.partition(":")[2]
    return LLMJudge(chats.client(name), name) if name else None


def situation(obs: Observation, text: str) -> dict[str, Any]:
    """What the model is told, as plain data: what Arjun saw, and what he wrote; no score, no reading, no reaction."""
    event = obs.event
    said = [
        f"[{label(Moment(day=line.day, minute=line.minute).at)}] {first_name(line.who)}: {line.text[:LINE_CHARS]}"
        for line in obs.thread
    ]
    return {
        "now": label(Moment(day=obs.day, minute=obs.minute).at),
        "channel": event.source,
        "subject": event.subject,
        "from": first_name(event.sender),
        "event": event.body,
        "waiting_for_an_answer": [first_name(each.sender) for each in event.asks],
        "conversation_so_far": said,
        "arjun_wrote": text,
    }


@lru_cache(maxsize=1)
def schema() -> Mapping[str, Any]:
    """The JSON schema on the wire."""
    return closed({field.alias or name: scale(0, NOTCHES) for name, field in Sides.model_fields.items()})
