"""Weighing evidence in a message: cues from `configs/phrases/clues.yaml`, one vote each. Knows no hidden fact."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, field_validator, model_validator

from ..config import find, read_yaml
from ..world.frozen import SCHEMA, Frozen
from ..world.reading import Act


class FactClues(Frozen):
    """The two values of a fact with their cues, the one that deserves a yes first; `unsure` is who wins a tie."""

    unsure: str
    values: Annotated[dict[str, tuple[str, ...]], Field(min_length=2, max_length=2)]

    @field_validator("values")
    @classmethod
    def _cues_compile(cls, values: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
        for cue in (cue for cues in values.values() for cue in cues):
            try:
                re.compile(cue)
            except re.error as error:
                raise ValueError(f"cue {cue!r} is no regular expression: {error}") from None
        return values

    @model_validator(mode="after")
    def _unsure_known(self) -> FactClues:
        if self.unsure not in self.values:
            raise ValueError(f"unsure is {self.unsure!r}, which is none of {', '.join(self.values)}")
        return self


class Plan(Frozen):
    """What to do about an ask: which fact decides, and the act for each of its values."""

    fact: str
    acts: Annotated[dict[str, Act], Field(min_length=2, max_length=2)]


class Clues(Frozen):
    """The careful protagonist's rules: cues by fact, plans by canonical ask ("slack_pair/2")."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    facts: dict[str, FactClues]
    plans: dict[str, Plan]

    @model_validator(mode="after")
    def _plans_fit(self) -> Clues:
        for ask, plan in self.plans.items():
            if plan.fact not in self.facts or set(plan.acts) != set(self.facts[plan.fact].values):
                raise ValueError(f"plan {ask!r} does not fit the values of fact {plan.fact!r}")
        return self


class Verdict(NamedTuple):
    """The likelier value of a fact and by how many votes it won (0: a tie)."""

    value: str
    margin: int


@lru_cache(maxsize=1)
def clues() -> Clues:
    """The shipped rules. Raises ConfigError for a broken file."""
    return read_yaml(find("phrases", "clues"), Clues)


def weigh(fact: str, text: str, bias: int = 0) -> Verdict:
    """Count the cues of both values in a text. bias: extra votes for the second value. Raises KeyError."""
    votes = votes_in(fact, text)
    first, second = votes
    lead = votes[second] - votes[first] + bias
    if lead == 0:
        return Verdict(clues().facts[fact].unsure, 0)
    return Verdict(second if lead > 0 else first, abs(lead))


def votes_in(fact: str, text: str) -> Mapping[str, int]:
    """Votes found in a text for each value of a fact; a cue counts once however often it matches."""
    return {value: sum(cue.search(text) is not None for cue in cues) for value, cues in _compiled(fact).items()}


@lru_cache(maxsize=64)
def _compiled(fact: str) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    values = clues().facts[fact].values
    return {value: tuple(re.compile(cue, re.IGNORECASE) for cue in cues) for value, cues in values.items()}
