"""Work-Life Firewall: a simulated work week for training agents to say no well and still deliver.

Public names load on first use, so that importing the package, or collecting it as a checkout directory of any name,
costs nothing and imports nothing else.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .world.event import Ask, Event
    from .world.observation import Observation
    from .world.persona import Persona
    from .world.ports import Answer, Appraisal, Protagonist, Reader, Stakeholder, Turn
    from .world.reading import AskReading, Reading

__version__ = "0.1.0"

__all__ = [
    "Answer",
    "Appraisal",
    "Ask",
    "AskReading",
    "Event",
    "Observation",
    "Persona",
    "Protagonist",
    "Reader",
    "Reading",
    "Stakeholder",
    "Turn",
    "__version__",
]

_HOMES = {
    "Answer": ".world.ports",
    "Appraisal": ".world.ports",
    "Ask": ".world.event",
    "AskReading": ".world.reading",
    "Event": ".world.event",
    "Observation": ".world.observation",
    "Persona": ".world.persona",
    "Protagonist": ".world.ports",
    "Reader": ".world.ports",
    "Reading": ".world.reading",
    "Stakeholder": ".world.ports",
    "Turn": ".world.ports",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use; AttributeError for any other name."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name], __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
