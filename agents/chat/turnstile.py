"""Answers that come together go on one at a time. Knows no calls.

asyncio takes everybody who is ready one step further, then everybody the next. When a server answers many calls at
once, as batching ones do, all answers would be worked on side by side and the first next call leave when the last is
nearly done: the wave stays a wave, and the server idles for as long as the work on all of it takes.
"""

from __future__ import annotations

import asyncio

STEPS = 8
"""Turns of the event loop that an answer has to lead to the next call on the wire. With 2 to 14 of them 64 weeks in
flight were equally fast (`benchmarks/llm_in_flight.py`), and a sixth slower with none."""


class Turnstile:
    """Lets one through, and the next a few turns of the event loop later. Belongs to one event loop."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    async def through(self) -> None:
        """Wait for one's turn, in order of arrival."""
        await self._lock.acquire()
        self._reopen(STEPS)

    def _reopen(self, steps: int) -> None:
        if steps:
            asyncio.get_running_loop().call_soon(self._reopen, steps - 1)
        else:
            self._lock.release()
