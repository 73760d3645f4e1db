"""The three seats of a week, as ports of one verb: who writes the replies, who reads them, who answers."""

from __future__ import annotations

from typing import Annotated, NamedTuple, Protocol

from pydantic import Field

from .clock import Moment
from .event import Event
from .fault import Fault as Fault
from .frozen import Frozen
from .observation import Observation, ThreadLine
from .persona import Persona
from .reading import AskReading, Reading
from .scenario import Need

Notch = Annotated[int, Field(ge=-2, le=2)]


class Appraisal(Frozen):
    """A stakeholder's judgement of one reply, each side on the closed scale -2..+2."""

    respect: Notch = 0
    clarity: Notch = 0
    helpfulness: Notch = 0
    reliability: Notch = 0


class Memory(NamedTuple):
    """What a person remembers of one answer: which event, at which week minute, which speech act, about what."""

    event_id: str
    at: int
    act: str
    topic: str = "it"


class PromiseNote(NamedTuple):
    """A promise a person was given: what, due (week minutes), and how it stands: open, kept or broken."""

    what: str
    due: int
    status: str


class Mind(NamedTuple):
    """What a stakeholder owns: trust 0..1, a bounded memory (oldest first), the promises it was given."""

    trust: float
    memory: tuple[Memory, ...] = ()
    promises: tuple[PromiseNote, ...] = ()


class Visible(NamedTuple):
    """What one person can see at a turn, beside the event and the reply: never another person's secrets.

    need: how real this person's own need is (they know it themselves). round: answers already given in this thread.
    thread: this person's own conversation with Arjun. used: all that this person has already said this week.
    topic and what: the ask as noun phrases ("the on-call swap", "the on-call nights").
    """

    seed: int
    at: int
    need: Need
    round: int
    thread: tuple[ThreadLine, ...]
    used: tuple[str, ...]
    topic: str = "this"
    what: str = "this"


class Turn(NamedTuple):
    """One stakeholder's turn: who it is, what it holds in mind, what was asked, and what Arjun wrote."""

    persona: Persona
    mind: Mind
    event: Event
    ask: AskReading
    reply: str
    visible: Visible


class Answer(Frozen):
    """What a stakeholder says and feels. `message` may be empty (silence); `follow_up` is an id of its persona's menu.

    raw_appraisal is a model's own judgement before banding (None: scripted); wording is its text for the follow-up.
    """

    message: str
    appraisal: Appraisal
    raw_appraisal: Appraisal | None = None
    follow_up: str | None = None
    wording: str | None = None
    faults: tuple[Fault, ...] = ()


class Protagonist(Protocol):
    """Who sits in Arjun's seat: a model, a script, a person, the oracle."""

    async def reply(self, obs: Observation) -> str:
        """The message or action for this event; "" means it is ignored."""
        ...


class Reader(Protocol):
    """Turns (event, reply) into a reading with a calibrated confidence; `now` resolves "tomorrow" and "by 3"."""

    async def read(self, event: Event, reply: str, now: Moment) -> Reading:
        """One AskReading per ask, in the event's order; never raises on any text."""
        ...


class Stakeholder(Protocol):
    """Who sits in a coworker's seat: scripted, a language model, a cassette, a person."""

    async def answer(self, turn: Turn) -> Answer:
        """The message, the appraisal and perhaps a follow-up; never a number of trust."""
        ...
