"""The unit of every benchmark: a fixed loop of plain Python, so that figures of different machines compare."""

from __future__ import annotations

import time

ROUNDS = 600_000
"""Rounds of one loop; about a tenth of a second on one core of a small server."""

EXPECTED = 1_799_078_583
"""What one loop computes: proof that it was run in full, on any machine."""


def loop() -> int:
    """Run the loop once: integer arithmetic, a list, a dict and a string, as ordinary code does. Returns EXPECTED."""
    state, seen, recent = 1, {}, [0] * 64
    for index in range(ROUNDS):
        state = (state * 1_664_525 + 1_013_904_223) & 0xFFFFFFFF
        slot = state >> 26
        recent[slot] = (recent[slot] + index) & 0xFFFF
        if not index % 16:
            seen[str(slot)] = recent[slot]
    return state ^ sum(seen.values())


def seconds(times: int = 5) -> float:
    """CPU seconds (> 0) of the fastest of some loops.

    Args:
        times: loops to run, 1 or more; the fastest is the least disturbed.

    Raises:
        RuntimeError: the loop did not compute what it must.
    """
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        if loop() != EXPECTED:
            raise RuntimeError("the calibration loop computed something else")
        best = min(best, time.process_time() - start)
    return best
