"""Several processes under `accelerate launch`: each rolls out its share of a step, and one of them tells.

Every process holds the whole policy; gradients are averaged by torch's DDP. Needs the training extra once there is more
than one process; until then it knows the environment's variables only.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import os
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ..episodes.errors import RunError, UsageError
from . import checkpoints, metrics
from .batch import Batch, Tally
from .folder import CHECKPOINTS, FINAL, TrainFolder
from .settings import TrainSettings

APART = 7_919
"""Between the random numbers of two processes; training seeds are far smaller."""
SECONDS = frozenset({"generation", "world"})


@dataclass(frozen=True)
class Ranks:
    """This process among those of one run. rank: from 0; of: how many there are."""

    rank: int = 0
    of: int = 1

    @property
    def first(self) -> bool:
        """Whether this process is the one that writes and prints."""
        return self.rank == 0

    def refusal(self, settings: TrainSettings) -> str | None:
        """Why a run cannot be shared like this, in one line; None when it can."""
        if self.of == 1:
            return None
        if settings.backend == "unsloth":
            return f"backend unsloth: one process per run here, {self.of} were launched"
        if settings.decisions:
            # DDP's forward pass, which its hooks need, reads a row as one text.
            return f"credit {settings.credit}: one process per run with context turn, {self.of} were launched"
        if settings.optim.updates > 1:
            # All but the last part of a step run under DDP's `no_sync`: each process would go its own way.
            return f"optim.updates {settings.optim.updates}: one process per run here, {self.of} were launched"
        if settings.weeks_alive % self.of:
            return f"weeks_alive {settings.weeks_alive} cannot be shared by {self.of} processes; --set weeks_alive=N"
        mine = settings.rows // self.of
        if settings.optim.rows_per_pass and mine % min(settings.optim.rows_per_pass, mine):
            return f"optim.rows_per_pass {settings.optim.rows_per_pass} does not divide the {mine} rows of a process"
        return None

    def share(self, settings: TrainSettings) -> TrainSettings:
        """The settings of this process: its part of the live weeks, seeds and random numbers. Raises UsageError."""
        why = self.refusal(settings)
        if why is not None:
            raise UsageError(why)
        if self.of == 1:
            return settings
        weeks, alive = settings.weeks, settings.weeks_alive // self.of
        seeds = max(weeks.seeds // self.of, 1)
        first = weeks.first_seed + min(self.rank * seeds, weeks.seeds - 1)
        passes = min(settings.optim.rows_per_pass, alive * settings.group)
        return settings.model_copy(
            update={
                "seed": settings.seed + APART * self.rank,
                "weeks_alive": alive,
                "weeks": weeks.model_copy(update={"first_seed": first, "seeds": seeds}),
                "optim": settings.optim.model_copy(update={"rows_per_pass": passes}),
            }
        )

    def gathered(self, what: Any) -> list[Any]:  # noqa: ANN401 - anything that pickles
        """What every process has, in order of rank; a meeting point."""
        if self.of == 1:
            return [what]
        from accelerate.utils import gather_object

        return gather_object([what])

    def told(self, batch: Batch) -> Batch:
        """A batch that tells of all processes' replies; its rows stay this one's."""
        if self.of == 1:
            return batch
        parts = self.gathered((batch.rewards, batch.drawn, batch.tally))
        drawn = [value for _, some, _ in parts for value in some or ()]
        rewards = [value for some, _, _ in parts for value in some]
        return Batch(batch.rows, rewards, batch.advantages, summed([tally for *_, tally in parts]), drawn or None)

    def open(self, path: Path, settings: TrainSettings, resume: bool) -> TrainFolder:
        """The run's folder: made by the first process, then joined by the others. Raises as TrainFolder does."""
        if self.of == 1:
            return TrainFolder(path, settings, resume)
        from accelerate import PartialState

        state = PartialState(cpu=settings.device == "cpu")
        made = TrainFolder(path, settings, resume) if self.first else None
        state.wait_for_everyone()
        return made or JoinedFolder(path, resume)

    def leave(self) -> None:
        """Wait for the others and take the processes apart, at the end of a run; does nothing in a run of one.

        Whoever exits while gloo's threads still hold tensors may be aborted by the interpreter's own end.
        """
        if self.of > 1:
            from accelerate import PartialState

            state = PartialState()
            state.wait_for_everyone()
            state.destroy_process_group()


class JoinedFolder(TrainFolder):
    """A run's folder as the other processes see it: another one has opened it, and writes."""

    def __init__(self, path: Path, resume: bool) -> None:
        self.path = path
        self.checkpoints = path / CHECKPOINTS
        self.metrics = path / metrics.METRICS
        self.samples = path / metrics.SAMPLES
        self.final = path / FINAL
        self.torn = []
        self.checkpoint = checkpoints.latest(self.checkpoints) if resume else None


def ranks() -> Ranks:
    """What the launcher says of this process. Raises UsageError for what is no number."""
    try:
        return Ranks(int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1")))
    except ValueError as error:
        raise UsageError(f"RANK and WORLD_SIZE of the environment: {error}") from None


def summed(tallies: list[Tally]) -> Tally:
    """All tallies in one; seconds are the slowest process's."""
    made = Tally()
    for one in fields(Tally):
        values = [getattr(tally, one.name) for tally in tallies]
        total = getattr(made, one.name)
        for value in values:
            total = max(total, value) if one.name in SECONDS else total + value
        setattr(made, one.name, total)
    return made


def pool_of(state: dict[str, Any], who: Ranks) -> dict[str, Any]:
    """This process's live weeks in a checkpoint's state. Raises RunError: written by another number of processes."""
    pools = state["pools"] if "pools" in state else [state["pool"]]
    if len(pools) != who.of:
        raise RunError(f"the checkpoint is of {len(pools)} processes, this run has {who.of}; launch as many")
    return pools[who.rank]
