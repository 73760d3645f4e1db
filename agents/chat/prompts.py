"""Prompt files: the words that models are given, as Markdown under `configs/prompts/`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from ...config import find, read_markdown
from ...world.frozen import Frozen


class PromptFile(Frozen):
    """One prompt: front matter with its id, the words as the body."""

    schema_: Literal[1] = Field(alias="schema")
    id: str
    prompt: str


def load_prompt(name: str | Path) -> str:
    """The words of configs/prompts/NAME.md, or of a file. Raises ConfigError."""
    return read_markdown(find("prompts", name), PromptFile).prompt
