"""A reply as hashed features: words, characters, places of words, outline, relation to the ask. Knows no weights."""

from __future__ import annotations

import zlib
from itertools import accumulate, chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .normal import Normal, normal
from .sketch import sketch
from .spelling import Speller
from .text import lower

HASHED = 50_000
"""Names whose hashes are remembered."""
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
_PLACES = ["first", "last", "turned"]

Codes = NDArray[np.uint64]


class Features(NamedTuple):
    """Bucket numbers (0..DIMENSIONS-1) and the value of each feature: its group's weight / sqrt(size of the group)."""

    buckets: NDArray[np.int64]
    values: NDArray[np.float64]


class _Hashes(dict[str, int]):
    """The hash (32 bit) of each name that was asked for; forgets them all when they are too many."""

    def __missing__(self, name: str) -> int:
        if len(self) >= HASHED:
            self.clear()
        self[name] = found = zlib.crc32(name.encode("utf-8", "replace"))
        return found


_hash = _Hashes().__getitem__


def codes(names: list[str]) -> Codes:
    """The hash (32 bit) of each name."""
    return np.fromiter(map(_hash, names), dtype=np.uint64, count=len(names))


def _runs(found: Codes, longest: int) -> list[Codes]:
    """Hashes of all runs of one to `longest` neighbours, by length."""
    made = [found]
    for length in range(2, min(longest, len(found)) + 1):
        made.append(made[-1][:-1] * _STEP + found[length - 1 :])
    return made


def _characters(lowered: str) -> list[Codes]:
    found = np.frombuffer(f" {lowered} ".encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    return _runs(found, 5)[1:]


def _salted(groups: list[list[Codes]], salts: list[str]) -> Codes:
    """The hashes of some groups as they count in one place each, or for one kind of event."""
    sizes = [sum(map(len, runs)) for runs in groups]
    return np.concatenate([run for runs in groups for run in runs]) * _STEP + np.repeat(codes(salts), sizes)


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
        [_salted([_runs(first, 2), _runs(last, 2), _runs(turned, 2)], _PLACES)],
        [*outlines, gists],
        [stands],
        [_salted([[*pairs, *outlines[:2]]], [f"kind {kind}"])] if kind else [],
    )
    sizes = [sum(map(len, group)) for group in groups]
    hashes = np.concatenate([run for group in groups for run in group])
    hashes *= _MIX
    hashes >>= _SHIFT
    buckets = hashes.view(np.int64)
    buckets += np.repeat(_OFFSETS, sizes)
    values = [weight / size**0.5 if size else 0.0 for weight, size in zip(WEIGHTS, sizes, strict=True)]
    return Features(buckets, np.repeat(values, sizes))
