"""What a benchmark hands to the runner: a piece of work, how much it is, and the bar it must hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple


class Work(NamedTuple):
    """A piece of work, set up and ready to run.

    run: does the work once; called several times, so it must not use itself up. units: how many things one run does
    (> 0). unit: what such a thing is, in the singular. at_most: the bar, CPU seconds a unit (None: not judged).
    repeats: how often it is run, the fastest run counts; 1 where a run is long enough to be steady.
    """

    run: Callable[[], object]
    units: int
    unit: str
    at_most: float | None = None
    repeats: int = 3
