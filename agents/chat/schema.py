"""Pieces of the JSON schemas on the wire: enums for scales and ids.

No lengths and no ranges: servers take them differently, so numbers and texts are clamped on our side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    """An object with exactly these keys."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


def scale(least: int, most: int) -> dict[str, Any]:
    """A whole number from `least` to `most`."""
    return {"type": "integer", "enum": list(range(least, most + 1))}


def one_of(names: Iterable[str]) -> dict[str, Any]:
    """One of these names."""
    return {"type": "string", "enum": list(names)}
