"""Gemmas of both families in memory, without a tokenizer: for what only counts ids."""

from __future__ import annotations

from typing import Any

import torch
from transformers import Gemma2Config, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig

VOCABULARY = 300


def made(family: str, window: int = 512) -> Any:  # noqa: ANN401
    """A Gemma whose norms do something and whose caps bend."""
    shape: dict[str, Any] = {
        "vocab_size": VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 3,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "query_pre_attn_scalar": 24,
        "sliding_window": window,
        "layer_types": ["sliding_attention", "full_attention", "full_attention"],
        "max_position_embeddings": 128,
    }
    torch.manual_seed(1)
    if family == "gemma2":
        capped = {"attn_implementation": "eager", "attn_logit_softcapping": 1.5, "final_logit_softcapping": 2.0}
        model: Any = Gemma2ForCausalLM(Gemma2Config(**shape, **capped))
    else:
        model = Gemma3ForCausalLM(Gemma3TextConfig(**shape))
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.2 * torch.randn(weight.shape)
    return model
