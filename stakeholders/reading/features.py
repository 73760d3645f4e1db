"""A reply as hashed features: words, characters, places of words, outline, relation to the ask. Knows no weights."""

from __future__ import annotations

import zlib
from itertools import chain, pairwise
from typing import NamedTuple, TypeVar

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

_MIX, _STEP = 0x9E3779B97F4A7C15, 1000003
_SHIFT = np.uint64(64 - BITS)
_WORD = (1 << 64) - 1


class _Piece(NamedTuple):
    """Runs of one length of a list of names or of the characters; counted apart where there is a salt."""

    names: int
    length: int
    group: int
    salt: str = ""


_WORDS, _OUTLINE, _FIRST, _LAST, _TURNED, _GISTS, _STANDS, _CHARACTERS = range(8)
_PAIRS = (1, 2)
_PIECES = (
    *(_Piece(_WORDS, length, 0) for length in _PAIRS),
    *(_Piece(_CHARACTERS, length, 1) for length in (2, 3, 4, 5)),
    *(_Piece(_FIRST, length, 2, "first") for length in _PAIRS),
    *(_Piece(_LAST, length, 2, "last") for length in _PAIRS),
    *(_Piece(_TURNED, length, 2, "turned") for length in _PAIRS),
    *(_Piece(_OUTLINE, length, 3) for length in (1, 2, 3, 4)),
    _Piece(_GISTS, 1, 3),
    _Piece(_STANDS, 1, 4),
)
"""What is counted for every event."""
_BY_KIND = tuple(_Piece(names, length, 5) for names in (_WORDS, _OUTLINE) for length in _PAIRS)
"""What is counted once more for the kind of event, where that is known."""

Codes = NDArray[np.uint64]
Number = TypeVar("Number", np.uint64, np.int64)


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


_ALL = (*_PIECES, *_BY_KIND)
_LISTS = np.array([piece.names for piece in _ALL])
_LESS = np.array([piece.length - 1 for piece in _ALL])
_RUNS = np.array([piece.length - 1 + 4 * (piece.names == _CHARACTERS) for piece in _ALL])
_GROUP_STARTS = [[piece.group for piece in _ALL].index(group) for group in range(len(GROUPS))]
_OFFSETS = np.arange(len(GROUPS), dtype=np.int64) * SIZE
_FACTORS = np.array(
    [_MIX * (_STEP if piece.salt or piece in _BY_KIND else 1) & _WORD for piece in _ALL], dtype=np.uint64
)
_SALTS = np.array([_hash(piece.salt) * _MIX & _WORD if piece.salt else 0 for piece in _ALL], dtype=np.uint64)


class Seen(NamedTuple):
    """A part to be described: its normal form and lower case, the kind of event ("" when unknown), its relation."""

    normal: Normal
    lowered: str
    kind: str
    relation: tuple[str, ...]


def _runs(found: Codes, longest: int) -> list[Codes]:
    """Hashes of all runs of one to `longest` neighbours, by length; each starts where the shorter one starts."""
    made = [found]
    for length in range(1, longest):
        others = found[length:]
        made.append(made[-1][: len(others)] * np.uint64(_STEP) + others)
    return made


def _names(seen: Seen) -> list[list[str]]:
    """The names that runs are made of, in the order of their numbers."""
    found = seen.normal
    return [
        ["<s>", *found.words, "</s>"],
        ["^", *(name for name in found.classes if name not in ".,"), "$"],
        found.first,
        found.last,
        found.turned,
        sketch(found.classes, len(found.words)),
        list(seen.relation),
    ]


def features(part: str, kind: str, relation: tuple[str, ...], speller: Speller) -> Features:
    """Features of one part of a cleaned reply; `kind` is the kind of event ("" when unknown)."""
    lowered = lower(part)
    return described([Seen(normal(lowered, speller), lowered, kind, relation)])[0]


def described(parts: list[Seen]) -> list[Features]:
    """Features of parts, in order; together, because numpy takes its time to start, however little there is to do."""
    if not parts:
        return []
    names = [each for seen in parts for each in _names(seen)]
    texts = [f" {seen.lowered} " for seen in parts]
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    runs = [*_runs(codes([*chain.from_iterable(names)]), 4), *_runs(letters, 5)]
    sizes = np.empty((len(parts), _CHARACTERS + 1), dtype=np.int64)
    sizes[:, :_CHARACTERS] = np.array([*map(len, names)]).reshape(len(parts), _CHARACTERS)
    sizes[:, _CHARACTERS] = [*map(len, texts)]
    return _counted(runs, sizes, [seen.kind for seen in parts])


def _counted(runs: list[Codes], lengths: NDArray[np.int64], kinds: list[str]) -> list[Features]:
    """The features of parts whose lists are so long (parts x lists), from the hashes of runs of names and letters."""
    starts = np.empty_like(lengths)
    named = lengths[:, :_CHARACTERS].ravel()
    starts[:, :_CHARACTERS] = (named.cumsum() - named).reshape(len(kinds), _CHARACTERS)
    starts[:, _CHARACTERS] = lengths[:, _CHARACTERS].cumsum() - lengths[:, _CHARACTERS]
    ends = np.array([*map(len, runs)]).cumsum()
    sizes = np.maximum(lengths[:, _LISTS] - _LESS, 0)
    if "" in kinds:
        sizes[[not kind for kind in kinds], len(_PIECES) :] = 0
    flat = sizes.ravel()
    first = (starts[:, _LISTS] + np.concatenate(([0], ends))[_RUNS]).ravel()
    past = flat.cumsum()
    hashes = np.concatenate(runs).take((first - (past - flat)).repeat(flat) + np.arange(past[-1]))
    hashes *= _for_each(_FACTORS, kinds).ravel().repeat(flat)
    hashes += _salts(kinds).repeat(flat)
    hashes >>= _SHIFT
    buckets = hashes.view(np.int64)
    totals = np.add.reduceat(sizes, _GROUP_STARTS, axis=1)
    buckets += _for_each(_OFFSETS, kinds).ravel().repeat(totals.ravel())
    weights = [w / t**0.5 if t else 0.0 for row in totals.tolist() for w, t in zip(WEIGHTS, row, strict=True)]
    values = np.array(weights).repeat(totals.ravel())
    cuts = [0, *totals.sum(axis=1).cumsum().tolist()]
    return [Features(buckets[start:end], values[start:end]) for start, end in pairwise(cuts)]


def _for_each(row: NDArray[Number], kinds: list[str]) -> NDArray[Number]:
    """The row once for each part."""
    return row[np.newaxis].repeat(len(kinds), axis=0)


def _salts(kinds: list[str]) -> Codes:
    """What is added to each piece of parts of these kinds."""
    found = _for_each(_SALTS, kinds)
    found[:, len(_PIECES) :] = codes([f"kind {kind}" for kind in kinds])[:, None] * np.uint64(_MIX)
    return found.ravel()
