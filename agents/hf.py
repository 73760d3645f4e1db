"""A local Hugging Face model in Arjun's seat: the small Gemma, trained or not. Knows no score and no coworker.

Weeks in flight share one `Batcher`: what they ask for in one turn of the event loop is answered in one generation.
"""

# pyright: reportMissingImports=false
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from pydantic import Field, ValidationError

from ..world.frozen import SCHEMA, Frozen
from ..world.observation import Observation
from .decode import Rows, Sampling
from .turns import TurnFormat
from .weights import causal_model, is_model

NOTES = "wlf.json"
MOST = 128
"""Rows of one generation."""
Context = Literal["turn", "week"]
INSTRUCTION = (
    "You are Arjun, a senior engineer in Bengaluru. Your sprint demo is on Friday at 16:00; you want to deliver it, "
    "keep your word, stay on good terms with your colleagues, and come through the week rested. Below is the moment "
    "you are in and what has just reached you. Some asks deserve a yes, some a no. Write the one message you send "
    "back, or the technical action you take: one to three plain sentences that say what you will do and by when, or "
    "what you will not do and what they can have instead. Answer each person by name."
)
"""What a model that was not taught the task is told before its first turn."""


class ModelNotes(Frozen):
    """What a model folder says of itself beyond Hugging Face's files: how much it sees, and how it speaks.

    context: one decision alone, or the week so far. contexts: what it was trained on. max_new_tokens: of one reply.
    instruction: what stands before its first turn; "" for a model that was taught the task.
    """

    schema_: Literal[1] = Field(default=SCHEMA, alias="schema")
    context: Context = "turn"
    contexts: tuple[Context, ...] = ("turn", "week")
    max_new_tokens: int = 96
    temperature: float = 1.0
    instruction: str = ""
    made_by: str = ""


UNTAUGHT = ModelNotes(instruction=INSTRUCTION, max_new_tokens=128)
"""The notes of a folder without any: a Gemma as it was published."""


class BadModel(ValueError):
    """A model folder that cannot be used; one line."""


def read_notes(folder: Path) -> ModelNotes:
    """The notes of a model folder; those of an untaught model where it has none. Raises BadModel for a broken file."""
    file = folder / NOTES
    if not file.exists():
        return UNTAUGHT
    try:
        return ModelNotes.model_validate_json(file.read_bytes())
    except (ValidationError, OSError) as error:
        told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else error.strerror
        raise BadModel(f"{file}: {told}") from None


class InstructedTurns(TurnFormat):
    """Turns whose first one opens with an instruction; Gemma's format has no place for it but the user's turn."""

    def __init__(self, tokenizer: Any, instruction: str) -> None:  # noqa: ANN401
        super().__init__(tokenizer)
        self._instruction = instruction

    def turn_ids(self, seen: str, first: bool) -> list[int]:
        """The turn up to where the reply begins."""
        return super().turn_ids(f"{self._instruction}\n\n{seen}" if first and self._instruction else seen, first)


class Wanted(NamedTuple):
    """One reply to be generated: the row so far, and its own random numbers (max_new_tokens,)."""

    ids: list[int]
    uniforms: Any
    answer: asyncio.Future[list[int]]


class Batcher:
    """Collects what weeks in flight want and generates it together; `most` rows at a time."""

    def __init__(self, model: Any, turns: TurnFormat, pad_id: int, sampling: Sampling, most: int = MOST) -> None:  # noqa: ANN401
        self.turns = turns
        self.sampling = sampling
        self._model = model
        self._pad = pad_id
        self._most = most
        self._waiting: list[Wanted] = []

    async def reply(self, ids: list[int], uniforms: Any) -> list[int]:  # noqa: ANN401 - a numpy array
        """The ids of a reply to a row; whatever the model raises is raised to everyone who waits."""
        answer: asyncio.Future[list[int]] = asyncio.get_running_loop().create_future()
        self._waiting.append(Wanted(ids, uniforms, answer))
        if len(self._waiting) == 1:
            try:
                await self._gathered()
            finally:  # a week that is cancelled here still answers the others
                self._answer()
        return await answer

    async def _gathered(self) -> None:
        """Let the other weeks come to where they wait, too."""
        count = 0
        while count != len(self._waiting):
            count = len(self._waiting)
            await asyncio.sleep(0)

    def _answer(self) -> None:
        waiting, self._waiting = self._waiting, []
        waiting.sort(key=lambda wanted: len(wanted.ids))
        for first in range(0, len(waiting), self._most):
            some = waiting[first : first + self._most]
            try:
                for wanted, ids in zip(some, self._generated(some), strict=True):
                    if not wanted.answer.done():
                        wanted.answer.set_result(ids)
            except Exception as error:  # each week records it as its own failure
                for wanted in some:
                    if not wanted.answer.done():
                        wanted.answer.set_exception(error)

    def _generated(self, some: Sequence[Wanted]) -> list[list[int]]:
        import torch

        room = max(len(wanted.ids) for wanted in some) + self.sampling.max_new_tokens
        rows = Rows(self._model, self.turns.end_ids, self._pad, room)
        rows.append([wanted.ids for wanted in some])
        uniforms = torch.from_numpy(np.stack([wanted.uniforms for wanted in some]))
        return [said.ids for said in rows.sample(uniforms, self.sampling, last=True)]


class LocalModel(NamedTuple):
    """A loaded folder, ready to speak."""

    notes: ModelNotes
    batcher: Batcher


class HFProtagonist:
    """One week's seat at a shared model; the same week and seed give the same replies.

    (Up to the last bit of float arithmetic: other weeks in a batch may round a draw the other way, very seldom.)
    """

    def __init__(self, local: LocalModel, seed: int = 0) -> None:
        self._local = local
        self._seed = seed
        self._row: list[int] = []

    async def reply(self, obs: Observation) -> str:
        """The model's text; "" when it says nothing."""
        turns = self._local.batcher.turns
        if self._local.notes.context == "turn":
            self._row = []
        row = [*self._row, *turns.ids(obs, first=not self._row)]
        said = await self._local.batcher.reply(row, self._uniforms(obs))
        ended = bool(said) and said[-1] in turns.end_ids
        self._row = [*row, *said] if ended else [*row, *said, turns.end_ids[0]]
        return turns.text(said)

    def _uniforms(self, obs: Observation) -> np.ndarray[Any, np.dtype[np.float32]]:
        key = blake2b(f"{self._seed}|{obs.episode_id}|{obs.event.id}|hf".encode(), digest_size=8).digest()
        made = np.random.Generator(np.random.Philox(int.from_bytes(key, "big")))
        return made.random(self._local.batcher.sampling.max_new_tokens, dtype=np.float32)


def local_model(folder: str) -> LocalModel:
    """The model of a folder, loaded once. Raises BadModel: no such folder, broken files, the extra not installed."""
    path = Path(folder)
    if not is_model(path):
        raise BadModel(f"{folder}: no model folder (config.json is missing)")
    stamp = max(file.stat().st_mtime_ns for file in path.iterdir())
    return _loaded(folder, stamp)


@lru_cache(maxsize=2)
def _loaded(folder: str, _stamp: int) -> LocalModel:
    notes = read_notes(Path(folder))
    try:
        import torch
        from transformers import AutoTokenizer
        from transformers.utils import logging
    except ImportError as error:
        hint = "pip install 'openenv-work-life-firewall[train]'"
        raise BadModel(f"hf: needs the training extra ({error.name} is missing): {hint}") from None
    logging.disable_progress_bar()
    try:
        device = "cuda" if torch.cuda.is_available() else "cpu"
        model = causal_model(Path(folder)).eval().to(device)
        tokenizer = AutoTokenizer.from_pretrained(folder)
        turns = InstructedTurns(tokenizer, notes.instruction)
    except Exception as error:  # loaders raise whatever their formats do; the user needs the folder and the reason
        raise BadModel(f"{folder}: cannot be loaded: {type(error).__name__}: {str(error).strip()[:200]}") from error
    sampling = Sampling(notes.max_new_tokens, notes.temperature)
    return LocalModel(notes, Batcher(model, turns, int(tokenizer.pad_token_id or 0), sampling))
