"""What a week's scores depend on, in short marks: who sits in the seats, and the versions of rubric, reader, world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from .. import __version__
from ..agents.chat.marks import text_mark
from ..agents.chat.prompts import load_prompt
from ..agents.llm import prompt_of
from ..stakeholders.brief import PROMPT as COWORKER
from ..stakeholders.judge import PROMPT as JUDGE
from ..stakeholders.reading.llm import PROMPT as READER
from ..world.scoring import RUBRIC_VERSION
from ..world.week import Recipe
from .record import Versions

BY_MODEL = ("llm", "cassette")
"""Heads of the specs whose seats are given a prompt."""
UNNAMED_READER = "unnamed"
"""What a reader or a judge without a `name` is called."""


class _Same:
    """A recipe compared by identity, so that its marks are computed once; the cache keeps it alive."""

    __slots__ = ("recipe",)

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.recipe is self.recipe

    def __hash__(self) -> int:
        return id(self.recipe)


def persona_marks(recipe: Recipe) -> dict[str, str]:
    """Person id -> the first 8 hex digits of the hash of the persona in that seat."""
    return dict(_personas(_Same(recipe)))


def prompt_marks(policy: str, coworkers: Mapping[str, str], reader: str, judge: str) -> dict[str, str]:
    """Prompt name -> the first 8 hex digits of the hash of its words, for everyone that a model plays, by spec."""
    played = {prompt_of(policy): (policy,), COWORKER: coworkers.values(), READER: (reader,), JUDGE: (judge,)}
    used = [name for name, specs in played.items() if any(spec.partition(":")[0] in BY_MODEL for spec in specs)]
    return {name: text_mark(load_prompt(name)) for name in used}


def versions(recipe: Recipe, reader: object, judge: object = None) -> Versions:
    """The versions of a run; reader and judge (None: nobody judges) are asked for their `name`.

    The world is its scenario, wordings and constants.
    """
    name = str(getattr(reader, "name", UNNAMED_READER))
    judged = None if judge is None else str(getattr(judge, "name", UNNAMED_READER))
    world = _world(_Same(recipe))
    return Versions(package=__version__, rubric=RUBRIC_VERSION, reader=name, world=world, judge=judged)


@lru_cache(maxsize=8)
def _personas(same: _Same) -> tuple[tuple[str, str], ...]:
    return tuple((who, text_mark(persona.model_dump_json())) for who, persona in same.recipe.personas.items())


@lru_cache(maxsize=8)
def _world(same: _Same) -> str:
    recipe = same.recipe
    words = "".join(recipe.wordings[kind].model_dump_json() for kind in sorted(recipe.wordings))
    return text_mark(recipe.scenario.model_dump_json() + words + repr(recipe.tuning))
