"""The weeks as OpenEnv tasks: three splits of 100,000, each task a seed. Says nothing of what is in a week."""

from __future__ import annotations

from ..world.frozen import Frozen
from ..world.generator import FIRST_SEED, SEEDS_A_SPLIT
from ..world.scenario import SPLITS, Split
from .errors import WireError

PREVIEW = 100
"""Tasks that `list_tasks` shows; `num_tasks` says how many there are."""
MOST = 1000
"""Tasks of one range."""


class SplitInfo(Frozen):
    """A split as OpenEnv lists it."""

    name: str
    type: str


class TaskSpec(Frozen):
    """One week: reset with its split and index, or with its seed."""

    id: str
    split: str
    index: int
    seed: int


class WeekTasks:
    """OpenEnv's `TaskProvider`, to be mixed into the environment."""

    def list_splits(self) -> list[SplitInfo]:
        """The three splits; disjoint in seeds, wordings and combinations of facts."""
        return [SplitInfo(name=name, type=name) for name in SPLITS]

    def num_tasks(self, split: str) -> int:
        """How many weeks a split has. Raises WireError for an unknown one."""
        _known(split)
        return SEEDS_A_SPLIT

    def list_tasks(self, split: str) -> list[TaskSpec]:
        """The first weeks of a split, as a preview. Raises WireError for an unknown one."""
        return self.get_task_range(split, 0, PREVIEW)

    def get_task(self, split: str, index: int) -> TaskSpec:
        """One week. Raises WireError for an unknown split, IndexError outside it."""
        name = _known(split)
        if not 0 <= index < SEEDS_A_SPLIT:
            raise IndexError(f"split {split!r} has weeks 0..{SEEDS_A_SPLIT - 1}, not {index}")
        return TaskSpec(id=f"{name}-{index}", split=name, index=index, seed=FIRST_SEED[name] + index)

    def get_task_range(self, split: str, start: int | None = None, stop: int | None = None) -> list[TaskSpec]:
        """The weeks of a slice. Raises WireError for an unknown split and for more than 1000 weeks at once."""
        wanted = range(SEEDS_A_SPLIT)[slice(start, stop)]
        if len(wanted) > MOST:
            raise WireError(f"at most {MOST} tasks at once, not {len(wanted)}")
        return [self.get_task(split, index) for index in wanted]


def _known(split: str) -> Split:
    for name in SPLITS:
        if name == split:
            return name
    raise WireError(f"unknown split {split!r}; known: {', '.join(SPLITS)}")
