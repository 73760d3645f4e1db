"""More training examples from the labelled ones: the same act with an opening or a close, a no with an offer behind it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ...world.reading import ACTS
from .labels import CORPUS


class Row(NamedTuple):
    """One training example: a part of a reply, the kind of event it answers, its act and its voice."""

    text: str
    kind: str
    act: int
    voice: str


class Pieces(NamedTuple):
    """Sentences that leave the act as it is, before or after a reply, and offers that turn a no into a counter."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    offer: tuple[str, ...]


ALONE = frozenset({ACTS.index("ignore"), ACTS.index("unclear")})
"""Acts that an opening or a close could change."""
DECLINE, COUNTER = ACTS.index("decline"), ACTS.index("counter")


def pieces(folder: Path = CORPUS) -> Pieces:
    """Read the sentences to compose with."""
    found = json.loads((folder / "pieces.json").read_text(encoding="utf-8"))
    return Pieces(*(tuple(found[name]) for name in Pieces._fields))


def _pick(options: tuple[str, ...], *key: str) -> str:
    return options[zlib.crc32("\0".join(key).encode()) % len(options)]


def _closed(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def composed(rows: Sequence[Row], parts: Pieces, offers: bool = True) -> list[Row]:
    """Up to three variants of each row, the same ones every time."""
    made: list[Row] = []
    for row in rows:
        if row.act in ALONE or not row.text:
            continue
        before, after = _pick(parts.before, "before", row.text), _pick(parts.after, "after", row.text)
        text = row.text if before.endswith((".", ":", "!")) else row.text[0].lower() + row.text[1:]
        made.append(row._replace(text=f"{before} {text}"))
        made.append(row._replace(text=f"{_closed(row.text)} {after}"))
        if offers and row.act == DECLINE:
            made.append(row._replace(text=f"{_closed(row.text)} {_pick(parts.offer, 'offer', row.text)}", act=COUNTER))
    return made
