"""How big a Gemma is, from its config: parameters, adapters, keys and values. Reads JSON, knows no torch."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

NOT_TEXT = ("vision_tower", "multi_modal_projector")
"""Parts of a multimodal checkpoint that are left behind."""


class Shape(NamedTuple):
    """A Gemma's shape, as its config names it; `vocab` rows of embeddings, shared with the head."""

    layers: int
    hidden: int
    intermediate: int
    heads: int
    kv_heads: int
    head_dim: int
    vocab: int

    def sizes(self) -> dict[str, tuple[int, int]]:
        """Inputs and outputs of a layer's linear parts, by name."""
        query, value = self.heads * self.head_dim, self.kv_heads * self.head_dim
        return {
            "q_proj": (self.hidden, query),
            "k_proj": (self.hidden, value),
            "v_proj": (self.hidden, value),
            "o_proj": (query, self.hidden),
            "gate_proj": (self.hidden, self.intermediate),
            "up_proj": (self.hidden, self.intermediate),
            "down_proj": (self.intermediate, self.hidden),
        }

    def linear(self) -> int:
        """Parameters of all linear layers: what 4-bit loading shrinks."""
        return self.layers * sum(prod(size) for size in self.sizes().values())

    def parameters(self) -> int:
        """All parameters, but for the norms: a few thousandths."""
        return self.linear() + self.vocab * self.hidden

    def adapters(self, rank: int, targets: Sequence[str]) -> int:
        """Parameters of LoRA adapters on the targets that a Gemma has."""
        sizes = self.sizes()
        return self.layers * rank * sum(sum(sizes[name]) for name in targets if name in sizes)

    def kept_per_token(self) -> int:
        """Numbers of the cache of keys and values, for one token."""
        return 2 * self.layers * self.kv_heads * self.head_dim


PUBLISHED: Mapping[str, Shape] = {
    "google/gemma-2-9b-it": Shape(42, 3584, 14336, 16, 8, 256, 256_000),
    "google/gemma-3-4b-it": Shape(34, 2560, 10240, 8, 4, 256, 262_208),
}
"""The models of the shipped configs, for an estimate where their configs cannot be had."""


def shape_of(folder: Path) -> Shape | None:
    """The shape in a folder's config.json, the text half's of a multimodal model; None when it does not say."""
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        inner: dict[str, Any] = config.get("text_config", config)
        keys = (
            "num_hidden_layers",
            "hidden_size",
            "intermediate_size",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "vocab_size",
        )
        return Shape(*(int(inner[key]) for key in keys))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def parameters(folder: Path) -> int | None:
    """Numbers in a folder's safetensors files that text needs, from their headers; None when there are none to read."""
    try:
        return sum(_count(path) for path in folder.glob("*.safetensors")) or None
    except (OSError, ValueError, struct.error, KeyError):
        return None


def _count(path: Path) -> int:
    with path.open("rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return sum(
        prod(tensor["shape"])
        for name, tensor in header.items()
        if name != "__metadata__" and not any(part in name for part in NOT_TEXT)
    )
