"""Keys and values of a batch in buffers with room for what comes, so that a new token copies nothing old.

A transformers cache layer: models take it as their own. Knows no tokens and no masks.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import torch


class Slabs(NamedTuple):
    """A cache for a model, and its layers."""

    cache: Any
    layers: list[Any]


def make_slab(model: Any, room: int) -> Slabs:  # noqa: ANN401 - any causal model of transformers
    """An empty cache with `room` columns for every layer of a model."""
    from transformers.cache_utils import Cache

    layer = _layer_class()
    layers = [layer(room) for _ in range(model.config.get_text_config().num_hidden_layers)]
    return Slabs(Cache(layers=layers), layers)


@lru_cache(maxsize=1)
def _layer_class() -> Any:  # noqa: ANN401 - a subclass of a class that is imported only here
    import torch
    from transformers.cache_utils import DynamicLayer

    class SlabLayer(DynamicLayer):
        """One layer's keys and values, (rows, heads, room, size) each, filled up to `columns`."""

        def __init__(self, room: int) -> None:
            super().__init__()
            self.room = room
            self.columns = 0

        def update(
            self, key_states: torch.Tensor, value_states: torch.Tensor, *args: object, **kwargs: object
        ) -> tuple[torch.Tensor, torch.Tensor]:
            """Add columns; what is filled of both buffers, as views."""
            if not self.is_initialized:
                rows, heads, _, size = key_states.shape
                self.dtype, self.device = key_states.dtype, key_states.device
                self.keys = key_states.new_zeros(rows, heads, self.room, size)
                self.values = value_states.new_zeros(rows, heads, self.room, value_states.shape[3])
                self.is_initialized = True
            first, self.columns = self.columns, self.columns + key_states.shape[2]
            assert self.keys is not None and self.values is not None
            self.keys[:, :, first : self.columns] = key_states
            self.values[:, :, first : self.columns] = value_states
            return self.keys[:, :, : self.columns], self.values[:, :, : self.columns]

        def get_seq_length(self) -> int:
            """Columns filled."""
            return self.columns

        def select(self, rows: torch.Tensor) -> None:
            """Go on with these rows."""
            if self.is_initialized:
                assert self.keys is not None and self.values is not None
                self.keys, self.values = self._picked(self.keys, rows), self._picked(self.values, rows)

        def resize(self, room: int) -> None:
            """More room, in columns."""
            if self.is_initialized:
                assert self.keys is not None and self.values is not None
                more = (0, 0, 0, room - self.room)
                self.keys = torch.nn.functional.pad(self.keys, more)
                self.values = torch.nn.functional.pad(self.values, more)
            self.room = room

        def _picked(self, buffer: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
            # What lies beyond the filled columns is written before it is read.
            made = buffer.new_empty(len(rows), *buffer.shape[1:])
            made[:, :, : self.columns] = buffer[rows, :, : self.columns]
            return made

    return SlabLayer
