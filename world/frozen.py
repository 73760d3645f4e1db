"""The base of every wire noun: an immutable pydantic model that refuses unknown keys."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCHEMA = 1
"""Version of every file and record; bumped when a format changes (CHANGELOG says so)."""


class Frozen(BaseModel):
    """Immutable, hashable by value, `extra="forbid"`; field aliases are the wire names."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)
