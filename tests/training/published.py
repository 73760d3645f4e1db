"""Gemmas of a few thousand random weights in the formats that the published ones come in, with no notes of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from work_life_firewall.agents.prompt import compact
from work_life_firewall.episodes.job import Setup
from work_life_firewall.training.tokenizer import train
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.view import observe

Kind = Literal["gemma2", "gemma3", "multimodal"]
KINDS: tuple[Kind, ...] = ("gemma2", "gemma3", "multimodal")
VOCABULARY = 600
TEXT: dict[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 16,
    "query_pre_attn_scalar": 16,
    "sliding_window": 64,
    "max_position_embeddings": 4096,
    "pad_token_id": 0,
    "bos_token_id": 2,
    "eos_token_id": [1, 5],
}
WIDE = {"hidden_size": 64, "intermediate_size": 128, "head_dim": 32, "query_pre_attn_scalar": 32}
"""Wide enough for the 64 numbers that share a scale in 4 bit."""
EYES: dict[str, Any] = {
    "hidden_size": 16,
    "intermediate_size": 16,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "image_size": 28,
    "patch_size": 14,
}


def published(kind: Kind, folder: Path, **shape: int) -> Path:
    """Write a folder like one from the hub; the same weights every time."""
    import torch

    recipe = Setup().recipe()
    tokenizer = train([compact(observe(start(generate(recipe, seed)))) for seed in range(20)], VOCABULARY, 4096)
    torch.manual_seed(0)
    _model(kind, {**TEXT, **shape}).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def _model(kind: Kind, text: dict[str, Any]) -> Any:  # noqa: ANN401
    import transformers as tf

    if kind == "gemma2":
        return tf.Gemma2ForCausalLM(tf.Gemma2Config(**text))
    if kind == "gemma3":
        return tf.Gemma3ForCausalLM(tf.Gemma3TextConfig(**text))
    config = tf.Gemma3Config(
        text_config=text,
        vision_config=EYES,
        image_token_index=VOCABULARY - 1,
        boi_token_index=VOCABULARY - 2,
        eoi_token_index=VOCABULARY - 3,
        mm_tokens_per_image=1,
    )
    return tf.Gemma3ForConditionalGeneration(config)
