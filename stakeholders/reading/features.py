"""A reply as hashed features: words, characters, places of words, outline, relation to the ask. Knows no weights."""

from __future__ import annotations

import zlib
from functools import lru_cache
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .normal import Normal, normal
from .sketch import sketch
from .spelling import Speller
from .text import lower

BITS = 15
SIZE = 1 << BITS
"""Buckets of one feature group."""
GROUPS = ("words", "characters", "places", "outline", "relation", "kind")
DIMENSIONS = len(GROUPS) * SIZE
WEIGHTS = (1.0, 0.84, 0.77, 0.55, 0.55, 0.45)
"""How much each group counts; chosen by held-out voices and asks."""

_MIX = np.uint64(0x9E3779B97F4A7C15)
_STEP = np.uint64(1000003)
_SHIFT = np.uint64(64 - BITS)
_OFFSETS = np.arange(len(GROUPS), dtype=np.int64) * SIZE
_EMPTY = np.empty(0, dtype=np.uint64)

Codes = NDArray[np.uint64]


class Features(NamedTuple):
    """Bucket numbers (0..DIMENSIONS-1) and the value of each feature: its group's weight / sqrt(size of the group)."""

    buckets: NDArray[np.int64]
    values: NDArray[np.float64]


@lru_cache(maxsize=50_000)
def _code(name: str) -> int:
    return zlib.crc32(name.encode("utf-8", "replace"))


def codes(names: list[str]) -> Codes:
    """The hash (32 bit) of each name."""
    return np.fromiter(map(_code, names), dtype=np.uint64, count=len(names))


def _runs(found: Codes, longest: int) -> Codes:
    """Hashes of all runs of one to `longest` neighbours."""
    runs, made = found, [found]
    for length in range(2, longest + 1):
        if len(found) < length:
            break
        runs = runs[:-1] * _STEP + found[length - 1 :]
        made.append(runs)
    return np.concatenate(made)


def _characters(lowered: str) -> Codes:
    found = np.frombuffer(f" {lowered} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return _runs(found, 5)[len(found) :]


def _placed(found: Codes, place: str) -> Codes:
    return _runs(found, 2) * _STEP + np.uint64(_code(place)) if len(found) else _EMPTY


def _kinded(kind: str, words: Codes, outline: Codes) -> Codes:
    """The hashes of words and outline, each alone and in pairs, for one kind of event; none for no kind."""
    if not kind:
        return _EMPTY
    return np.concatenate((words, outline)) * _STEP + np.uint64(_code(f"kind {kind}"))


def _hashed(*lists: list[str]) -> list[Codes]:
    """The hashes of several lists, in one go."""
    found = codes(list(chain.from_iterable(lists)))
    ends = accumulate(map(len, lists))
    return [found[end - len(each) : end] for each, end in zip(lists, ends, strict=True)]


def features(part: str, kind: str, relation: tuple[str, ...], speller: Speller) -> Features:
    """Features of one part of a cleaned reply; `kind` is the kind of event ("" when unknown)."""
    lowered = lower(part)
    return described(normal(lowered, speller), lowered, kind, relation)


def described(found: Normal, lowered: str, kind: str, relation: tuple[str, ...]) -> Features:
    """Features of a part whose normal form is known."""
    words, outline, first, last, turned, gists, stands = _hashed(
        ["<s>", *found.words, "</s>"],
        ["^", *(name for name in found.classes if name not in ".,"), "$"],
        found.first,
        found.last,
        found.turned,
        sketch(found.classes, len(found.words)),
        list(relation),
    )
    pairs, outlines = _runs(words, 2), _runs(outline, 4)
    groups = (
        pairs,
        _characters(lowered),
        np.concatenate((_placed(first, "first"), _placed(last, "last"), _placed(turned, "turned"))),
        np.concatenate((outlines, gists)),
        stands,
        _kinded(kind, pairs, outlines[: 2 * len(outline) - 1]),
    )
    sizes = [len(group) for group in groups]
    buckets = ((np.concatenate(groups) * _MIX) >> _SHIFT).view(np.int64) + np.repeat(_OFFSETS, sizes)
    return Features(
        buckets,
        np.repeat([weight / size**0.5 if size else 0.0 for weight, size in zip(WEIGHTS, sizes, strict=True)], sizes),
    )
