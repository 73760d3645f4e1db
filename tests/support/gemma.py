"""A small Gemma with random weights, held to a JSON schema while it decodes: says nothing sensible, always valid.

Architecture from a config, tokenizer made from our own wordings in seconds; no weights are fetched.
"""

# pyright: reportMissingImports=false
# torch and its kin are not in the development environment; the one test that comes here skips without them.
from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import llguidance.torch as masks
import torch
from llguidance import LLMatcher, LLTokenizer
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import Gemma2Config, Gemma2ForCausalLM

from work_life_firewall.config import ROOT

VOCABULARY = 2048
CONTEXT = 256
"""Tokens of a prompt that are looked at, the last ones."""
STRING_CHARS = 60
"""Characters of a string that it says; random weights would never stop by themselves."""
ITEMS = 3
"""Things in a list that it says, for the same reason."""
END = "<eos>"
SHAPE: Mapping[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 128,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "max_position_embeddings": 2 * CONTEXT,
    "attn_implementation": "eager",
}
"""What Gemma2Config is given."""


def tokenizer() -> Tokenizer:
    """A byte-level BPE tokenizer made from the shipped wordings and voices."""
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    specials = ["<pad>", END, "<bos>", "<start_of_turn>", "<end_of_turn>"]
    trainer = trainers.BpeTrainer(vocab_size=VOCABULARY, special_tokens=specials, initial_alphabet=alphabet)
    files = [str(path) for folder in ("wordings", "voices") for path in sorted((ROOT / folder).glob("*.yaml"))]
    made.train(files, trainer)
    return made


class SmallGemma:
    """Answers the body of a chat call with text; the same body and seed give the same text."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        torch.set_num_threads(1)
        self._tokenizer = tokenizer()
        self._guide = LLTokenizer(self._tokenizer.to_str(), n_vocab=VOCABULARY, eos_token=self._id(END))
        self._model = Gemma2ForCausalLM(Gemma2Config(**SHAPE)).eval()

    def answer(self, body: dict[str, Any]) -> str:
        """The text for one call. Raises RuntimeError when decoding leaves the schema, which it must not."""
        prompt = "".join(f"<start_of_turn>{m['role']}\n{m['content']}<end_of_turn>\n" for m in body["messages"])
        given = self._tokenizer.encode(prompt).ids[-CONTEXT:]
        schema = (body.get("response_format") or {}).get("json_schema", {}).get("schema")
        grammar = LLMatcher.grammar_from_json_schema(
            json.dumps(_bounded(schema or {"type": "string"})), defaults={"whitespace_flexible": False}
        )
        text = self._tokenizer.decode(self._decode(given, LLMatcher(self._guide, grammar), body))
        return text if schema else str(json.loads(text)) or "ok"

    def _decode(self, given: list[int], matcher: LLMatcher, body: dict[str, Any]) -> list[int]:
        luck = torch.Generator().manual_seed(int(body.get("seed", 0)))
        mask = masks.allocate_token_bitmask(1, VOCABULARY)
        step, past, said = torch.tensor([given]), None, list[int]()
        with torch.inference_mode():
            while not matcher.is_stopped() and len(said) < body["max_tokens"]:
                out = self._model(input_ids=step, past_key_values=past, use_cache=True)
                past, logits = out.past_key_values, out.logits[:, -1, :].float()
                masks.fill_next_token_bitmask(matcher, mask, 0)
                masks.apply_token_bitmask_inplace(logits, mask)
                token = int(torch.multinomial(torch.softmax(logits[0], -1), 1, generator=luck))
                if not matcher.consume_token(token):
                    raise RuntimeError(matcher.get_error())
                if token != self._id(END):
                    said.append(token)
                step = torch.tensor([[token]])
        return said

    def _id(self, token: str) -> int:
        found = self._tokenizer.token_to_id(token)
        assert found is not None
        return found


def _bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The schema with a bound on free strings and lists, which is the server's own business."""
    if schema.get("type") == "string" and "enum" not in schema:
        return {**schema, "maxLength": STRING_CHARS}
    if schema.get("type") == "array":
        return {**schema, "items": _bounded(schema["items"]), "maxItems": ITEMS}
    if schema.get("type") == "object":
        inner = {name: _bounded(part) for name, part in schema["properties"].items()}
        return {**schema, "properties": inner}
    return dict(schema)
