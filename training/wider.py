"""More ways to tell the same facts than the training weeks have, for who is to read wordings that nobody showed him."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from ..config import ConfigError, find, near_miss, read_yaml
from ..world.frozen import SCHEMA, Frozen
from ..world.scenario import Pool, Wordings
from ..world.week import Recipe

Texts = Annotated[tuple[str, ...], Field(min_length=1)]


class Clauses(Frozen):
    """`configs/training/clauses.yaml`: fact -> value -> sentences that tell it, as a scenario's wordings do."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    facts: dict[str, dict[str, Texts]]


def wider(recipe: Recipe, name: str) -> Recipe:
    """The recipe with the clauses of a file added to those of training weeks; held-out weeks stay as they are.

    Raises ConfigError: a broken file, or a fact or value that no message tells.
    """
    path = find("training", name)
    left = dict(read_yaml(path, Clauses).facts)
    wordings = {kind: _added(words, left, str(path)) for kind, words in recipe.wordings.items()}
    if left:
        unknown = min(left)
        known = [fact for words in recipe.wordings.values() for fact in words.facts]
        raise ConfigError(str(path), None, f"no message tells the fact {unknown!r}", near_miss(unknown, known))
    return recipe._replace(wordings=wordings)


def _added(words: Wordings, left: dict[str, dict[str, Texts]], path: str) -> Wordings:
    """The wordings of a kind with what is left for its facts."""
    facts = {}
    for fact, pools in words.facts.items():
        more = left.pop(fact, {})
        unknown = min(more.keys() - pools.keys(), default=None)
        if unknown is not None:
            raise ConfigError(path, None, f"{fact} has no value {unknown!r}", near_miss(unknown, list(pools)))
        facts[fact] = {value: _longer(pool, more.get(value, ())) for value, pool in pools.items()}
    return words.model_copy(update={"facts": facts})


def _longer(pool: Pool, more: tuple[str, ...]) -> Pool:
    return pool.model_copy(update={"train": (*pool.train, *more)})
