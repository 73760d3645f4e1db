"""The record of a week: the only source for scores, replay, statistics and what-ifs. Reads no world state.

One `WeekRecord` is one line of `weeks.jsonl`; nothing recomputes what stands in it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from ..world.frozen import SCHEMA, Frozen
from ..world.observation import Observation
from ..world.ports import Answer, Fault
from ..world.reading import Reading
from .canaries import Canaries

End = Literal["friday", "burnout", "truncated", "error"]
DECIMALS = 6
JUDGE = "judge"
"""Who a judge is in the fault ledger."""


def _is_none(value: object) -> bool:
    return value is None


class Start(Frozen):
    """Where the week began: the whole state, and the five scores (each 0..1) that rewards count from."""

    state: dict[str, Any]
    scores: dict[str, float]


class Versions(Frozen):
    """What the scores depend on; two runs compare only when rubric, reader and world agree. judge: moves no score."""

    package: str
    rubric: str
    reader: str
    world: str
    judge: Annotated[str | None, Field(exclude_if=_is_none)] = None


class JudgeNote(Frozen):
    """What a judge outside the world made of one reply, beside the world's own note on it, both 0..1.

    score: None when the judge failed. local: what the reply earned for communication quality; None where it earned
    nothing either way, as an answer to an event of no canonical thread. sides: the judge's own notches, 0..4 each.
    """

    score: float | None
    local: float | None
    sides: dict[str, int] | None = None


class StepRecord(Frozen):
    """One decision: what Arjun saw and wrote, how it was read and answered, and what it changed.

    deltas is state path -> (before, after); scores are five of 0..1 after the step; reward is the change of total.
    judge: left out of JSON in a run without one; it is in no score.
    """

    event: str
    observation: Observation
    reply: str
    reading: Reading
    answers: dict[str, Answer]
    deltas: dict[str, tuple[Any, Any]]
    spawned: tuple[str, ...]
    scores: dict[str, float]
    total: float
    reward: float
    canaries: Canaries
    faults: tuple[Fault, ...] = ()
    regret: float | None = None
    judge: Annotated[JudgeNote | None, Field(exclude_if=_is_none)] = None


class WeekRecord(Frozen):
    """One week. facts are hidden from every protagonist. error says what stopped a week that ended in "error"."""

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    episode_id: str
    seed: int
    split: str
    scenario: str
    facts: dict[str, str]
    policy: str
    personas: dict[str, str]
    coworkers: dict[str, str]
    versions: Versions
    start: Start
    steps: tuple[StepRecord, ...]
    unreached: tuple[str, ...]
    end: End
    evenings: tuple[float, ...]
    scores: dict[str, float]
    total: float
    v_star: dict[str, Any] | None = None
    error: str | None = None

    @property
    def trust(self) -> dict[str, float]:
        """Everyone's trust at the end, 0..1."""
        return {who: float(self._last(f"trust.{who}", mind[0])) for who, mind in self.start.state["minds"].items()}

    @property
    def delivered(self) -> bool:
        """Whether the sprint was delivered."""
        return bool(self._last("sprint.delivered", False))

    @property
    def faulted(self) -> bool:
        """Whether a model failed somewhere in this week, or the week itself did; a judge plays no part in it."""
        return self.end == "error" or any(fault.who != JUDGE for step in self.steps for fault in step.faults)

    def _last(self, path: str, opening: Any) -> Any:  # noqa: ANN401 - any gauge of a state
        """What a gauge came to: the last change on record, else how it stood at the start."""
        return next((step.deltas[path][1] for step in reversed(self.steps) if path in step.deltas), opening)

    def line(self) -> str:
        """The week as one line of JSON without its newline, floats rounded to 6 places."""
        plain = rounded(self.model_dump(mode="json", by_alias=True))
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))


def rounded(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """A JSON-plain value with every float rounded to 6 places."""
    if isinstance(value, float):
        return round(value, DECIMALS)
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(inner) for inner in value]
    return value
