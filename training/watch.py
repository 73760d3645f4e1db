"""What may end a run before its last step: a collapse, or somebody's wish. Knows no torch."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from types import FrameType
from typing import Any

from .settings import StopSettings


class Collapse:
    """Counts steps in a row on which the policy looks collapsed; `why` says so once there are `patience` of them."""

    def __init__(self, limits: StopSettings) -> None:
        self._limits = limits
        self._row = 0
        self.why: str | None = None

    def see(self, line: Mapping[str, Any]) -> None:
        """Look at one step's metrics."""
        limits = self._limits
        entropy = line.get("entropy")
        signs = []
        if entropy is not None and entropy < limits.entropy:
            signs.append(f"entropy {entropy:.3f} < {limits.entropy}")
        if line["unclear"] > limits.unclear:
            signs.append(f"unclear {line['unclear']:.2f} > {limits.unclear}")
        if line["repeats"] > limits.repeats:
            signs.append(f"repeats {line['repeats']:.2f} > {limits.repeats}")
        self._row = self._row + 1 if signs else 0
        if self._row >= limits.patience:
            self.why = f"collapsed: {', '.join(signs)} for {self._row} steps"


class StopSign:
    """SIGTERM and SIGINT as a wish: the step is finished and a checkpoint written; a second one stops at once."""

    def __init__(self) -> None:
        self.wanted = False
        self._before: dict[int, Any] = {}

    def __enter__(self) -> StopSign:
        for number in (signal.SIGTERM, signal.SIGINT):
            self._before[number] = signal.signal(number, self._heard)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if self.wanted:
            raise KeyboardInterrupt
        self.wanted = True
