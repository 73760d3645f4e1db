"""A small Gemma as a Hugging Face folder that any server can load: trained for a minute to write our JSON.

`python tests/support/gemma_folder.py DIR`, in an environment with torch and transformers. It repeats shipped sentences
whatever it is asked: enough to end its strings, which random weights never do. A test fixture, never a coworker.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
import yaml
from transformers import Gemma2Config, Gemma2ForCausalLM, PreTrainedTokenizerFast

from work_life_firewall.config import ROOT

if __package__:
    from .gemma import END, VOCABULARY, tokenizer
else:
    sys.path.insert(0, str(Path(__file__).parent))
    from gemma import END, VOCABULARY, tokenizer  # type: ignore[no-redef]

WINDOW = 64
"""Tokens that every layer looks back: what was trained on short texts then holds at the end of a long prompt."""
LENGTH = 160
STEPS, BATCH, RATE = 300, 16, 3e-3
SHAPE: Mapping[str, Any] = {
    "vocab_size": VOCABULARY,
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_hidden_layers": 2,
    "layer_types": ["sliding_attention", "sliding_attention"],
    "sliding_window": WINDOW,
    "num_attention_heads": 2,
    "num_key_value_heads": 1,
    "head_dim": 64,
    "query_pre_attn_scalar": 64,
    "max_position_embeddings": 8192,
    "pad_token_id": 0,
    "eos_token_id": [1, 4],
    "bos_token_id": 2,
    "attn_implementation": "eager",
}
"""The architecture, as Gemma2Config is given it: two layers, 0.7 million weights."""
LINE = "'<start_of_turn>' + message['role'] + '\\n' + message['content'] + '<end_of_turn>\\n'"
TEMPLATE = (
    f"{{{{ bos_token }}}}{{% for message in messages %}}{{{{ {LINE} }}}}{{% endfor %}}"
    "{% if add_generation_prompt %}{{ '<start_of_turn>model\\n' }}{% endif %}"
)
SIDES = ("respect", "clarity", "helpfulness", "reliability")
FOLLOW_UPS = ("none", "none", "nudge", "clarify", "favour")


def sentences() -> list[str]:
    """Every shipped line of a coworker that has no slots."""
    found: list[str] = []
    for path in sorted((ROOT / "voices").glob("*.yaml")):
        found += _texts(yaml.safe_load(path.read_text(encoding="utf-8"))["pools"])
    return [text for text in found if "{" not in text]


def sample(luck: random.Random, lines: list[str]) -> str:
    """One turn of a conversation's end, and an answer of the kind that our schema asks for."""
    follow_up = luck.choice(FOLLOW_UPS)
    answer = {
        "message": " ".join(luck.sample(lines, luck.choice((1, 1, 2)))),
        "appraisal": {side: luck.choice((-2, -1, 0, 1, 2)) for side in SIDES},
        "follow_up": follow_up,
        "wording": "" if follow_up == "none" else luck.choice(lines),
    }
    asked = f"{luck.choice(lines)}\n\nAnswer as Priya, with one JSON object."
    return f"{asked}<end_of_turn>\n<start_of_turn>model\n{json.dumps(answer, ensure_ascii=False)}<end_of_turn>"


def make(folder: Path, steps: int = STEPS) -> float:
    """Train for so many steps, 2 or more, and save; returns the last loss, in nats a token."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    luck, lines = random.Random(0), sentences()
    words = tokenizer()
    model = Gemma2ForCausalLM(Gemma2Config(**SHAPE)).train()
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE)
    steepness = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps)
    loss = torch.tensor(0.0)
    for _ in range(steps):
        batch = _batch([words.encode(sample(luck, lines)).ids for _ in range(BATCH)])
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        steepness.step()
        optimizer.zero_grad()
    model.eval().save_pretrained(folder)
    saved = PreTrainedTokenizerFast(
        tokenizer_object=words, bos_token="<bos>", eos_token=END, pad_token="<pad>", clean_up_tokenization_spaces=False
    )
    saved.chat_template = TEMPLATE
    saved.save_pretrained(folder)
    return float(loss.detach())


def _batch(rows: list[list[int]]) -> dict[str, torch.Tensor]:
    """Rows cut to one length from the front, so that the ends of answers are never lost, and padded."""
    ids = torch.zeros(len(rows), LENGTH, dtype=torch.long)
    seen, labels = torch.zeros_like(ids), torch.full_like(ids, -100)
    for number, row in enumerate(rows):
        kept = torch.tensor(row[-LENGTH:])
        ids[number, : len(kept)], labels[number, : len(kept)] = kept, kept
        seen[number, : len(kept)] = 1
    return {"input_ids": ids, "attention_mask": seen, "labels": labels}


def _texts(pools: Any) -> list[str]:  # noqa: ANN401 - whatever a voice file holds
    if isinstance(pools, str):
        return [pools]
    inner = pools.values() if isinstance(pools, dict) else pools
    return [text for part in inner for text in _texts(part)]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    given = parser.parse_args()
    print(f"loss {make(given.folder):.2f}, saved to {given.folder}")
