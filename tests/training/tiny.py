"""A Gemma of a few thousand random weights in a real folder: fast, unreadable, and good enough for every mechanism."""

from __future__ import annotations

from pathlib import Path

from work_life_firewall.agents.hf import ModelNotes
from work_life_firewall.agents.prompt import compact
from work_life_firewall.episodes.job import Setup
from work_life_firewall.training.model import make, save
from work_life_firewall.training.tokenizer import train
from work_life_firewall.training.warm_config import ModelConfig
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate
from work_life_firewall.world.view import observe

VOCABULARY = 600
SETTINGS = (
    "weeks_alive=3",
    "replies=3",
    "threads=1",
    "sampling.max_new_tokens=8",
    "optim.lr=1e-2",
    "keep.checkpoint_every=2",
    "stop.unclear=1.0",
)
"""Changes to a shipped config that make a step take a fraction of a second."""


def tiny_folder(folder: Path, sliding_window: int = 512) -> Path:
    """Write the model into a folder; the same weights every time."""
    import torch

    recipe = Setup().recipe()
    tokenizer = train([compact(observe(start(generate(recipe, seed)))) for seed in range(20)], VOCABULARY, 4096)
    shape = ModelConfig(
        vocabulary=VOCABULARY,
        hidden=32,
        intermediate=64,
        layers=2,
        heads=2,
        kv_heads=1,
        head_dim=16,
        sliding_window=sliding_window,
    )
    torch.manual_seed(0)
    save(folder, make(shape, tokenizer), tokenizer, ModelNotes(max_new_tokens=8))
    return folder
