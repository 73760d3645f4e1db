"""Sampling from a causal model, batched, with a cache of keys and values that is kept across the turns of a row.

Knows token ids only: no observation, no tokenizer, no world. torch and transformers are imported when first used.

The loop is written out because at a few million parameters the upkeep of a step costs as much as its arithmetic: keys
and values go into a buffer with room for what comes, masks are built once a block, and a token is drawn by inverting
the distribution function at a uniform number that the caller gives. So a row's text depends on its own numbers only.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from .slab import make_slab

if TYPE_CHECKING:
    import torch

COMPACT = 0.75
"""Share of rows still talking under which the finished ones are dropped from the batch."""
GROWTH = 512
"""Columns added when a row outgrows its buffer."""


@dataclass(frozen=True)
class Sampling:
    """How tokens are drawn. max_new_tokens: 1 or more; temperature: over 0 (0: the likeliest); top_p: (0, 1]."""

    max_new_tokens: int = 80
    temperature: float = 1.0
    top_p: float = 1.0


class Said(NamedTuple):
    """One sampled reply: its ids, the end mark included if it came, and the log-probability of each.

    The log-probabilities are of the distribution that was sampled from, in nats.
    """

    ids: list[int]
    logprobs: list[float]


class Rows:
    """A batch of rows of token ids with their keys and values; rows grow turn by turn, each at its own length.

    end_ids: ids that end a reply; pad_id: any id, for the holes between rows of unequal length.
    """

    def __init__(self, model: Any, end_ids: Sequence[int], pad_id: int, room: int = GROWTH) -> None:  # noqa: ANN401
        import torch

        self._model = model
        self._ends = torch.tensor(tuple(end_ids), device=model.device)
        self._pad = pad_id
        self._room = room
        self._cache, self._slabs = make_slab(model, room)
        self._columns = 0
        self._valid: torch.Tensor = torch.zeros(0, 0, dtype=torch.bool)
        self._places: torch.Tensor = torch.zeros(0, 0, dtype=torch.long)
        self._lengths: torch.Tensor = torch.zeros(0, dtype=torch.long)
        self._logits: torch.Tensor | None = None

    def append(self, ids: Sequence[Sequence[int]]) -> None:
        """Read further ids of every row, at least one each. Raises ValueError for an empty one or a wrong number."""
        import torch

        if not ids or any(not row for row in ids):
            raise ValueError("every row needs at least one id")
        if len(self._lengths) and len(ids) != len(self._lengths):
            raise ValueError(f"{len(ids)} rows given, the batch has {len(self._lengths)}")
        device = self._model.device
        if not len(self._lengths):
            self._lengths = torch.zeros(len(ids), dtype=torch.long, device=device)
            self._valid = torch.zeros(len(ids), self._room, dtype=torch.bool, device=device)
            self._places = torch.zeros(len(ids), self._room, dtype=torch.long, device=device)
        width = max(map(len, ids))
        # Padded on the left, so that the last column of a block is every row's last token.
        block = torch.tensor([[self._pad] * (width - len(row)) + list(row) for row in ids], device=device)
        real = torch.tensor([[False] * (width - len(row)) + [True] * len(row) for row in ids], device=device)
        with torch.inference_mode():
            self._logits = self._forward(block, real)

    def repeat(self, times: int) -> None:
        """Every row `times` times, copies side by side."""
        import torch

        if times > 1 and self._logits is not None:
            self.keep(torch.arange(len(self._lengths), device=self._model.device).repeat_interleave(times))

    def keep(self, rows: torch.Tensor) -> None:
        """Go on with these rows only, in this order; a row may be named more than once."""
        for slab in self._slabs:
            slab.select(rows)
        self._valid, self._places, self._lengths = self._valid[rows], self._places[rows], self._lengths[rows]
        if self._logits is not None:
            self._logits = self._logits[rows]

    def sample(self, uniforms: torch.Tensor, sampling: Sampling, last: bool = False) -> list[Said]:
        """A reply for every row. `last`: rows are not read further, so finished ones may leave the batch.

        uniforms: (rows, max_new_tokens) numbers in [0, 1). The last id of a reply is not in the cache yet: it is the
        first of what `append` is given next. Raises ValueError before the first `append`.
        """
        import torch

        if self._logits is None:
            raise ValueError("nothing has been read yet")
        count = len(self._lengths)
        told = [Said([], []) for _ in range(count)]
        rows = torch.arange(count, device=self._model.device)
        live = torch.ones(count, dtype=torch.bool, device=self._model.device)
        uniforms = uniforms.to(self._model.device)
        with torch.inference_mode():
            for step in range(sampling.max_new_tokens):
                drawn = draw_tokens(self._logits, uniforms[rows, step], sampling)
                for row, token, logprob, on in zip(
                    rows.tolist(), drawn.ids.tolist(), drawn.logprobs.tolist(), live.tolist(), strict=True
                ):
                    if on:
                        told[row].ids.append(token)
                        told[row].logprobs.append(logprob)
                live = live & ~torch.isin(drawn.ids, self._ends)
                going = int(live.sum())
                if not going or step + 1 == sampling.max_new_tokens:
                    break
                tokens = drawn.ids
                if last and going < COMPACT * len(rows):
                    kept = live.nonzero().squeeze(1)
                    self.keep(kept)
                    rows, live, tokens = rows[kept], live[kept], tokens[kept]
                self._logits = self._forward(tokens.masked_fill(~live, self._pad)[:, None], live[:, None])
        return told

    def _forward(self, block: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
        """Read a block of columns; the logits after its last column."""
        first, self._columns = self._columns, self._columns + block.shape[1]
        self._make_room(self._columns)
        places = (self._lengths[:, None] + real.cumsum(1) - 1).clamp(min=0)
        self._valid[:, first : self._columns] = real
        self._places[:, first : self._columns] = places
        self._lengths = self._lengths + real.sum(1)
        out = self._model(
            input_ids=block,
            attention_mask=self._masks(first, places),
            position_ids=places,
            past_key_values=self._cache,
            use_cache=True,
            logits_to_keep=1,
        )
        return out.logits[:, -1].float()

    def _make_room(self, columns: int) -> None:
        if columns <= self._room:
            return
        import torch

        self._room = columns + GROWTH
        for slab in self._slabs:
            slab.resize(self._room)
        more = self._room - self._valid.shape[1]
        self._valid = torch.nn.functional.pad(self._valid, (0, more))
        self._places = torch.nn.functional.pad(self._places, (0, more))

    def _masks(self, first: int, places: torch.Tensor) -> Any:  # noqa: ANN401 - what a model of this kind wants
        """Who may look where: at what was read, up to itself; near enough, by place in the row, for sliding layers."""
        import torch

        seen = self._valid[:, : self._columns][:, None, None, :]
        width = self._columns - first
        if width > 1:
            columns = torch.arange(self._columns, device=places.device)
            own = columns[None, :] == columns[first:, None]
            # A hole sees itself: a query that may look nowhere turns into nan.
            seen = (seen & (columns[None, :] <= columns[first:, None])) | own
        config = self._model.config.get_text_config()
        if getattr(config, "layer_types", None) is None:
            return self._added(seen)
        window = getattr(config, "sliding_window", None)
        near = seen
        if window and int(self._lengths.max()) > window:
            apart = places[:, None, :, None] - self._places[:, : self._columns][:, None, None, :]
            near = seen & (apart < window)
        return {"full_attention": self._added(seen), "sliding_attention": self._added(near)}

    def _added(self, seen: torch.Tensor) -> torch.Tensor:
        """A mask as the attention takes it: eager attention adds it to its scores, the others understand truth."""
        import torch

        if self._model.config.get_text_config()._attn_implementation != "eager":
            return seen
        scores = torch.zeros(seen.shape, dtype=self._model.dtype, device=seen.device)
        return scores.masked_fill(~seen, torch.finfo(scores.dtype).min)


class Drawn(NamedTuple):
    """Token ids and their log-probabilities, (rows,) each."""

    ids: torch.Tensor
    logprobs: torch.Tensor


def draw_tokens(logits: torch.Tensor, uniforms: torch.Tensor, sampling: Sampling) -> Drawn:
    """One token a row by inverting the distribution function at a uniform number of [0, 1).

    logits: (rows, vocabulary), float32. (`torch.multinomial` draws a number for every entry of the vocabulary, a third
    of the time of a whole decoding step at this size.)
    """
    import torch

    if sampling.temperature <= 0:
        ids = logits.argmax(-1)
        return Drawn(ids, torch.zeros_like(uniforms))
    if sampling.temperature != 1:
        logits = logits / sampling.temperature
    logprobs = torch.log_softmax(logits, -1)
    if sampling.top_p < 1:
        logprobs = torch.log_softmax(_nucleus(logprobs, sampling.top_p), -1)
    reached = logprobs.exp().cumsum(-1)
    wanted = (uniforms * reached[:, -1])[:, None]
    ids = torch.searchsorted(reached, wanted, right=True).clamp(max=logits.shape[-1] - 1)
    return Drawn(ids.squeeze(1), logprobs.gather(1, ids).squeeze(1))


def _nucleus(logprobs: torch.Tensor, top_p: float) -> torch.Tensor:
    """-inf for all but the likeliest tokens that together have `top_p`."""
    ordered, order = logprobs.sort(-1, descending=True)
    before = ordered.exp().cumsum(-1) - ordered.exp()
    return logprobs.masked_fill((before >= top_p).scatter(1, order, before >= top_p), float("-inf"))
