"""What one step's rollouts hand to the trainer: rows of token ids, who earned what, and what there is to tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from time import perf_counter
from typing import NamedTuple

from ..world.acts import REFUSES, TAKES
from ..world.fault import Fault
from ..world.nodes import StepOutcome
from ..world.reading import Act
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


class Noted(NamedTuple):
    """How one reply was taken.

    acts: one an ask. needs: what each ask of a canonical event deserves, () where it is of none or hidden from us.
    faults: what went wrong with models in the other seats; None where whoever plays the week does not tell.
    """

    acts: tuple[Act, ...]
    needs: tuple[str, ...]
    repeated: bool
    faults: tuple[Fault, ...] | None


def noted(before: WeekState, reply: str, outcome: StepOutcome) -> Noted:
    """How a reply to this state was taken."""
    event, week = before.event, before.week
    asks = outcome.reading.asks
    canonical = event is not None and bool(week.events[event.kind].at)
    needs = [week.need(f"{event.kind}/{number}") for number in range(1, len(asks) + 1)] if event and canonical else []
    faults = [fault for answer in outcome.answers.values() for fault in answer.faults]
    return Noted(
        tuple(ask.act for ask in asks),
        tuple(needs),
        repeats(reply, before.log) > 0,
        (*outcome.reading.faults, *faults),
    )


@dataclass
class Tally:
    """What a step's decisions add up to. Seconds are of the wall clock.

    faults: by kind, of models in the other seats; stand_ins: how often the scripted coworker had to answer for one;
    untold: replies of which nobody told us the faults.
    """

    generation: float = 0.0
    world: float = 0.0
    tokens: int = 0
    replies: int = 0
    repeated: int = 0
    empty: int = 0
    stand_ins: int = 0
    untold: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    deserved: Counter[tuple[str, str]] = field(default_factory=Counter)
    finals: list[Scores] = field(default_factory=list)
    ended: list[Scores] = field(default_factory=list)
    regrets: list[float] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)

    def note(self, before: WeekState, reply: str, outcome: StepOutcome, tokens: int) -> None:
        """Count one reply and how it was read."""
        self.add(reply, noted(before, reply, outcome), tokens)

    def add(self, reply: str, how: Noted, tokens: int) -> None:
        """Count one reply that was taken so."""
        self.replies += 1
        self.tokens += tokens
        self.empty += not reply.strip()
        self.repeated += how.repeated
        self.acts.update(how.acts)
        for need, act in zip(how.needs, how.acts, strict=False):
            side = "no" if act in REFUSES else "yes" if act in TAKES else "open"
            self.deserved[need, side] += 1
        self.untold += how.faults is None
        for fault in how.faults or ():
            self.faults[fault.kind] += 1
            self.stand_ins += fault.rung == "scripted"

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
