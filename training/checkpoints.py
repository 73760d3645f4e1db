"""Checkpoints that are whole or not there: a mark with size and checksum of every file is written last.

Without the mark, or with a file that is not what it says, a checkpoint does not count.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import zlib
from pathlib import Path
from typing import Any

from ..episodes.errors import RunError
from ..world.frozen import SCHEMA

MARK = "complete.json"
STATE = "weeks.json"
"""The rollout's own state beside the Trainer's: live weeks."""
BLOCK = 1 << 20
_NAME = re.compile(r"checkpoint-(\d+)")


def seal(folder: Path, state: dict[str, Any]) -> None:
    """Add the rollout's state to a checkpoint and mark it whole. Raises RunError when the disk refuses."""
    try:
        _write(folder / STATE, {"schema": SCHEMA, **state})
        files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MARK]
        _write(folder / MARK, {"schema": SCHEMA, "files": {str(p.relative_to(folder)): _sum(p) for p in files}})
    except OSError as error:
        raise RunError(f"{folder}: checkpoint cannot be written: {error.strerror or error}") from None


def latest(folder: Path) -> Path | None:
    """The newest whole checkpoint of a folder; None when there is none."""
    found = {step(path): path for path in folder.glob("checkpoint-*") if whole(path)}
    return found[max(found)] if found else None


def whole(path: Path) -> bool:
    """Whether every file of a checkpoint is there as it was written."""
    try:
        files = json.loads((path / MARK).read_text(encoding="utf-8"))["files"]
        return all(_sum(path / name) == kept for name, kept in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def step(path: Path) -> int:
    """The step in a checkpoint's name; -1 for another name."""
    named = _NAME.fullmatch(path.name)
    return int(named.group(1)) if named else -1


def sweep(folder: Path) -> list[str]:
    """Remove torn checkpoints, which a killed run left behind; their names."""
    torn = [path for path in sorted(folder.glob("checkpoint-*")) if not whole(path)]
    for path in torn:
        shutil.rmtree(path, ignore_errors=True)
    return [path.name for path in torn]


def state_of(path: Path) -> dict[str, Any]:
    """What `seal` kept. Raises RunError."""
    try:
        return json.loads((path / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise RunError(f"{path / STATE}: cannot be read: {error}") from None


def _sum(path: Path) -> list[int]:
    """Size and CRC-32 of a file."""
    crc = 0
    with path.open("rb") as file:
        while part := file.read(BLOCK):
            crc = zlib.crc32(part, crc)
    return [path.stat().st_size, crc]


def _write(path: Path, data: dict[str, Any]) -> None:
    """Write a file whole, and see it on the disk."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(data, file)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
