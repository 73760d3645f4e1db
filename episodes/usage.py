"""What models took, beside the records: runs/NAME/usage.jsonl, one line a week, or twin, in which one was called."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from ..agents.chat.errors import Unusable
from ..agents.chat.ledger import Ledger, Usage
from ..agents.chat.pool import Chats
from ..world.frozen import SCHEMA
from .errors import RunError
from .record import WeekRecord

USAGE = "usage.jsonl"


def check_models(chats: Chats) -> None:
    """Ask every model of a run once, before its first week. Raises RunError: one of them cannot be used."""
    if not chats:
        return
    try:
        asyncio.run(chats.check())
    except Unusable as error:
        raise RunError(str(error)) from None


def run_usage(folder: Path) -> Usage:
    """What all weeks of a run took together; nothing where no model was called. Raises RunError: a broken file."""
    whole = Usage()
    if not (folder / USAGE).is_file():
        return whole
    try:
        for line in (folder / USAGE).read_text(encoding="utf-8").splitlines():
            for people in json.loads(line)["usage"].values():
                whole.add(Usage(**people))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunError(f"{folder / USAGE}: cannot be read: {error}") from None
    return whole


def note_usage(folder: Path, record: WeekRecord, ledger: Ledger, twin: str | None = None) -> None:
    """Add a week's calls, tokens, time and cost, by who was played; twin: the fact in which it was flipped.

    Raises RunError: the disk refuses.
    """
    used = ledger.take(record.episode_id)
    if not used:
        return
    people = {who: usage.plain() for who, usage in sorted(used.items())}
    flipped = {} if twin is None else {"twin": twin}
    named = {"schema": SCHEMA, "episode_id": record.episode_id, "seed": record.seed, **flipped}
    line = json.dumps({**named, "usage": people})
    try:
        with (folder / USAGE).open("a", encoding="utf-8") as file:
            file.write(line + "\n")
    except OSError as error:
        raise RunError(f"{folder / USAGE}: cannot be written: {error.strerror or error}") from None
