"""A chat model in Arjun's seat: sees the rendered observation, writes free text. Knows no score and no coworker."""

from __future__ import annotations

import re

from ..world.luck import draw
from ..world.observation import Observation
from ..world.ports import Fault
from .chat.balanced import without_thinking
from .chat.client import ChatClient
from .chat.errors import CallFailed, Slip
from .chat.examples import load_guide
from .chat.request import Message, Request
from .prompt import render

WHO = "arjun"
PROMPT = "protagonist"
SEEDS = 2**31
ASKED = "\n\nYour reply:"
"""What follows every moment, those of examples too."""
_IGNORE = re.compile(r"^[\W_]*ignore[\W_]*$", re.I)


class LLMProtagonist:
    """Writes each reply with one call. prompt: a name under configs/prompts, or a Markdown file; `load_guide` reads it.

    Examples are shown as earlier turns of the conversation. Raises ConfigError for a broken prompt file.
    """

    def __init__(self, client: ChatClient, seed: int = 0, prompt: str = PROMPT) -> None:
        self._client = client
        self._seed = seed
        self._before = _conversation(prompt)
        self._faults: list[Fault] = []

    async def reply(self, obs: Observation) -> str:
        """The model's text; "" when it ignores the event. Raises CallFailed: a week without Arjun cannot go on."""
        seed = int(draw(self._seed, f"{obs.episode_id}/{obs.event.id}", "llm:arjun") * SEEDS)
        request = Request(WHO, (*self._before, Message("user", render(obs) + ASKED)), seed)
        try:
            completion = await self._client.complete(request)
        except CallFailed as failure:
            self._note(failure.slips)
            raise
        self._note(completion.slips)
        text = without_thinking(completion.text)
        return "" if _IGNORE.match(text) else text

    def take_faults(self) -> tuple[Fault, ...]:
        """The failed attempts since this was asked last."""
        taken, self._faults = tuple(self._faults), []
        return taken

    def _note(self, slips: tuple[Slip, ...]) -> None:
        self._faults += [Fault(who=WHO, rung="retry", kind=s.kind, detail=s.detail, ms=s.ms) for s in slips]


def prompt_of(spec: str) -> str:
    """The prompt of a seat "llm:NAME" or "llm:NAME@PROMPT": a name under configs/prompts, or a file."""
    return spec.partition("@")[2] or PROMPT


def _conversation(prompt: str) -> tuple[Message, ...]:
    """The instructions, and the examples as turns that were taken before."""
    guide = load_guide(prompt)
    turns = [(Message("user", shown.moment + ASKED), Message("assistant", shown.reply)) for shown in guide.examples]
    return Message("system", guide.words), *(message for turn in turns for message in turn)
