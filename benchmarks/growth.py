"""Whether memory stays flat: what stays allocated after many rounds of the same work, once caches are full."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable

MOST_BLOCKS = 5_000
"""Growth that passes as noise, in Python memory blocks: one leaked object a week would show ten thousand times."""


def blocks() -> int:
    """Blocks of memory that Python objects hold just now."""
    gc.collect()
    return sys.getallocatedblocks()


def flat(work: Callable[[int], object], warm_up: int, rounds: int) -> None:
    """Do `work(number)` for `warm_up` rounds, then for `rounds` more, which may not leave anything behind.

    Raises:
        RuntimeError: more than MOST_BLOCKS blocks stayed.
    """
    for number in range(warm_up):
        work(number)
    before = blocks()
    for number in range(warm_up, warm_up + rounds):
        work(number)
    grown = blocks() - before
    if grown > MOST_BLOCKS:
        raise RuntimeError(f"memory grew by {grown} blocks in {rounds} rounds, {MOST_BLOCKS} are noise")
