"""Short marks of what a model's answers depend on: its file, and the words it is given."""

from __future__ import annotations

import json
from hashlib import sha256

from .model_config import ModelConfig

_SHAPING = frozenset({"model", "output", "temperature", "top_p", "max_tokens", "send_seed", "extra_body"})
"""Keys of a model file that shape an answer; where the server stands and how patient one is do not."""
_BESIDE = frozenset({"price", "cassette"})
"""Keys that a run may be continued without: what calls cost, and where exchanges are kept."""


def text_mark(*texts: str) -> str:
    """The first 8 hex digits of the hash of some texts."""
    return sha256("\0".join(texts).encode()).hexdigest()[:8]


def file_mark(config: ModelConfig) -> str:
    """The mark of a model file: every key but its price and its cassette."""
    return text_mark(_plain(config.model_dump(mode="json", by_alias=True, exclude=set(_BESIDE))))


def pinned(name: str, config: ModelConfig, prompt: str) -> str:
    """A model and a prompt as one version, "llm:NAME@3f2a9c01": the same wherever and how patiently it is called."""
    shaping = config.model_dump(mode="json", include=set(_SHAPING))
    return f"llm:{name}@{text_mark(_plain(shaping), prompt)}"


def _plain(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=True)
