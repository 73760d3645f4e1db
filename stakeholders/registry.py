"""Who can sit in a coworker's seat, by spec: scripted, human, llm:NAME, cassette:FILE."""

from __future__ import annotations

from ..agents.chat.client import ChatClient
from ..agents.chat.pool import Chats
from ..world.persona import Persona
from ..world.ports import Stakeholder
from .human import TerminalStakeholder
from .llm import LLMStakeholder
from .scripted import ScriptedStakeholder

SEATS = ("scripted", "human", "llm", "cassette")
FORMS = ("scripted", "human", "llm:NAME", "cassette:FILE")
"""The specs as a user writes them; capitals stand for what he fills in."""


def known(spec: str) -> bool:
    """Whether a spec has one of the forms."""
    head, colon, rest = spec.partition(":")
    return bool(rest) if head in ("llm", "cassette") else head in SEATS and not colon


def build(spec: str, persona: Persona, chats: Chats | None = None) -> Stakeholder:
    """The stakeholder of a spec for one persona; `chats` are the models of the run.

    Raises ValueError: unknown spec; ConfigError: broken voice or model file; Unusable: no such cassette.
    """
    if not known(spec):
        raise ValueError(f"unknown coworker {spec!r}; one of {', '.join(FORMS)}")
    if spec == "human":
        return TerminalStakeholder()
    scripted = ScriptedStakeholder(persona.voice)
    if spec == "scripted":
        return scripted
    return LLMStakeholder(_client(spec, persona, chats if chats is not None else Chats()), scripted)


def _client(spec: str, persona: Persona, chats: Chats) -> ChatClient:
    head, _, rest = spec.partition(":")
    return chats.client(rest) if head == "llm" else chats.cassette(rest, persona.id)
