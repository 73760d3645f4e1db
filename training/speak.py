"""Replies of a small Gemma on a CPU to prompts that several rows share: their keys and values are held, and read, once.

The same numbers as `agents/decode.py` from the same weights; that one takes any model and rows that grow.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import torch
from transformers import DynamicCache

from ..agents.decode import COMPACT, Said, Sampling, draw_tokens
from . import gemma
from .attend import turn
from .packed import Heads


def suits(model: Any, longest: int) -> bool:  # noqa: ANN401 - any causal model of transformers
    """Whether replies of rows of up to `longest` tokens can be drawn here: a Gemma, no row beyond its window."""
    return gemma.suits(model) and longest <= (model.config.sliding_window or longest)


class _Layer(NamedTuple):
    """A layer's weights as they are used: products in their type, gains of norms as 1 + weight."""

    before: torch.Tensor
    project: torch.Tensor
    heads: torch.Tensor | None
    out: torch.Tensor
    after: torch.Tensor
    inner: torch.Tensor
    gated: torch.Tensor
    down: torch.Tensor
    last: torch.Tensor
    sliding: bool


class Speaker:
    """A model's weights laid out for drawing; make it anew after an update. dtype: of the products with weights."""

    def __init__(self, model: Any, dtype: torch.dtype = torch.float32) -> None:  # noqa: ANN401
        config, body = model.config, model.model
        self._model, self._dtype, self._eps = model, dtype, config.rms_norm_eps
        attention = body.layers[0].self_attn
        self._heads = Heads(config.num_attention_heads, config.num_key_value_heads, attention.head_dim)
        self._scale, self._cap = attention.scaling, attention.attn_logit_softcapping or 0.0
        self._bend = config.final_logit_softcapping or 0.0
        with torch.no_grad():
            self._layers = [
                self._laid(layer, kind) for layer, kind in zip(body.layers, config.layer_types, strict=True)
            ]
            self._norm = 1.0 + body.norm.weight
            self._head = model.lm_head.weight.to(dtype).t().contiguous()

    def replies(
        self,
        prompts: Sequence[Sequence[int]],
        repeat: int,
        uniforms: torch.Tensor,
        ends: Sequence[int],
        sampling: Sampling,
    ) -> list[Said]:
        """`repeat` replies to every prompt, side by side; uniforms: (replies, max_new_tokens), see `Rows.sample`."""
        count = len(prompts) * repeat
        told = [Said([], []) for _ in range(count)]
        rows, live = torch.arange(count), torch.ones(count, dtype=torch.bool)
        stop = torch.tensor(tuple(ends))
        with torch.inference_mode():
            read = self._read(prompts)
            talk = _Talk(read, self._heads, len(self._layers), repeat, sampling.max_new_tokens)
            logits = self._logits(read.states.repeat_interleave(repeat, 0))
            for step in range(sampling.max_new_tokens):
                drawn = draw_tokens(logits, uniforms[rows, step], sampling)
                for row, token, logprob in zip(
                    rows[live].tolist(), drawn.ids[live].tolist(), drawn.logprobs[live].tolist(), strict=True
                ):
                    told[row].ids.append(token)
                    told[row].logprobs.append(logprob)
                live = live & ~torch.isin(drawn.ids, stop)
                going, ids = int(live.sum()), drawn.ids
                if not going or step + 1 == sampling.max_new_tokens:
                    break
                if going < COMPACT * len(rows):
                    kept = live.nonzero().squeeze(1)
                    talk.keep(kept)
                    rows, live, ids = rows[kept], live[kept], ids[kept]
                logits = self._step(ids, talk)
        return told

    def _laid(self, layer: Any, kind: str) -> _Layer:  # noqa: ANN401
        attention, mlp = layer.self_attn, layer.mlp
        gains = None
        if hasattr(attention, "q_norm"):
            norms = [attention.q_norm] * self._heads.queries + [attention.k_norm] * self._heads.keys
            gains = 1.0 + torch.stack([norm.weight for norm in norms])
        return _Layer(
            before=1.0 + layer.input_layernorm.weight,
            project=self._across(attention.q_proj, attention.k_proj, attention.v_proj),
            heads=gains,
            out=self._across(attention.o_proj),
            after=1.0 + layer.post_attention_layernorm.weight,
            inner=1.0 + layer.pre_feedforward_layernorm.weight,
            gated=self._across(mlp.gate_proj, mlp.up_proj),
            down=self._across(mlp.down_proj),
            last=1.0 + layer.post_feedforward_layernorm.weight,
            sliding=kind == "sliding_attention",
        )

    def _across(self, *linear: Any) -> torch.Tensor:  # noqa: ANN401
        return torch.cat([one.weight for one in linear]).to(self._dtype).t().contiguous()

    def _times(self, states: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
        return states.to(self._dtype) @ weight

    def _normed(self, states: torch.Tensor, gain: torch.Tensor) -> torch.Tensor:
        states = states.float()
        length = torch.linalg.vector_norm(states, dim=-1, keepdim=True)
        return (states * (length.square_().div_(states.shape[-1]) + self._eps).rsqrt_()).mul_(gain)

    def _read(self, prompts: Sequence[Sequence[int]]) -> _Read:
        width = max(map(len, prompts))
        ids = torch.tensor([[0] * (width - len(row)) + list(row) for row in prompts])
        lengths = torch.tensor([len(row) for row in prompts])
        mask = torch.arange(width) >= width - lengths[:, None]
        cache: Any = DynamicCache()
        states = self._model.base_model(
            input_ids=ids,
            attention_mask=mask.long(),
            position_ids=(mask.cumsum(1) - 1).clamp(min=0),
            past_key_values=cache,
            use_cache=True,
        ).last_hidden_state[:, -1]
        pairs = [(layer.keys.flatten(0, 1), layer.values.flatten(0, 1)) for layer in cache.layers]
        hidden = torch.zeros(mask.shape).masked_fill_(~mask, float("-inf"))
        return _Read(pairs, hidden, lengths, states)

    def _logits(self, states: torch.Tensor) -> torch.Tensor:
        logits = self._times(states, self._head).float()
        return logits.div_(self._bend).tanh_().mul_(self._bend) if self._bend else logits

    def _step(self, ids: torch.Tensor, talk: _Talk) -> torch.Tensor:
        """Read one more id of every row; the logits after it."""
        body = self._model.model
        turns = self._turns(talk.places())
        states = body.embed_tokens(ids)
        for number, layer in enumerate(self._layers):
            found = self._attended(number, layer, self._normed(states, layer.before), turns[layer.sliding], talk)
            states = states + self._normed(self._times(found, layer.out), layer.after)
            gate, up = self._times(self._normed(states, layer.inner), layer.gated).chunk(2, -1)
            inner = torch.nn.functional.gelu(gate, approximate="tanh").mul_(up)
            states = states + self._normed(self._times(inner, layer.down), layer.last)
        talk.columns += 1
        return self._logits(self._normed(states, self._norm))

    def _turns(self, places: torch.Tensor) -> dict[bool, tuple[torch.Tensor, torch.Tensor]]:
        """Cosine and sine of every row's place, (rows, half a head), for sliding layers and for the others."""
        return {
            sliding: gemma.rotation(self._model, places, "sliding_attention" if sliding else "full_attention")
            for sliding in {layer.sliding for layer in self._layers}
        }

    def _attended(
        self,
        number: int,
        layer: _Layer,
        states: torch.Tensor,
        turns: tuple[torch.Tensor, torch.Tensor],
        talk: _Talk,
    ) -> torch.Tensor:
        heads = self._heads
        every = self._times(states, layer.project).float().view(len(states), heads.rows, heads.size)
        count = heads.queries + heads.keys
        plain = every[:, :count]
        if layer.heads is not None:
            plain = self._normed(plain, layer.heads)
        turned = torch.empty(plain.shape)
        turn(plain, *turns, turned)
        talk.add(number, turned[:, heads.queries :], every[:, count:])
        return talk.look(number, turned[:, : heads.queries], self._scale, self._cap)


class _Read(NamedTuple):
    """Prompts: keys and values by layer, (prompts * key heads, columns, size), what is hidden, lengths, last states."""

    pairs: list[tuple[torch.Tensor, torch.Tensor]]
    hidden: torch.Tensor
    lengths: torch.Tensor
    states: torch.Tensor


class _Talk:
    """Keys and values of the rows' own tokens, and which prompt each row has. columns: of own tokens, filled."""

    def __init__(self, read: _Read, heads: Heads, layers: int, repeat: int, room: int) -> None:
        prompts = len(read.lengths)
        self.columns = 0
        self._read, self._heads = read, heads
        self._own = torch.empty(layers, 2, prompts * repeat, heads.keys, room, heads.size)
        self._which = torch.arange(prompts).repeat_interleave(repeat)
        self._seat()

    def keep(self, rows: torch.Tensor) -> None:
        """Go on with these rows, in their order."""
        self._own, self._which = self._own[:, :, rows], self._which[rows]
        self._seat()

    def places(self) -> torch.Tensor:
        """Where the next token of every row stands in it."""
        return self._read.lengths[self._which] + self.columns

    def add(self, layer: int, keys: torch.Tensor, values: torch.Tensor) -> None:
        """One more column of a layer, (rows, key heads, size) each."""
        self._own[layer, 0, :, :, self.columns] = keys
        self._own[layer, 1, :, :, self.columns] = values

    def look(self, layer: int, queries: torch.Tensor, scale: float, cap: float) -> torch.Tensor:
        """What queries (rows, query heads, size) take from the prompt and the row's own tokens; (rows, all of it)."""
        rows, _, size = queries.shape
        filled = self.columns + 1
        keys, values = (kind[:, :, :filled].flatten(0, 1) for kind in self._own[layer])
        own = queries.reshape(len(keys), -1, size) * scale
        old_keys, old_values = self._read.pairs[layer]
        before = self._alone(torch.bmm(self._together(own), old_keys.transpose(1, 2)))
        scores = torch.cat([before, torch.bmm(own, keys.transpose(1, 2))], 2)
        if cap:
            scores = scores.div_(cap).tanh_().mul_(cap)
        split = scores.view(rows, -1, scores.shape[2])
        split[:, :, :-filled] += self._read.hidden[self._which][:, None]
        shares = torch.softmax(scores, -1)
        found = self._alone(torch.bmm(self._together(shares[:, :, :-filled]), old_values))
        return found.baddbmm_(shares[:, :, -filled:], values).view(rows, -1)

    def _seat(self) -> None:
        """A seat for every row beside the others of its prompt; prompts have the same number of seats."""
        counts = torch.bincount(self._which, minlength=len(self._read.lengths))
        self._seats = int(counts.max())
        rank = torch.arange(len(self._which)) - (counts.cumsum(0) - counts)[self._which]
        self._seated = self._which * self._seats + rank

    def _together(self, one: torch.Tensor) -> torch.Tensor:
        """(rows * key heads, share, n) as (prompts * key heads, seats * share, n); what nobody sits on is 0."""
        _, share, size = one.shape
        keys, prompts = self._heads.keys, len(self._read.lengths)
        table = one.new_zeros(prompts * self._seats, keys, share, size)
        table[self._seated] = one.reshape(-1, keys, share, size)
        return table.view(prompts, self._seats, keys, share, size).transpose(1, 2).reshape(prompts * keys, -1, size)

    def _alone(self, together: torch.Tensor) -> torch.Tensor:
        """The way back."""
        keys, prompts, size = self._heads.keys, len(self._read.lengths), together.shape[2]
        table = together.view(prompts, keys, self._seats, -1, size).transpose(1, 2)
        return table.flatten(0, 1)[self._seated].flatten(0, 1)
