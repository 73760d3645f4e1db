"""More training examples from the labelled ones: the same act in a longer reply, a no with an offer behind it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from ...world.reading import ACTS

PIECES_FILE = Path(__file__).with_name("pieces.json")


class Row(NamedTuple):
    """One training example: a part of a reply, the kind of event it answers, its act and its voice."""

    text: str
    kind: str
    act: int
    voice: str


class Pieces(NamedTuple):
    """Sentences to compose with. `before`, `after`, `follow` (a next step) and `because` leave the act as it is.

    `offer` makes a no a counter, `resume` makes it a defer; `time` fills the {t} of both and of `follow`.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    offer: tuple[str, ...]
    follow: tuple[str, ...]
    time: tuple[str, ...]
    because: tuple[str, ...]
    resume: tuple[str, ...]


ALONE = frozenset({ACTS.index("ignore"), ACTS.index("unclear")})
"""Acts that an opening or a close could change."""
DECLINE, COUNTER, DEFER, ACKNOWLEDGE = (ACTS.index(name) for name in ("decline", "counter", "defer", "acknowledge"))


def pieces(path: Path = PIECES_FILE) -> Pieces:
    """Read the sentences to compose with."""
    found = json.loads(path.read_text(encoding="utf-8"))
    return Pieces(*(tuple(found[name]) for name in Pieces._fields))


def _pick(options: tuple[str, ...], *key: str) -> str:
    return options[zlib.crc32("\0".join(key).encode()) % len(options)]


def _closed(text: str) -> str:
    return text if text[-1] in ".!?" else f"{text}."


def _opened(text: str, before: str) -> str:
    return f"{before} {text if before.endswith(('.', ':', '!')) else text[0].lower() + text[1:]}"


def _reasoned(text: str, because: str) -> str:
    return text if text[-1] in "?!" or len(text) > 140 else f"{text.rstrip('.')}, {because}."


def composed(rows: Sequence[Row], parts: Pieces) -> list[Row]:
    """Three or four variants of each row, the same ones every time."""
    made: list[Row] = []
    for row in rows:
        if row.act in ALONE or not row.text:
            continue
        text = row.text
        before, after, because = (_pick(getattr(parts, name), name, text) for name in ("before", "after", "because"))
        if row.act == ACKNOWLEDGE:
            made.append(row._replace(text=_opened(_closed(text), before)))
            continue
        follow = _pick(parts.follow, "follow", text).format(t=_pick(parts.time, "time", text))
        second = _pick(parts.follow, "second", text).format(t=_pick(parts.time, "at", text))
        variants = [
            _opened(f"{_closed(text)} {after}", before),
            f"{_closed(_reasoned(text, because))} {follow}",
            _opened(f"{_closed(text)} {second}", before),
        ]
        made.extend(row._replace(text=variant) for variant in variants)
        if row.act == DECLINE:
            made.append(row._replace(text=f"{_closed(text)} {_pick(parts.offer, 'offer', text)}", act=COUNTER))
            resume = _pick(parts.resume, "resume", text).format(t=_pick(parts.time, "time", text))
            made.append(row._replace(text=f"{_closed(_reasoned(text, because))} {resume}", act=DEFER))
    return made
