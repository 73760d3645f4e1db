"""Blind labelling: replies with what they answer and without the reader's act, and how far labels and reader agree.

The sheet holds what the reader sees and nothing else; the reader's acts lie in a key beside it, joined by number.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from pydantic import ValidationError

from ...config import near_miss
from ...episodes.errors import RunError, UsageError
from ...episodes.record import rounded
from ...episodes.runs import weeks_in, write_text
from ...episodes.stats import Figure, mean_figures
from ...world.frozen import SCHEMA, Frozen
from ...world.luck import rng
from ...world.reading import ACTS

L = TypeVar("L", bound=Frozen)
COUNT = 200
LEAST = 0.90
"""Share of replies on which a label and the reader must agree."""


class AskLabel(Frozen):
    """One thing that was asked and by whom; act: what a person takes the reply to do about it, null until then."""

    ask: str
    sender: str
    act: str | None = None


class SheetLine(Frozen):
    """One reply to label: the event as the reader sees it, the reply, and an act to fill in for every ask."""

    number: int
    source: str
    sender: str
    subject: str
    body: str
    reply: str
    asks: tuple[AskLabel, ...]


class KeyLine(Frozen):
    """What the reader took a reply of the sheet for, ask by ask, and where it comes from."""

    number: int
    folder: str
    episode: str
    event: str
    acts: dict[str, str]


class Agreed(NamedTuple):
    """How far labels and reader agree, over asks and over whole replies, with intervals over replies.

    kappa: Cohen's, over asks; None where both always say the same one act. confused: (label, reader) -> how often.
    """

    replies: int
    unlabelled: int
    asks: Figure
    whole: Figure
    kappa: float | None
    confused: Mapping[tuple[str, str], int]
    differing: tuple[int, ...]

    @property
    def held(self) -> bool:
        """Whether the bar is held."""
        return (self.asks["mean"] or 0.0) >= LEAST

    def plain(self) -> dict[str, Any]:
        """As one JSON object."""
        confused = [{"label": one, "reader": other, "count": n} for (one, other), n in self.confused.items()]
        return rounded({"schema": SCHEMA, **self._asdict(), "confused": confused, "bar": LEAST, "held": self.held})


def key_of(sheet: Path) -> Path:
    """The file with the reader's acts of a sheet: labels.jsonl -> labels.key.jsonl."""
    return sheet.with_suffix(f".key{sheet.suffix}")


def write_sheet(folders: Sequence[Path], sheet: Path, count: int = COUNT, seed: int = 0) -> int:
    """Draw replies of run folders at random into a sheet and its key; returns how many.

    Raises UsageError when the sheet is there already (it may hold labels) or no week is, RunError.
    """
    for path in (sheet, key_of(sheet)):
        if path.exists():
            raise UsageError(f"{path}: is there already; name another sheet")
    pool = [line for folder in folders for line in _lines(folder)]
    if not pool:
        raise UsageError("no reply in these run folders")
    chosen = rng(seed, "sheet", "blind replies").sample(pool, count)
    lines = [line.model_copy(update={"number": number}) for number, (line, _) in enumerate(chosen, 1)]
    keys = [key.model_copy(update={"number": number}) for number, (_, key) in enumerate(chosen, 1)]
    sheet.parent.mkdir(parents=True, exist_ok=True)
    write_text(sheet, "".join(_json(line) for line in lines))
    write_text(key_of(sheet), "".join(_json(key) for key in keys))
    return len(lines)


def score_sheet(sheet: Path) -> Agreed:
    """Labels against the reader. Raises UsageError: no label, or an act that is none; RunError: a broken file."""
    keys = {key.number: key for key in _read(key_of(sheet), KeyLine)}
    lines = _read(sheet, SheetLine)
    labelled = [line for line in lines if all(ask.act for ask in line.asks)]
    if not labelled:
        raise UsageError(f"{sheet}: nothing is labelled yet: write an act for every ask ({', '.join(ACTS)})")
    pairs = [_pairs(sheet, line, keys) for line in labelled]
    right = np.array(
        [[sum(one == other for one, other in own), all(one == other for one, other in own)] for own in pairs]
    )
    flat = [pair for own in pairs for pair in own]
    shares = right[:, :1] / np.array([[len(own)] for own in pairs])
    asks, whole = mean_figures(np.concatenate([shares, right[:, 1:]], axis=1).astype(float))
    differing = tuple(line.number for line, row in zip(labelled, right, strict=True) if not row[1])
    confused = Counter(pair for pair in flat if pair[0] != pair[1])
    return Agreed(
        len(labelled), len(lines) - len(labelled), asks, whole, kappa(flat), dict(confused.most_common()), differing
    )


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa of (label, reader) pairs, -1..1; None where chance alone would always agree."""
    size = len(pairs)
    observed = sum(one == other for one, other in pairs) / size
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    chance = sum(first[act] * second[act] for act in first) / size**2
    return None if chance >= 1.0 else (observed - chance) / (1.0 - chance)


def _pairs(sheet: Path, line: SheetLine, keys: Mapping[int, KeyLine]) -> list[tuple[str, str]]:
    """(label, reader) of every ask of a line. Raises UsageError for an act that is none, RunError without a key."""
    key = keys.get(line.number)
    if key is None or set(key.acts) != {ask.ask for ask in line.asks}:
        raise RunError(f"{key_of(sheet)}: does not belong to this sheet (number {line.number})")
    found = []
    for ask in line.asks:
        act = (ask.act or "").strip().lower()
        if act not in ACTS:
            hint = near_miss(act, ACTS) or f"known: {', '.join(ACTS)}"
            raise UsageError(f"{sheet}: number {line.number}: {ask.act!r} is no act; {hint}")
        found.append((act, key.acts[ask.ask]))
    return found


def _lines(folder: Path) -> list[tuple[SheetLine, KeyLine]]:
    """Every reply of a run folder, not numbered yet, by seed."""
    found = []
    for record in weeks_in(folder):
        for step in record.steps:
            event = step.observation.event
            asks = tuple(AskLabel(ask=ask.id, sender=ask.sender) for ask in event.asks)
            shown = event.model_dump(include={"source", "sender", "subject", "body"})
            line = SheetLine(number=0, reply=step.reply, asks=asks, **shown)
            acts = {ask.ask: ask.act for ask in step.reading.asks}
            key = KeyLine(number=0, folder=folder.name, episode=record.episode_id, event=step.event, acts=acts)
            found.append((record.seed, line, key))
    # Weeks are written as they end, which is not the same twice.
    return [(line, key) for _, line, key in sorted(found, key=lambda one: one[0])]


def _json(line: Frozen) -> str:
    return json.dumps(line.model_dump(mode="json"), ensure_ascii=False) + "\n"


def _read(path: Path, kind: type[L]) -> list[L]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise RunError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from None
    found = []
    for number, line in enumerate(lines, 1):
        try:
            found.append(kind.model_validate_json(line))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(map(str, first["loc"]))
            what = " ".join(f"{where} {first['msg']}".split())
            raise RunError(f"{path}:{number}: {what}") from None
    return found
