"""A reply as hashed features: words, characters and concepts. Numpy only; knows no weights."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .lexicon import concepts
from .text import lower, tokens

BITS = 15
SIZE = 1 << BITS
"""Buckets of one feature group."""
GROUPS = 4
DIMENSIONS = GROUPS * SIZE
"""Words, characters, concepts, and concepts joined with the kind of event."""
WEIGHTS = (1.0, 1.2, 1.6, 0.7)
"""How much each group counts; chosen by held-out voices."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1000003)
_SHIFT = np.uint64(64 - BITS)

_YES = re.compile(
    r"\b(?:can'?t|cannot|can not|won'?t|wouldn'?t|couldn'?t|could not|would not)"
    r"(?: really| possibly)? (?:say no|refuse|not do it)\b"
)
"""A no to a no, which word counts would take for a no."""


class Features(NamedTuple):
    """Bucket numbers (0..DIMENSIONS-1) of each group; a group's features share one value, WEIGHTS / sqrt(count)."""

    groups: tuple[NDArray[np.int64], ...]

    def values(self) -> tuple[float, ...]:
        """The value that every feature of a group has."""
        return tuple(weight / max(len(group), 1) ** 0.5 for weight, group in zip(WEIGHTS, self.groups, strict=True))


@lru_cache(maxsize=20_000)
def _code(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "replace"))


def _buckets(codes: NDArray[np.uint64], group: int) -> NDArray[np.int64]:
    return ((codes * _MIX) >> _SHIFT).astype(np.int64) + group * SIZE


def _words(words: list[str]) -> NDArray[np.int64]:
    codes = np.array([_code(word) for word in ("<s>", *words, "</s>")], dtype=np.uint64)
    pairs = codes[:-1] * _STEP + codes[1:]
    triples = pairs[:-1] * _STEP + codes[2:]
    return _buckets(np.concatenate((codes, pairs, triples)), 0)


def _characters(lowered: str) -> NDArray[np.int64]:
    codes = np.frombuffer(f" {lowered} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < 5:
        return np.empty(0, dtype=np.int64)
    pairs = codes[:-1] * _STEP + codes[1:]
    three = pairs[:-1] * _STEP + codes[2:]
    four = three[:-1] * _STEP + codes[3:]
    five = four[:-1] * _STEP + codes[4:]
    return _buckets(np.concatenate((three, four, five)), 1)


def word_codes(words: list[str]) -> list[int]:
    """The hash (32 bit) of each word."""
    return [_code(word) for word in words]


def features(part: str, kind: str) -> Features:
    """Features of one part of a cleaned reply; `kind` is the kind of event ("" when unknown)."""
    lowered = _YES.sub("gladly yes", lower(part))
    words = tokens(lowered)
    names = concepts(words)
    found = np.array([_code(name) for name in names], dtype=np.uint64)
    joined = np.array([_code(f"{kind}/{name}") for name in names], dtype=np.uint64) if kind else found[:0]
    return Features((_words(words), _characters(lowered), _buckets(found, 2), _buckets(joined, 3)))
