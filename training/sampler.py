"""Where replies come from while training: the policy itself, by our own decoding. Knows ids, no weeks."""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import torch

from ..agents.decode import Rows, Said, Sampling
from . import speak
from .settings import Precision, SampleSettings

PRIME = 1_000_003


class Sampler(Protocol):
    """Draws replies; two calls with the same key and weights draw the same."""

    def replies(self, prompts: Sequence[Sequence[int]], repeat: int, key: int) -> list[Said]:
        """`repeat` replies to every prompt, those of one prompt side by side."""
        ...

    def rows(self) -> Rows:
        """An empty batch of rows that grow turn by turn."""
        ...

    def more(self, rows: Rows, count: int, key: int) -> list[Said]:
        """A further reply in each of `count` rows."""
        ...


class LocalSampler:
    """Decodes with the model in this process. key and seed name the random numbers: a resumed run draws alike.

    precision: of the products of matrices of `replies`, where a small Gemma on a CPU draws them.
    """

    def __init__(
        self,
        model: Any,  # noqa: ANN401 - any causal model of transformers
        end_ids: Sequence[int],
        pad_id: int,
        settings: SampleSettings,
        seed: int,
        precision: Precision = "float32",
    ) -> None:
        self.model = model
        self._dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
        self._ends = tuple(end_ids)
        self._pad = pad_id
        self._sampling = Sampling(settings.max_new_tokens, settings.temperature, settings.top_p)
        self._seed = seed

    def replies(self, prompts: Sequence[Sequence[int]], repeat: int, key: int) -> list[Said]:
        """`repeat` replies to every prompt, those of one prompt side by side."""
        uniforms = self._uniforms(len(prompts) * repeat, key)
        longest = max(map(len, prompts)) + self._sampling.max_new_tokens
        with _Evaluating(self.model):
            if speak.suits(self.model, longest):
                speaker = speak.Speaker(self.model, self._dtype)
                return speaker.replies(prompts, repeat, uniforms, self._ends, self._sampling)
            rows = Rows(self.model, self._ends, self._pad, longest)
            rows.append(prompts)
            rows.repeat(repeat)
            return rows.sample(uniforms, self._sampling, last=True)

    def rows(self) -> Rows:
        """An empty batch of rows that grow turn by turn."""
        return Rows(self.model, self._ends, self._pad)

    def more(self, rows: Rows, count: int, key: int) -> list[Said]:
        """A further reply in each of `count` rows."""
        with _Evaluating(self.model):
            return rows.sample(self._uniforms(count, key), self._sampling)

    def _uniforms(self, rows: int, key: int) -> torch.Tensor:
        generator = torch.Generator().manual_seed(self._seed * PRIME + key)
        return torch.rand(rows, self._sampling.max_new_tokens, generator=generator)


class _Evaluating:
    """The model without dropout inside the block, as it was after it."""

    def __init__(self, model: Any) -> None:  # noqa: ANN401
        self._model = model

    def __enter__(self) -> None:
        self._training = self._model.training
        self._model.eval()

    def __exit__(self, *_: object) -> None:
        self._model.train(self._training)
