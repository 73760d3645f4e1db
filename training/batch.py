"""What one step's rollouts hand to the trainer: rows of token ids, who earned what, and what there is to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

from ..world.acts import REFUSES, TAKES
from ..world.nodes import StepOutcome
from ..world.repeats import repeats
from ..world.scoring import Scores
from ..world.state import WeekState
from .credit import Floats


class Row(NamedTuple):
    """One row as TRL wants it. mask: 1 where the policy wrote, None when it wrote all of the completion."""

    prompt: list[int]
    completion: list[int]
    logprobs: list[float]
    mask: list[int] | None = None


@dataclass
class Batch:
    """One step. advantages: one number a row, or one a completion token; rewards: one number a row.

    drawn: the rewards of all replies, when rows were chosen from more of them.
    """

    rows: list[Row]
    rewards: list[float]
    advantages: list[Floats] | Floats
    tally: Tally
    drawn: list[float] | None = None


class Sample(NamedTuple):
    """One decision for people to read."""

    episode: str
    event: str
    seen: str
    reply: str
    acts: tuple[str, ...]
    reward: float


@dataclass
class Tally:
    """What a step's decisions add up to. Seconds are of the wall clock."""

    generation: float = 0.0
    world: float = 0.0
    tokens: int = 0
    replies: int = 0
    repeated: int = 0
    empty: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    deserved: Counter[tuple[str, str]] = field(default_factory=Counter)
    finals: list[Scores] = field(default_factory=list)
    ended: list[Scores] = field(default_factory=list)
    regrets: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def note(self, before: WeekState, reply: str, outcome: StepOutcome, tokens: int) -> None:
        """Count one reply and how it was read."""
        self.replies += 1
        self.tokens += tokens
        self.empty += not reply.strip()
        self.repeated += repeats(reply, before.log) > 0
        event = before.event
        canonical = event is not None and bool(before.week.events[event.kind].at)
        for number, ask in enumerate(outcome.reading.asks, 1):
            self.acts[ask.act] += 1
            if canonical and event is not None:
                side = "no" if ask.act in REFUSES else "yes" if ask.act in TAKES else "open"
                self.deserved[before.week.need(f"{event.kind}/{number}"), side] += 1

    def share(self, need: str, side: str) -> float | None:
        """Share of canonical asks of a need (light, real) that got this side (no, yes); None without any."""
        total = sum(count for (what, _), count in self.deserved.items() if what == need)
        return self.deserved[need, side] / total if total else None


class Stopwatch:
    """Adds the seconds of a `with` block to a field of a tally."""

    def __init__(self, tally: Tally, phase: str) -> None:
        self._tally = tally
        self._phase = phase

    def __enter__(self) -> None:
        self._from = perf_counter()

    def __exit__(self, *_: object) -> None:
        setattr(self._tally, self._phase, getattr(self._tally, self._phase) + perf_counter() - self._from)


def mean_scores(found: Sequence[Scores]) -> Scores | None:
    """The mean of each component; None of none."""
    if not found:
        return None
    return Scores(*(sum(part) / len(found) for part in zip(*found, strict=True)))
