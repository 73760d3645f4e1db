"""A small Gemma from its config, and its folder in the Hugging Face format with our `wlf.json` beside it."""

# pyright: reportMissingImports=false
from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..agents.hf import NOTES, ModelNotes
from .tokenizer import BOS, END, EOS, PAD
from .warm_config import ModelConfig

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

FULL_EVERY = 4
"""Every fourth layer, and the last, sees the whole row; the others a sliding window."""


def make(config: ModelConfig, tokenizer: PreTrainedTokenizerFast) -> PreTrainedModel:
    """A Gemma of the config's shape with random weights, in float32; seed torch before."""
    from transformers import Gemma2Config, Gemma2ForCausalLM, Gemma3ForCausalLM, Gemma3TextConfig

    shape: dict[str, Any] = _shape(config, tokenizer)
    if config.family == "gemma2":
        return Gemma2ForCausalLM(Gemma2Config(**shape))
    return Gemma3ForCausalLM(Gemma3TextConfig(**shape))


def _shape(config: ModelConfig, tokenizer: PreTrainedTokenizerFast) -> dict[str, Any]:
    full = {place for place in range(config.layers) if (place + 1) % FULL_EVERY == 0} | {config.layers - 1}
    return {
        # Gemma2 caps its attention scores, which only eager attention can.
        "attn_implementation": "eager" if config.family == "gemma2" else "sdpa",
        "vocab_size": len(tokenizer),
        "hidden_size": config.hidden,
        "intermediate_size": config.intermediate,
        "num_hidden_layers": config.layers,
        "num_attention_heads": config.heads,
        "num_key_value_heads": config.kv_heads,
        "head_dim": config.head_dim,
        "query_pre_attn_scalar": config.head_dim,
        "sliding_window": config.sliding_window,
        "layer_types": ["full_attention" if i in full else "sliding_attention" for i in range(config.layers)],
        "max_position_embeddings": config.context,
        "tie_word_embeddings": True,
        "pad_token_id": tokenizer.convert_tokens_to_ids(PAD),
        "bos_token_id": tokenizer.convert_tokens_to_ids(BOS),
        "eos_token_id": tokenizer.convert_tokens_to_ids([EOS, END]),
    }


def temper(model: PreTrainedModel, temperature: float) -> None:
    """Divide what the model predicts by a temperature, for good: in the gain of its last norm, before Gemma2's cap."""
    import torch

    norm: Any = model.base_model.norm
    with torch.no_grad():
        # A Gemma's gain is 1 + weight.
        norm.weight.copy_((1.0 + norm.weight) / temperature - 1.0)


def save(folder: Path, model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, notes: ModelNotes) -> None:
    """Write a model folder: Hugging Face's files, then `wlf.json`, so that a folder with it is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    text = json.dumps(notes.model_dump(by_alias=True), indent=1) + "\n"
    (folder / NOTES).write_text(text, encoding="utf-8")


def load(folder: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """The model and tokenizer of a folder, by Hugging Face's own loaders. Raises OSError or ValueError as they do."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    with _quiet():
        return AutoModelForCausalLM.from_pretrained(folder), AutoTokenizer.from_pretrained(folder)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without the library's own progress bars, which would tear ours."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
