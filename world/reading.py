"""A reading: what a reply was understood to say, one speech act per ask. Knows no text and no model."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field

from .clock import Moment
from .fault import Fault
from .frozen import SCHEMA, Frozen

Act = Literal[
    "accept",
    "decline",
    "counter",
    "defer",
    "delegate",
    "escalate",
    "ask",
    "request",
    "act",
    "acknowledge",
    "ignore",
    "unclear",
]
ACTS: tuple[Act, ...] = get_args(Act)
Unit = Annotated[float, Field(ge=0.0, le=1.0)]


class Commitment(Frozen):
    """A promise found in a reply: what, to whom, by when, and how many minutes were mentioned (None: not said).

    `to` is a person id; `minutes` is what Arjun said, for the record only: the world's minutes come from the scenario.
    """

    what: str
    to: str
    due: Moment | None = None
    minutes: Annotated[int, Field(ge=1, le=2400)] | None = None


class Qualities(Frozen):
    """How a reply was written, each 0..1. `register_` (wire name "register") is fitness of tone for the channel."""

    courtesy: Unit = 0.0
    clarity: Unit = 0.0
    reason: Unit = 0.0
    alternative: Unit = 0.0
    next_step: Unit = 0.0
    relevance: Unit = 0.0
    register_: Unit = Field(default=0.0, alias="register")
    over_promise: Unit = 0.0
    blame: Unit = 0.0
    instruction_like: Unit = 0.0


class AskReading(Frozen):
    """What the reply says to one ask. `to` names the people addressed; for `delegate`, who takes it over."""

    ask: str
    to: tuple[str, ...] = ()
    act: Act
    confidence: Unit
    commitments: tuple[Commitment, ...] = ()
    qualities: Qualities = Qualities()


class Reading(Frozen):
    """The reading of one reply: one AskReading per ask of the event, in the event's order.

    reader: who read it. faults: what went wrong on the way, where a model reads; left out of JSON when there are none.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    reader: str
    asks: tuple[AskReading, ...]
    faults: Annotated[tuple[Fault, ...], Field(exclude_if=lambda faults: not faults)] = ()
