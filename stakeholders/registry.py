"""Who can sit in a coworker's seat, by spec. Later: llm:NAME and cassette:FILE."""

from __future__ import annotations

from ..world.persona import Persona
from ..world.ports import Stakeholder
from .human import TerminalStakeholder
from .scripted import ScriptedStakeholder

SEATS = ("scripted", "human")


def build(spec: str, persona: Persona) -> Stakeholder:
    """The stakeholder of a spec for one persona. Raises ValueError: unknown spec; ConfigError: broken voice."""
    if spec == "scripted":
        return ScriptedStakeholder(persona.voice)
    if spec == "human":
        return TerminalStakeholder()
    raise ValueError(f"unknown coworker {spec!r}; one of {', '.join(SEATS)}")
