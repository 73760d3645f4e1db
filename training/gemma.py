"""A Gemma 2 or 3 over packed rows: the numbers of transformers' own, from the same weights, without its padding.

Only what a reply's scores need is computed: no last layer for tokens that predict nothing that is scored.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as fn
from transformers import Gemma2ForCausalLM, Gemma3ForCausalLM

from .attend import Attend, Look
from .packed import Gather, Heads, Part
from .pieces import Gate, Head, Norm, Score


def suits(model: Any) -> bool:  # noqa: ANN401 - any causal model of transformers
    """Whether this pass computes a model: a Gemma as published, all in float32 on a CPU."""
    if type(model) not in (Gemma2ForCausalLM, Gemma3ForCausalLM):
        return False
    config = model.config
    linear = [module for name, module in model.named_modules() if name.endswith(("_proj", "lm_head"))]
    return (
        config.hidden_activation == "gelu_pytorch_tanh"
        and not (model.training and (config.attention_dropout or model.model.layers[0].gradient_checkpointing))
        and not getattr(config, "use_bidirectional_attention", None)
        and all(type(module) is torch.nn.Linear for module in linear)
        and model.lm_head.bias is None
        and all(weight.device.type == "cpu" and weight.dtype == torch.float32 for weight in model.parameters())
    )


def rotation(model: Any, places: torch.Tensor, kind: str) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401
    """Cosine and sine of places, (tokens, half a head) each, for layers of a kind; the halves of a head turn alike."""
    kinds = [kind] if isinstance(model, Gemma3ForCausalLM) else []
    with torch.no_grad():
        cos, sin = model.model.rotary_emb(torch.zeros(1), places[None], *kinds)
    half = cos.shape[-1] // 2
    return cos[0, :, :half].contiguous(), sin[0, :, :half].contiguous()


def score_part(model: Any, part: Part, temperature: float, dtype: torch.dtype) -> tuple[torch.Tensor, torch.Tensor]:  # noqa: ANN401
    """Log-probabilities and entropies of a part's scored tokens, in nats. dtype: of the products of matrices."""
    states = _states(model, part, dtype)
    head = Head(model.config.final_logit_softcapping or 0.0, temperature, dtype)
    return Score.apply(states.index_select(0, part.state), model.lm_head.weight, part.scored, head)


def _states(model: Any, part: Part, dtype: torch.dtype) -> torch.Tensor:  # noqa: ANN401
    """The state after the last norm of every token of `part.states`."""
    body, config = model.model, model.config
    heads = Heads(config.num_attention_heads, config.num_key_value_heads, body.layers[0].self_attn.head_dim)
    gather = part.gather(heads)
    looks = {kind: _look(model, part, heads, gather, kind, dtype) for kind in set(config.layer_types)}
    states = body.embed_tokens(part.ids)
    for number, layer in enumerate(body.layers):
        last = part.states if number + 1 == len(body.layers) else None
        states = _layer(layer, states, looks[config.layer_types[number]], last)
    return _norm(body.norm, states, torch.float32)


def _look(model: Any, part: Part, heads: Heads, gather: Gather, kind: str, dtype: torch.dtype) -> Look:  # noqa: ANN401
    config, attention = model.config, model.model.layers[0].self_attn
    window = config.sliding_window if kind == "sliding_attention" else None
    cos, sin = rotation(model, part.places, kind)
    return Look(
        heads=heads,
        gather=gather,
        hidden=[_cast(part.hidden(block, window), dtype) for block in part.blocks],
        cos=cos,
        sin=sin,
        scale=attention.scaling,
        cap=attention.attn_logit_softcapping or 0.0,
        eps=config.rms_norm_eps,
        dtype=dtype,
    )


def _cast(
    hidden: tuple[torch.Tensor, torch.Tensor | None], dtype: torch.dtype
) -> tuple[torch.Tensor, torch.Tensor | None]:
    own, before = hidden
    return own.to(dtype), None if before is None else before.to(dtype)


def _layer(layer: Any, states: torch.Tensor, look: Look, last: torch.Tensor | None) -> torch.Tensor:  # noqa: ANN401
    """One layer; with `last` for those tokens only."""
    found = _attended(layer.self_attn, _norm(layer.input_layernorm, states, look.dtype), look)
    if last is not None:
        found, states = found.index_select(0, last), states.index_select(0, last)
    found = _linear(found, [layer.self_attn.o_proj])
    states = states + _norm(layer.post_attention_layernorm, found, torch.float32)
    inner = _norm(layer.pre_feedforward_layernorm, states, look.dtype)
    inner = _linear(Gate.apply(_linear(inner, [layer.mlp.gate_proj, layer.mlp.up_proj])), [layer.mlp.down_proj])
    return states + _norm(layer.post_feedforward_layernorm, inner, torch.float32)


def _attended(attention: Any, states: torch.Tensor, look: Look) -> torch.Tensor:  # noqa: ANN401
    heads = look.heads
    every = _linear(states, [attention.q_proj, attention.k_proj, attention.v_proj])
    gains = None
    if hasattr(attention, "q_norm"):
        norms = [attention.q_norm] * heads.queries + [attention.k_norm] * heads.keys
        gains = 1.0 + torch.stack([norm.weight for norm in norms])
    found = Attend.apply(every.view(len(states), heads.rows, heads.size), gains, look)
    return found.view(len(states), -1)


def _norm(norm: Any, states: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:  # noqa: ANN401
    return Norm.apply(states, norm.weight, norm.eps, dtype)


def _linear(states: torch.Tensor, layers: list[Any]) -> torch.Tensor:
    """Several projections of one input as one product, in the input's type."""
    weight = torch.cat([layer.weight for layer in layers]).to(states.dtype)
    bias = None if layers[0].bias is None else torch.cat([layer.bias for layer in layers]).to(states.dtype)
    return fn.linear(states, weight, bias)
