"""What scripted protagonists can write: templates per event kind, ask and speech act, read from `configs/phrases`.

Holds text and its slots; decides nothing about which act is right. `generic` serves whatever a kind leaves out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, field_validator

from ..config import find, names, read_yaml
from ..world.frozen import SCHEMA, Frozen
from ..world.reading import Act

DUE = ("soon", "today", "tomorrow", "day_after")
"""Due times, "by 4 pm today"; all but `soon` also as a point in time, "today at 4 pm", with "at_" in front."""
SLOTS = frozenset({"name", "topic", "item", "delegate", "boss", *DUE, "at_today", "at_tomorrow", "at_day_after"})
"""name: first name of who asks. topic: what it is about. item: its ticket or feature. delegate: who could take it.
boss: who decides above the two."""
GENERIC = "generic"
ANYONE = "*"
NOT_PHRASES = frozenset({"clues"})

Template = Annotated[str, Field(min_length=3, max_length=400)]


class AskPhrases(Frozen):
    """The templates for one ask.

    sender: a person id or "*". topic: the matter as coworkers name it ("": any). item: a regular expression for what a
    message calls the thing itself, such as its ticket ("": as the topic).
    """

    sender: str
    topic: str = ""
    item: str = ""
    acts: dict[Act, Annotated[tuple[Template, ...], Field(min_length=1)]]

    @field_validator("item")
    @classmethod
    def _item_compiles(cls, item: str) -> str:
        try:
            re.compile(item)
        except re.error as error:
            raise ValueError(f"{item!r} is no regular expression: {error}") from None
        return item

    @field_validator("acts")
    @classmethod
    def _slots_known(cls, acts: dict[Act, tuple[str, ...]]) -> dict[Act, tuple[str, ...]]:
        for template in (text for pool in acts.values() for text in pool):
            if unknown := slots_of(template) - SLOTS:
                raise ValueError(f"unknown slot {min(unknown)!r} in {template!r}; known: {', '.join(sorted(SLOTS))}")
        return acts


class Phrases(Frozen):
    """All templates of one event kind, one `AskPhrases` per ask in the event's order."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    kind: str
    asks: Annotated[tuple[AskPhrases, ...], Field(min_length=1)]


def slots_of(template: str) -> set[str]:
    """The slot names of a template. Raises ValueError when its braces do not match."""
    return {field for _, field, _, _ in Formatter().parse(template) if field is not None}


@lru_cache(maxsize=1)
def library() -> Mapping[str, Phrases]:
    """Event kind -> phrases. Raises ConfigError for a broken file."""
    kinds = [name for name in names("phrases") if name not in NOT_PHRASES]
    return {kind: read_yaml(find("phrases", kind), Phrases) for kind in kinds}


def item_in(kind: str, number: int, text: str) -> str:
    """What a text calls the thing asked about ("PR 1874"); "" when it does not say or the kind has no pattern."""
    phrases = library().get(kind)
    pattern = phrases.asks[number - 1].item if phrases and 1 <= number <= len(phrases.asks) else ""
    found = re.search(pattern, text) if pattern else None
    return found.group() if found else ""


def pool(kind: str, number: int, act: Act) -> tuple[str, ...]:
    """The templates written for this ask (`number` from 1) and act; empty when the kind has none of its own."""
    phrases = library().get(kind)
    if phrases is None or not 1 <= number <= len(phrases.asks):
        return ()
    return phrases.asks[number - 1].acts.get(act, ())


@lru_cache(maxsize=1)
def topics() -> Mapping[str, tuple[str, int]]:
    """Topic as coworkers name it -> (event kind, ask number)."""
    return {
        ask.topic: (kind, number)
        for kind, phrases in library().items()
        for number, ask in enumerate(phrases.asks, 1)
        if ask.topic
    }


@lru_cache(maxsize=64)
def _patterns(kind: str, number: int) -> tuple[tuple[Act, re.Pattern[str]], ...]:
    phrases = library().get(kind)
    if phrases is None or not 1 <= number <= len(phrases.asks):
        return ()
    acts = phrases.asks[number - 1].acts
    return tuple((act, _pattern(template)) for act, templates in acts.items() for template in templates)


def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(text) + (".{2,80}?" if slot else "") for text, slot, _, _ in Formatter().parse(template)]
    return re.compile("".join(parts), re.IGNORECASE)


def recognise(kind: str, number: int, text: str) -> Act | None:
    """The act behind a text that was written from these templates; None for any other text."""
    return next((act for act, pattern in _patterns(kind, number) if pattern.search(text)), None)
