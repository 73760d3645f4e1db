"""What a week's scores depend on, in short marks: who sits in the seats, and the versions of rubric, reader, world."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from .. import __version__
from ..world.scoring import RUBRIC_VERSION
from ..world.week import Recipe
from .record import Versions

UNNAMED_READER = "unnamed"


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


def versions(recipe: Recipe, reader: object) -> Versions:
    """The versions of a run: `reader` is asked for its `name`; the world is its scenario, wordings and constants."""
    name = getattr(reader, "name", UNNAMED_READER)
    return Versions(package=__version__, rubric=RUBRIC_VERSION, reader=str(name), world=_world(_Same(recipe)))


@lru_cache(maxsize=8)
def _personas(same: _Same) -> tuple[tuple[str, str], ...]:
    return tuple((who, _mark(persona.model_dump_json())) for who, persona in same.recipe.personas.items())


@lru_cache(maxsize=8)
def _world(same: _Same) -> str:
    recipe = same.recipe
    words = "".join(recipe.wordings[kind].model_dump_json() for kind in sorted(recipe.wordings))
    return _mark(recipe.scenario.model_dump_json() + words + repr(recipe.tuning))


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]
