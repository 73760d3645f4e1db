"""Keyed luck: every draw is named by (seed, event id, purpose), so decisions never shift another draw.

Two weeks with one seed share their luck even when their decisions differ (common random numbers).
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
_SCALE = 2.0**-64


def draw(seed: int, event_id: str, purpose: str) -> float:
    """One uniform number in [0, 1) that depends on the three keys and on nothing else."""
    key = f"{seed}|{event_id}|{purpose}".encode()
    return int.from_bytes(blake2b(key, digest_size=8).digest(), "big") * _SCALE


class Luck:
    """A stream of draws for one purpose: the n-th draw is keyed by (seed, event id, purpose#n)."""

    __slots__ = ("_count", "_event_id", "_purpose", "_seed")

    def __init__(self, seed: int, event_id: str, purpose: str) -> None:
        self._seed = seed
        self._event_id = event_id
        self._purpose = purpose
        self._count = 0

    def uniform(self, low: float = 0.0, high: float = 1.0) -> float:
        """The next number in [low, high)."""
        self._count += 1
        return low + (high - low) * draw(self._seed, self._event_id, f"{self._purpose}#{self._count}")

    def index(self, size: int) -> int:
        """The next whole number in 0..size-1. Raises ValueError when size < 1."""
        if size < 1:
            raise ValueError("cannot draw an index from nothing")
        return min(int(self.uniform() * size), size - 1)

    def choice(self, items: Sequence[T]) -> T:
        """One of the items. Raises ValueError when there are none."""
        return items[self.index(len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items (fewer when there are not so many) in a drawn order (Fisher-Yates, cut short)."""
        out = list(items)
        count = min(count, len(out))
        for place in range(count):
            other = place + self.index(len(out) - place)
            out[place], out[other] = out[other], out[place]
        return out[:count]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """All items in a drawn order."""
        return self.sample(items, len(items))


def rng(seed: int, event_id: str, purpose: str) -> Luck:
    """The stream of draws for one purpose at one event."""
    return Luck(seed, event_id, purpose)
