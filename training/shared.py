"""Log-probabilities and entropies of replies, with the prompt that a group shares computed once.

G replies to one state have one prompt, about four times as long as a reply: read once, forwards and backwards, the
update costs about a third. Gradients flow through the prompt's keys and values, so nothing is approximated.

A small Gemma on a CPU goes through `gemma.py`, which also leaves out all padding; any other model through its own code
with a cache, where gradients flow through the cached keys and values.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from typing import Any, NamedTuple

import torch
from torch.utils.checkpoint import checkpoint
from transformers import DynamicCache

from . import gemma, packed
from .settings import Precision

CHUNK = 2048
"""Tokens whose logits are held at a time."""
PROMPT_PARTS, ROW_PARTS = 2, 2
"""Parts of about equal length: prompts of a batch, and the rows of a part of them."""


class Scored(NamedTuple):
    """Log-probability of every completion token and the entropy there, (rows, tokens), in nats; 0 at holes."""

    logprobs: torch.Tensor
    entropies: torch.Tensor


def score_completions(
    model: Any,  # noqa: ANN401 - any causal model of transformers
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor,
    tokens: int,
    temperature: float = 1.0,
    wanted: torch.Tensor | None = None,
    precision: Precision = "float32",
) -> Scored:
    """Score the last `tokens` columns of rows whose prompts are padded on the left and completions on the right.

    input_ids, attention_mask: (rows, prompt + tokens). temperature: what logits are divided by, over 0. wanted: 1 for
    completion tokens that matter, the others count as holes. precision: of the products of matrices; sums, norms and
    gradients of weights stay in float32.
    """
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    if input_ids.device.type == "cpu" and gemma.suits(model):
        return _packed(model, input_ids, attention_mask, tokens, temperature, wanted, dtype)
    # What is float32 stays as the caller has it: a GPU's trainer has its own autocast.
    if dtype == torch.float32:
        return _cached(model, input_ids, attention_mask, tokens, temperature, wanted)
    with torch.autocast(input_ids.device.type, dtype):
        return _cached(model, input_ids, attention_mask, tokens, temperature, wanted)


def _packed(
    model: Any,  # noqa: ANN401
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor,
    tokens: int,
    temperature: float,
    wanted: torch.Tensor | None,
    dtype: torch.dtype,
) -> Scored:
    """As `score_completions`, without padding."""
    split = input_ids.shape[1] - tokens
    prompts, which, first = _shared(input_ids[:, :split])
    replies, mask = input_ids[:, split:], attention_mask[:, split:]
    scored = mask if wanted is None else wanted
    batch = packed.Batch(prompts, attention_mask[:, :split][first], replies, mask, which, scored.bool())
    parts = list(packed.parts(batch))
    found = [gemma.score_part(model, part, temperature, dtype) for part in parts]
    places = (torch.cat([part.rows for part in parts]), torch.cat([part.columns for part in parts]))
    empty = torch.zeros(len(input_ids), tokens)
    logprobs, entropies = (empty.index_put(places, torch.cat(one)) for one in zip(*found, strict=True))
    return Scored(logprobs, entropies)


def _cached(
    model: Any,  # noqa: ANN401
    input_ids: torch.Tensor,
    attention_mask: torch.Tensor,
    tokens: int,
    temperature: float,
    wanted: torch.Tensor | None,
) -> Scored:
    """As `score_completions`, by the model's own code and a cache, for any causal model."""
    split = input_ids.shape[1] - tokens
    prompts, which, first = _shared(input_ids[:, :split])
    rows = _Rows(input_ids[:, split:], attention_mask[:, split:], wanted, which)
    prompt_mask = attention_mask[:, :split][first]
    logprobs, entropies = (input_ids.new_zeros(len(input_ids), tokens, dtype=torch.float32) for _ in range(2))
    for some in _alike(prompt_mask.sum(1), PROMPT_PARTS):
        width = int(prompt_mask[some].sum(1).max())
        read = _read(model, prompts[some][:, split - width :], prompt_mask[some][:, split - width :])
        for part in _parts(rows, some):
            hidden = _hidden(model, read, rows, part)
            real = rows.real(part)
            values = _scores(hidden[real], rows.ids[part.rows, : part.width][real], model, temperature)
            places = (part.rows[:, None].expand(real.shape)[real], real.nonzero()[:, 1])
            logprobs = logprobs.index_put(places, values[0])
            entropies = entropies.index_put(places, values[1])
    return Scored(logprobs, entropies)


def _shared(ids: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The different prompts among rows, which of them each row has, and a row that has each of them."""
    prompts, which = torch.unique(ids, dim=0, return_inverse=True)
    first = torch.zeros(len(prompts), dtype=torch.long, device=which.device)
    first[which] = torch.arange(len(which), device=which.device)
    return prompts, which, first


class _Rows(NamedTuple):
    """Completions: ids and mask (rows, tokens), what of them matters, and which prompt each row has."""

    ids: torch.Tensor
    mask: torch.Tensor
    wanted: torch.Tensor | None
    which: torch.Tensor

    def real(self, part: _Part) -> torch.Tensor:
        """Where the tokens of a part are that are to be scored."""
        mask = self.mask[part.rows, : part.width].bool()
        return mask if self.wanted is None else mask & self.wanted[part.rows, : part.width].bool()


class _Part(NamedTuple):
    """Rows of about one length: their numbers, the place of each one's prompt among those read, and the length."""

    rows: torch.Tensor
    prompts: torch.Tensor
    width: int


class _Read(NamedTuple):
    """Prompts that have been read: their mask, keys and values by layer, and the state after the last token."""

    mask: torch.Tensor
    layers: list[tuple[torch.Tensor, torch.Tensor]]
    last: torch.Tensor


def _alike(lengths: torch.Tensor, parts: int) -> list[torch.Tensor]:
    """Numbers of rows in parts of about equal length, so that little is computed of padding."""
    return [part for part in lengths.argsort(stable=True).chunk(parts) if len(part)]


def _parts(rows: _Rows, prompts: torch.Tensor) -> list[_Part]:
    """The rows that have one of these prompts, in parts of about equal length."""
    place = torch.full((int(rows.which.max()) + 1,), -1, device=prompts.device)
    place[prompts] = torch.arange(len(prompts), device=prompts.device)
    mine = (place[rows.which] >= 0).nonzero().squeeze(1)
    lengths = rows.mask.sum(1)[mine]
    found = [mine[part] for part in _alike(lengths, ROW_PARTS)]
    return [_Part(part, place[rows.which[part]], max(int(rows.mask[part].sum(1).max()), 1)) for part in found]


def _read(model: Any, prompts: torch.Tensor, mask: torch.Tensor) -> _Read:  # noqa: ANN401
    cache: Any = DynamicCache()
    states = model.base_model(
        input_ids=prompts,
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0),
        past_key_values=cache,
        use_cache=True,
    ).last_hidden_state
    return _Read(mask, [(layer.keys, layer.values) for layer in cache.layers], states[:, -1:])


def _hidden(model: Any, read: _Read, rows: _Rows, part: _Part) -> torch.Tensor:  # noqa: ANN401
    """The state before every token of a part, (rows, width, size)."""
    last = read.last[part.prompts]
    if part.width == 1:
        return last
    cache: Any = DynamicCache()
    for number, (keys, values) in enumerate(read.layers):
        cache.update(keys[part.prompts], values[part.prompts], number)
    before = read.mask[part.prompts]
    mask = torch.cat([before, rows.mask[part.rows, : part.width - 1]], 1)
    said = model.base_model(
        input_ids=rows.ids[part.rows, : part.width - 1],
        attention_mask=mask,
        position_ids=(mask.cumsum(1) - 1).clamp(min=0)[:, before.shape[1] :],
        past_key_values=cache,
        use_cache=True,
    ).last_hidden_state
    return torch.cat([last, said], 1)


def _scores(
    hidden: torch.Tensor,
    ids: torch.Tensor,
    model: Any,  # noqa: ANN401
    temperature: float,
) -> torch.Tensor:
    """(2, tokens): log-probabilities and entropies, a chunk of logits at a time, which are made again to go back."""
    head = model.get_output_embeddings()
    cap = getattr(model.config.get_text_config(), "final_logit_softcapping", None)

    def some(states: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
        logits = head(states).float()
        if cap:
            logits = cap * torch.tanh(logits / cap)
        odds = torch.log_softmax(logits / temperature, -1)
        return torch.stack([odds.gather(1, wanted[:, None]).squeeze(1), -(odds.exp() * odds).sum(-1)])

    parts = [
        checkpoint(some, states, wanted, use_reentrant=False) if torch.is_grad_enabled() else some(states, wanted)
        for states, wanted in zip(hidden.split(CHUNK), ids.split(CHUNK), strict=True)
    ]
    return torch.cat(parts, 1)
