"""Model configs and files for tests against a server on loopback."""

from __future__ import annotations

from pathlib import Path

import yaml

from work_life_firewall.agents.chat.client import ChatClient
from work_life_firewall.agents.chat.model_config import ModelConfig

QUICK: dict[str, object] = {
    "schema": 1,
    "model": "stub",
    "timeout_s": 5.0,
    "deadline_s": 30.0,
    "backoff_s": 0.01,
    "in_flight": 64,
}


def config(url: str, **changed: object) -> ModelConfig:
    """A model that answers at `url`, with short pauses."""
    return ModelConfig.model_validate({**QUICK, "base_url": url, **changed})


def client(url: str, **changed: object) -> ChatClient:
    """A client of that model."""
    return ChatClient(config(url, **changed))


def model_file(folder: Path, url: str, **changed: object) -> Path:
    """The same as a file, to be named as llm:FILE."""
    path = folder / "model.yaml"
    path.write_text(yaml.safe_dump({**QUICK, "base_url": url, **changed}), encoding="utf-8")
    return path
