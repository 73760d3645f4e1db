"""The coworker played by a language model: its words, its judgement within a band, a follow-up from its menu.

It writes no state. Where the model fails, the scripted coworker of the same persona answers, and the faults say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from ..agents.chat.client import ChatClient
from ..agents.chat.ladder import ask
from ..agents.chat.request import Request
from ..agents.chat.schema import closed, one_of, scale
from ..world.luck import draw
from ..world.persona import FollowUp, Persona
from ..world.ports import Answer, Appraisal, Turn
from .banding import SIDES, allowed, counted, guarded, possible
from .brief import messages
from .scripted import ScriptedStakeholder

NONE = "none"
MESSAGE_CHARS, WORDING_CHARS = 1200, 600
"""Characters of a message, and of a follow-up's words, that are kept."""
SEEDS = 2**31
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


class Feeling(BaseModel):
    """A model's judgement of a reply, each side -2..2; other whole numbers are clamped, anything else is refused."""

    model_config = ConfigDict(extra="forbid")

    respect: int
    clarity: int
    helpfulness: int
    reliability: int

    def appraisal(self) -> Appraisal:
        """The judgement on the closed scale."""
        return Appraisal(**{side: min(max(getattr(self, side), -2), 2) for side in SIDES})


class Said(BaseModel):
    """What a model returns for one turn. follow_up is an id of the menu or "none"; wording may be empty."""

    model_config = ConfigDict(extra="forbid")

    message: str
    appraisal: Feeling
    follow_up: str = NONE
    wording: str = ""


class LLMStakeholder:
    """Plays any persona through one model. fallback: who answers when the model fails."""

    def __init__(self, client: ChatClient, fallback: ScriptedStakeholder) -> None:
        self._client = client
        self._fallback = fallback

    async def answer(self, turn: Turn) -> Answer:
        """The model's answer, validated and banded. Raises CassetteMiss and Unusable only."""
        menu = possible(turn, self._client.config.band)
        asked = await ask(self._client, request(turn, menu), Said)
        if asked.value is None:
            scripted = await self._fallback.answer(turn)
            return scripted.model_copy(update={"faults": asked.faults})
        made = self._counted(turn, asked.value)
        if guarded(turn):
            # The model has read instructions: its words stand, everything that has an effect is the script's.
            scripted = await self._fallback.answer(turn)
            made = made.model_copy(update={"follow_up": scripted.follow_up, "wording": scripted.wording})
        return made.model_copy(update={"faults": asked.faults})

    def _counted(self, turn: Turn, said: Said) -> Answer:
        raw = said.appraisal.appraisal()
        appraisal = counted(turn, raw, self._client.config.band)
        entry = allowed(turn, appraisal, said.follow_up)
        return Answer(
            message=_spoken(said.message, turn.persona, MESSAGE_CHARS),
            appraisal=appraisal,
            raw_appraisal=raw,
            follow_up=entry.id if entry else None,
            wording=(_spoken(said.wording, turn.persona, WORDING_CHARS) or None) if entry else None,
        )


def request(turn: Turn, menu: tuple[FollowUp, ...]) -> Request:
    """The request of one turn; its seed depends on the week, the event and the person, as all luck does."""
    who = turn.persona.id
    seed = int(draw(turn.visible.seed, turn.event.id, f"llm:{who}") * SEEDS)
    return Request(who, messages(turn, menu), seed, schema(menu), "coworker_turn")


def schema(menu: tuple[FollowUp, ...]) -> Mapping[str, Any]:
    """The JSON schema on the wire."""
    return closed(
        {
            "message": {"type": "string"},
            "appraisal": closed(dict.fromkeys(SIDES, scale(-2, 2))),
            "follow_up": one_of([*(entry.id for entry in menu), NONE]),
            "wording": {"type": "string"},
        }
    )


def _spoken(text: str, persona: Persona, most: int) -> str:
    """A model's words as a chat line: printable, without the speaker's name in front, cut to a bound."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n")).encode("utf-8", "replace").decode().strip()
    for name in (persona.name, persona.name.split()[0]):
        plain = plain.removeprefix(f"{name}:").strip()
    return plain if len(plain) <= most else plain[: most - 3].rstrip() + "..."
