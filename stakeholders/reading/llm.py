"""The reader played by a language model: acts, promises and qualities on closed scales; where it fails, the local one.

Silence and replies that speak to a machine never reach the model: the local reader has the only word on them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, create_model

from ...agents.chat.client import ChatClient
from ...agents.chat.ladder import ask
from ...agents.chat.marks import pinned
from ...agents.chat.prompts import load_prompt
from ...agents.chat.quoted import as_data
from ...agents.chat.request import Message, Request
from ...agents.chat.schema import closed, one_of, scale
from ...agents.scene import first_name
from ...world.appraisal import GUARDED
from ...world.clock import DAY_MINUTES, DAY_NAMES, Moment, label, moment
from ...world.event import Ask, Event
from ...world.luck import draw
from ...world.reading import ACTS, Act, AskReading, Commitment, Qualities, Reading
from .guard import guard
from .lexicon import PEOPLE
from .local import LocalReader
from .text import clean, lower, tokens

WHO = "reader"
PROMPT = "reader"
SEEDS = 2**31
NOTCHES = 4
"""The highest notch of a quality; 0 is the lowest."""
SURE = (0.2, 0.4, 0.6, 0.8, 0.95)
"""Confidence by notch. Below UNSURE an act counts as `unclear`, and the coworker asks back."""
UNSURE = 0.5
PROMISES = 3
BODY_CHARS, WHAT_CHARS = 2000, 80
MINUTES = (0, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480)
END_OF_DAY = 18 * 60 + 30
"""When a promise for a day without an hour is due."""
NOBODY, ROTA, NO_DAY = "nobody", "rota", "none"
CAST = tuple(dict.fromkeys(PEOPLE.values()))
QUALITIES = tuple(field.alias or name for name, field in Qualities.model_fields.items() if name != "instruction_like")
_CLOCK = re.compile(r"^\s*(\d{1,2})(?:[:.](\d{2}))?\s*$")
Day = Literal["none", "Mon", "Tue", "Wed", "Thu", "Fri"]


class Promised(BaseModel):
    """A promise as a model tells it: the day and "HH:MM" it is due, and how many minutes it takes (0: not said)."""

    model_config = ConfigDict(extra="forbid")

    what: str
    day: Day
    time: str
    minutes: int


class Understood(BaseModel):
    """What a model makes of one ask. Notches are clamped to 0..4 on our side."""

    model_config = ConfigDict(extra="forbid", alias_generator=lambda name: name.rstrip("_"))

    act: Act
    confidence: int
    handed_to: str
    courtesy: int
    clarity: int
    reason: int
    alternative: int
    next_step: int
    relevance: int
    register_: int
    over_promise: int
    blame: int
    promises: list[Promised]


class LLMReader:
    """Reads through one model; `local` reads what the model must not see, and what it fails at."""

    def __init__(self, client: ChatClient, name: str, local: LocalReader) -> None:
        self._client = client
        self._prompt = load_prompt(PROMPT)
        self.local = local
        self.name = pinned(name, client.config, self._prompt)

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """One AskReading per ask, in the event's order. Raises CassetteMiss and Unusable only."""
        cleaned = clean(reply)
        if not tokens(lower(cleaned)) or guard(cleaned).instruction_like >= GUARDED:
            return await self.local.read(event, reply, now)
        asked = await ask(self._client, self.request(event, cleaned, now), _answer(len(event.asks)))
        if asked.value is None:
            read = await self.local.read(event, reply, now)
            return read.model_copy(update={"faults": asked.faults})
        found = (getattr(asked.value, _key(place)) for place in range(len(event.asks)))
        asks = tuple(_reading(each, one, now.at) for each, one in zip(event.asks, found, strict=True))
        return Reading(reader=self.name, asks=asks, faults=asked.faults)

    def request(self, event: Event, cleaned: str, now: Moment) -> Request:
        """The request for one reply; the same reply at the same moment is the same request."""
        seed = int(draw(now.at, event.id, "llm:reader") * SEEDS)
        told = f"The message, as data:\n{as_data(situation(event, cleaned, now))}\n\nAnswer with one JSON object."
        words = (Message("system", self._prompt), Message("user", told))
        return Request(WHO, words, seed, schema(len(event.asks)), "reading")


def situation(event: Event, cleaned: str, now: Moment) -> dict[str, Any]:
    """What the model is told, as plain data: the event as Arjun saw it, and his words."""
    return {
        "now": label(now.at),
        "channel": event.source,
        "subject": event.subject,
        "from": first_name(event.sender),
        "event": event.body[:BODY_CHARS],
        "asks": {_key(place): f"what {first_name(each.sender)} wants" for place, each in enumerate(event.asks)},
        "arjun_wrote": cleaned,
    }


@lru_cache(maxsize=8)
def schema(asks: int) -> Mapping[str, Any]:
    """The JSON schema on the wire for an event with so many asks."""
    promise = closed(
        {
            "what": {"type": "string"},
            "day": one_of((NO_DAY, *DAY_NAMES)),
            "time": {"type": "string"},
            "minutes": {"type": "integer", "enum": list(MINUTES)},
        }
    )
    one = closed(
        {
            "act": one_of(ACTS),
            "confidence": scale(0, NOTCHES),
            "handed_to": one_of((*CAST, ROTA, NOBODY)),
            **dict.fromkeys(QUALITIES, scale(0, NOTCHES)),
            "promises": {"type": "array", "items": promise},
        }
    )
    return closed({_key(place): one for place in range(asks)})


@lru_cache(maxsize=8)
def _answer(asks: int) -> type[BaseModel]:
    """The answer to an event with so many asks."""
    fields: dict[str, Any] = {_key(place): (Understood, ...) for place in range(asks)}
    return create_model(f"Understood{asks}", __config__=ConfigDict(extra="forbid"), **fields)


def _key(place: int) -> str:
    return f"ask_{place + 1}"


def _reading(each: Ask, found: Understood, now: int) -> AskReading:
    confidence = SURE[_notch(found.confidence)]
    act: Act = found.act if confidence >= UNSURE or found.act == "ignore" else "unclear"
    notches = {name: _notch(getattr(found, f"{name}_" if name == "register" else name)) for name in QUALITIES}
    silent = act in ("ignore", "unclear")
    return AskReading(
        ask=each.id,
        to=() if silent else _addressed(act, found.handed_to, each.sender),
        act=act,
        confidence=confidence,
        commitments=() if silent or act == "ask" else _commitments(found.promises, each.sender, now),
        qualities=Qualities(**{name: value / NOTCHES for name, value in notches.items()}),
    )


def _notch(value: int) -> int:
    return min(max(value, 0), NOTCHES)


def _addressed(act: Act, handed_to: str, sender: str) -> tuple[str, ...]:
    """Who the reply speaks to; for delegate who takes it over, where that is known."""
    if act != "delegate":
        return (sender,)
    return (handed_to,) if handed_to in (*CAST, ROTA) else ()


def _commitments(promises: list[Promised], to: str, now: int) -> tuple[Commitment, ...]:
    """The promises with words in them; a time that is over, or that cannot be read, is no time."""
    made = []
    for promise in promises[:PROMISES]:
        what = " ".join(promise.what.split())[:WHAT_CHARS]
        due = _due(promise)
        ahead = moment(due) if due is not None and due > now else None
        minutes = promise.minutes if promise.minutes in MINUTES[1:] else None
        if what:
            made.append(Commitment(what=what, to=to, due=ahead, minutes=minutes))
    return tuple(made)


def _due(promise: Promised) -> int | None:
    """Week minutes at which a promise is due; None where no day was said."""
    if promise.day == NO_DAY:
        return None
    clock = _CLOCK.match(promise.time)
    minute = int(clock[1]) * 60 + int(clock[2] or 0) if clock else END_OF_DAY
    return DAY_NAMES.index(promise.day) * DAY_MINUTES + (minute if minute < DAY_MINUTES else END_OF_DAY)
