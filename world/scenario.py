"""The recipe of a week as data: cast, facts that vary, events with their asks, and what they are worded with.

Schema of `configs/scenarios/*.yaml` and `configs/wordings/*.yaml`. No expressions: `refuse_when` is fact -> values.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from .clock import FRIDAY, MinuteOfDay
from .frozen import Frozen
from .reading import Act

Split = Literal["train", "validation", "test"]
Need = Literal["real", "light"]
"""How much the person behind an ask depends on it this week."""
SPLITS: tuple[Split, ...] = ("train", "validation", "test")
Minutes = Annotated[int, Field(ge=0, le=2400)]
Day = Annotated[int, Field(ge=0, le=FRIDAY)]


class FactSpec(Frozen):
    """A hidden fact of the week: its two values, and whether flipping it makes a twin."""

    values: tuple[str, str]
    twin: bool = True


class Slot(Frozen):
    """When a canonical event can come: a day (0..4), a minute of it, and the jitter either way in minutes."""

    day: Day
    minute: MinuteOfDay
    jitter: Minutes = 0


class BestActs(Frozen):
    """The acts that suit an ask in kind, best first: when the need is real, and when it is light."""

    real: tuple[Act, ...]
    light: tuple[Act, ...] = ()


class AskSpec(Frozen):
    """One ask: what taking it on costs, which rule carries its effect, and when it deserves a no.

    minutes is the work when the need is real, light_minutes when it is not; due_minutes is how long after the event
    it is wanted; owner is the person who could take it over when it deserves a no; need is
    how real it is when no fact of `refuse_when` says that it is light.
    """

    id: Annotated[int, Field(ge=1)]
    sender: str
    topic: str
    what: str
    minutes: Minutes = 0
    light_minutes: Minutes | None = None
    due_minutes: Minutes = 480
    effect: str
    owner: str | None = None
    need: Need = "real"
    refuse_when: dict[str, tuple[str, ...]] = {}
    best: BestActs


class EventSpec(Frozen):
    """One kind of event. Canonical ones have `at` (one slot is drawn); spawned ones come from consequences."""

    kind: str
    source: str
    sender: str | None = None
    at: tuple[Slot, ...] = ()
    asks: tuple[AskSpec, ...]
    wordings: str | None = None
    most: Annotated[int, Field(ge=1)] = 4

    @model_validator(mode="after")
    def _one_ask_a_person(self) -> EventSpec:
        senders = [ask.sender for ask in self.asks]
        if len(set(senders)) != len(senders):
            raise ValueError(f"event {self.kind!r} has two asks of one person; give each its own event")
        if [ask.id for ask in self.asks] != list(range(1, len(self.asks) + 1)):
            raise ValueError(f"event {self.kind!r}: ask ids must count 1, 2, ...")
        return self


class SprintSpec(Frozen):
    """How full the sprint is: minutes of slack that the right choices leave until the Friday demo, [low, high]."""

    slack_minutes: tuple[Minutes, Minutes]


class Holdout(Frozen):
    """Combinations of facts that only one split has; every week of validation and test matches one of its own."""

    validation: tuple[dict[str, str], ...] = ()
    test: tuple[dict[str, str], ...] = ()


class Scenario(Frozen):
    """A whole scenario file. `refusals` is how many asks of a week deserve a no, [least, most]."""

    schema_: Literal[1] = Field(alias="schema")
    id: str
    title: str
    cast: tuple[str, ...]
    sprint: SprintSpec
    facts: dict[str, FactSpec]
    refusals: tuple[int, int]
    holdout: Holdout = Holdout()
    events: tuple[EventSpec, ...]

    @model_validator(mode="after")
    def _names_exist(self) -> Scenario:
        kinds = [event.kind for event in self.events]
        if len(set(kinds)) != len(kinds):
            raise ValueError(f"an event kind is listed twice: {sorted(k for k in kinds if kinds.count(k) > 1)[0]}")
        for event in self.events:
            for ask in event.asks:
                if ask.owner is not None and ask.owner not in self.cast:
                    raise ValueError(f"{event.kind}/{ask.id}: owner {ask.owner!r} is not in the cast {list(self.cast)}")
                if ask.sender not in self.cast and ask.sender != "*":
                    raise ValueError(
                        f"{event.kind}/{ask.id}: sender {ask.sender!r} is not in the cast {list(self.cast)}"
                    )
                for fact, values in ask.refuse_when.items():
                    self._check_fact(f"{event.kind}/{ask.id}: refuse_when", fact, values)
        for split in ("validation", "test"):
            for combo in getattr(self.holdout, split):
                for fact, value in combo.items():
                    self._check_fact(f"holdout.{split}", fact, (value,))
        return self

    def _check_fact(self, where: str, fact: str, values: tuple[str, ...]) -> None:
        if fact not in self.facts:
            raise ValueError(f"{where}: unknown fact {fact!r}; facts are {sorted(self.facts)}")
        for value in values:
            if value not in self.facts[fact].values:
                raise ValueError(f"{where}: {fact} has no value {value!r}; values are {list(self.facts[fact].values)}")


class Pool(Frozen):
    """Interchangeable sentences, one pool a split, so that a policy is tested on wordings it never saw."""

    train: tuple[str, ...] = ("",)
    validation: tuple[str, ...] = ("",)
    test: tuple[str, ...] = ("",)

    def of(self, split: Split) -> tuple[str, ...]:
        """The sentences of one split."""
        return getattr(self, split)


class Message(Frozen):
    """One line of an event's body: who says it, the facts it gives evidence of, and its frame."""

    who: str
    facts: tuple[str, ...] = ()
    open: Pool = Pool()
    want: Pool = Pool()
    close: Pool = Pool()


class Wordings(Frozen):
    """All words of one event kind: `facts` is fact -> value -> pool of clauses, two of which go into a message."""

    schema_: Literal[1] = Field(alias="schema")
    kind: str
    subject: tuple[str, ...]
    slots: dict[str, tuple[str, ...]] = {}
    messages: tuple[Message, ...]
    facts: dict[str, dict[str, Pool]] = {}
