"""A persona: who a coworker is. Numbers and menu for the law of trust, prose for a language model."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .frozen import Frozen
from .reading import Act, Unit


class AppraisalWeights(Frozen):
    """How much each side of an appraisal matters to this person; any positive scale, normalised when used."""

    respect: Annotated[float, Field(ge=0)]
    clarity: Annotated[float, Field(ge=0)]
    helpfulness: Annotated[float, Field(ge=0)]
    reliability: Annotated[float, Field(ge=0)]


class FollowUpWhen(Frozen):
    """When a follow-up fits: all given conditions must hold.

    acts: the reading's act is one of these. events: the event's kind is one of these. need: the ask was a "real" need
    or a "light" one. round_below: fewer than this many answers were given in the thread before. trust_below and
    trust_above: trust after this turn, 0..1. chance: how often it then happens, by keyed luck.
    """

    acts: tuple[Act, ...] = ()
    events: tuple[str, ...] = ()
    need: Literal["real", "light"] | None = None
    round_below: int | None = None
    trust_below: Unit | None = None
    trust_above: Unit | None = None
    chance: Unit = 1.0


class FollowUp(Frozen):
    """An entry of the follow-up menu: `event` (an event kind) reaches Arjun `after_minutes` later."""

    id: str
    when: FollowUpWhen = FollowUpWhen()
    after_minutes: Annotated[int, Field(ge=0, le=5 * 1440)]
    event: str


class Persona(Frozen):
    """One coworker, read from `configs/personas/ID.md`.

    patience (0..1) is how seldom the person insists; voice names `configs/voices/VOICE.yaml`; prompt is the Markdown
    body, read by language-model coworkers only.
    """

    id: str
    name: str
    role: str
    timezone: str
    initial_trust: Annotated[float, Field(ge=0.5, le=0.75)]
    weights: AppraisalWeights
    patience: Unit
    private_goal: str
    voice: str
    follow_ups: tuple[FollowUp, ...] = ()
    style: str = ""
    prompt: str = ""
