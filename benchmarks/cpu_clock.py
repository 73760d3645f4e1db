"""An event loop whose clock is the CPU time of this process plus all waiting: timings that neighbours do not touch.

Sockets are real, and everything on them must live in this process: where nothing is ready, the clock jumps to the next
timer. What runs in it takes as long as it would on a core of its own.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Mapping
from typing import Any

SETTLE_S = 0.0005
"""Real seconds that data on a loopback socket is given to arrive before the clock jumps."""


class _Jumping(selectors.BaseSelector):
    """A selector that skips idle time instead of sleeping through it."""

    def __init__(self) -> None:
        self.skipped = 0.0
        self._inner = selectors.DefaultSelector()

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401
        """As the inner selector's."""
        return self._inner.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:  # noqa: ANN401
        """As the inner selector's."""
        return self._inner.unregister(fileobj)

    def modify(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:  # noqa: ANN401
        """As the inner selector's."""
        return self._inner.modify(fileobj, events, data)

    def close(self) -> None:
        """As the inner selector's."""
        self._inner.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        """As the inner selector's."""
        return self._inner.get_map()

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready; when nothing is, `timeout` has passed in no time."""
        ready = self._inner.select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        ready = self._inner.select(SETTLE_S if timeout is not None else None)
        if not ready and timeout is not None:
            self.skipped += timeout
        return ready


class CpuClockLoop(asyncio.SelectorEventLoop):
    """The event loop. `time()` is CPU seconds plus skipped ones."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds."""
        return time.process_time() + self._jumping.skipped


class CpuClockPolicy(asyncio.DefaultEventLoopPolicy):
    """Makes `asyncio.run` use such a loop; `begun` is called with each new one."""

    def __init__(self, begun: Callable[[CpuClockLoop], None]) -> None:
        super().__init__()
        self._begun = begun

    def new_event_loop(self) -> asyncio.AbstractEventLoop:
        """A loop with the clock of CPU time."""
        loop = CpuClockLoop()
        self._begun(loop)
        return loop
