"""A voice: the sentences one coworker has, by speech act and mood. Schema of `configs/voices/*.yaml`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field, model_validator

from ..config import find, read_yaml
from ..world.frozen import Frozen
from ..world.reading import ACTS

Mood = Literal["warm", "neutral", "strained"]
VOICED = tuple(act for act in ACTS if act != "ignore")
"""Speech acts that are answered in words; `ignore` meets silence."""
SLOTS = frozenset({"topic", "due", "what", "quote", "alternative", "delegate", "promised", "earlier", "reason_quote"})
Sentences = Annotated[tuple[str, ...], Field(min_length=1)]
_SLOT = re.compile(r"\{(\w+)\}")


class Moods(Frozen):
    """One act's sentences in each mood."""

    warm: Sentences
    neutral: Sentences
    strained: Sentences


class Clauses(Frozen):
    """Sentences added when they apply: promises, an earlier no, a need that was real, his tone, his reason."""

    promise_kept: Sentences
    promise_broken: Sentences
    repeated_no: Sentences
    real_need_refused: Sentences
    rude: Sentences
    kind: Sentences
    reason_given: Sentences


class Voice(Frozen):
    """All a coworker can say. follow_ups is event kind -> wordings. Unknown slots and missing acts are refused."""

    schema_: Literal[1] = Field(alias="schema")
    id: str
    pools: dict[str, Moods]
    clauses: Clauses
    follow_ups: dict[str, Sentences]

    @model_validator(mode="after")
    def _complete(self) -> Voice:
        missing = [act for act in VOICED if act not in self.pools]
        if missing:
            raise ValueError(f"no sentences for the speech act {missing[0]!r}")
        for text in self.sentences():
            unknown = set(slots(text)) - SLOTS
            if unknown:
                raise ValueError(f"unknown slot {{{sorted(unknown)[0]}}} in {text!r}; slots are {sorted(SLOTS)}")
        return self

    def sentences(self) -> list[str]:
        """Every sentence of the voice."""
        pools = [
            text
            for moods in self.pools.values()
            for mood in (moods.warm, moods.neutral, moods.strained)
            for text in mood
        ]
        clauses = [text for name in Clauses.model_fields for text in getattr(self.clauses, name)]
        return [*pools, *clauses, *(text for texts in self.follow_ups.values() for text in texts)]


@lru_cache(maxsize=8192)
def slots(text: str) -> tuple[str, ...]:
    """The slot names that a sentence uses."""
    return tuple(_SLOT.findall(text))


def load_voice(name: str) -> Voice:
    """The voice of that name or path. Raises ConfigError with file, line and near miss."""
    return read_yaml(find("voices", name), Voice)
