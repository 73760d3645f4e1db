"""Whether a model can play a coworker: asked the turns of real weeks, measured, and told. Changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from statistics import median
from time import perf_counter
from typing import NamedTuple

from ..agents.chat.client import ChatClient
from ..agents.chat.model_config import load_model
from ..agents.chat.preflight import Checked, check
from ..config import load_recipe
from ..world.clock import moment
from ..world.engine import start
from ..world.generator import FIRST_SEED, generate
from ..world.nodes import route, turns
from ..world.ports import Answer, Turn
from .llm import LLMStakeholder
from .reading.local import LocalReader
from .scripted import ScriptedStakeholder

FIT_FROM = 0.9
"""Share of turns that a model must answer itself, after all repairs, to be called fit."""
SHOWN = 5
REPLIES = (
    "Yes, I'll do it, you have it by 4 pm today.",
    "Sorry, I can't take this on this week, the demo needs all my time. I can send you written notes by 11 tomorrow.",
    "Can you tell me first what is blocked, and until when you need it?",
    "no",
)


class Diagnosis(NamedTuple):
    """What was found. answered: turns not left to the script; clean: without any fault. ms are of whole turns."""

    model: str
    base_url: str
    schema: bool
    first_ms: float
    turns: int
    answered: int
    clean: int
    median_ms: float
    calls_per_s: float
    tokens_per_s: float
    faults: tuple[str, ...]

    @property
    def fit(self) -> bool:
        """Whether it may play."""
        return self.answered >= FIT_FROM * self.turns


class _Timed(NamedTuple):
    answer: Answer
    ms: float


def diagnose(name: str, count: int) -> Diagnosis:
    """Ask a model `count` turns at once. Raises ConfigError: no such model; Unusable: it does not answer at all."""
    client = ChatClient(load_model(name))
    return asyncio.run(_diagnosed(client, list(sample_turns(count))))


def sample_turns(count: int) -> Iterator[Turn]:
    """Turns of the first events of validation weeks, after replies of several kinds."""
    recipe, reader = load_recipe(), LocalReader()
    made = 0
    for number in range(count):
        state = start(generate(recipe, FIRST_SEED["validation"] + number, "validation"))
        event, reply = route(state), REPLIES[number % len(REPLIES)]
        reading = reader.read_now(event, reply, moment(state.at))
        for turn in turns(state, event, reading, reply).values():
            if made < count:
                made += 1
                yield turn


async def _diagnosed(client: ChatClient, asked: list[Turn]) -> Diagnosis:
    first = await check(client)
    before = client.ledger.total()
    calls, tokens, began = before.calls, before.completion_tokens, perf_counter()
    timed = await asyncio.gather(*(_answered(client, turn) for turn in asked))
    took = perf_counter() - began
    after = client.ledger.total()
    return _told(client, first, timed, (after.calls - calls) / took, (after.completion_tokens - tokens) / took)


async def _answered(client: ChatClient, turn: Turn) -> _Timed:
    began = perf_counter()
    answer = await LLMStakeholder(client, ScriptedStakeholder(turn.persona.voice)).answer(turn)
    return _Timed(answer, (perf_counter() - began) * 1e3)


def _told(client: ChatClient, first: Checked, timed: list[_Timed], calls: float, tokens: float) -> Diagnosis:
    faults = [f"{fault.rung} {fault.kind}: {fault.detail}" for one in timed for fault in one.answer.faults]
    return Diagnosis(
        model=client.config.model,
        base_url=client.config.base_url,
        schema=first.schema,
        first_ms=first.ms,
        turns=len(timed),
        answered=sum(one.answer.raw_appraisal is not None for one in timed),
        clean=sum(not one.answer.faults for one in timed),
        median_ms=median(one.ms for one in timed),
        calls_per_s=calls,
        tokens_per_s=tokens,
        faults=tuple(dict.fromkeys(faults))[:SHOWN],
    )
