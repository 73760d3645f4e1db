"""How much of what it reads a model understands: the facts of first messages that its replies tell right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from ..agents.decode import Rows, Sampling
from ..agents.scene import first_name
from ..agents.turns import TurnFormat
from ..world.luck import rng
from ..world.observation import Observation
from .examples import first_messages
from .gist import facts_of, gists, gists_in

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

BATCH = 60
"""Replies sampled together."""
TOKENS = 70
"""Of a reply; what a message comes to is said first, and two asks are answered on two lines."""
TEMPERATURE = 0.5
"""That trained models play at."""


class Told(NamedTuple):
    """What a reply says one ask comes to, None where it says nothing, and what is true."""

    fact: str
    value: str
    said: str | None


def told(model: PreTrainedModel, tokenizer: PreTrainedTokenizerFast, seeds: Iterable[int]) -> list[Told]:
    """A model's answers to the first messages of some weeks that tell a fact; draws are keyed by (week, event)."""
    import torch

    turns = TurnFormat(tokenizer)
    messages = [(state, seen, known) for state, seen in first_messages(seeds) if (known := facts_of(state, seen))]
    found: list[Told] = []
    for start in range(0, len(messages), BATCH):
        group = messages[start : start + BATCH]
        prompts = [turns.ids(seen, first=True) for _, seen, _ in group]
        rows = Rows(model, turns.end_ids, turns.end_ids[0], max(map(len, prompts)) + TOKENS)
        rows.append(prompts)
        lucks = [rng(state.week.seed, seen.event.id, "told") for state, seen, _ in group]
        uniforms = torch.tensor([[luck.uniform() for _ in range(TOKENS)] for luck in lucks])
        replies = rows.sample(uniforms, Sampling(TOKENS, TEMPERATURE), last=True)
        for (_, seen, known), reply in zip(group, replies, strict=True):
            found += tell(seen, known, turns.text(reply.ids))
    return found


def figures(answers: Sequence[Told]) -> dict[str, Any]:
    """asks; right: share of them that are told right; silent: share of which nothing is said; by fact and value."""
    by_value: defaultdict[str, list[bool]] = defaultdict(list)
    for answer in answers:
        by_value[f"{answer.fact}={answer.value}"].append(answer.said == answer.value)
    return {
        "asks": len(answers),
        "right": round(fmean(answer.said == answer.value for answer in answers), 4),
        "silent": round(fmean(answer.said is None for answer in answers), 4),
        "by_value": {name: round(fmean(right), 4) for name, right in sorted(by_value.items())},
    }


def tell(seen: Observation, known: Sequence[tuple[str, str]], reply: str) -> list[Told]:
    """What a reply says of each ask; of several, a line is about the ask of whom it names first."""
    if len(known) == 1:
        parts = [reply]
    else:
        names = [f"{first_name(ask.sender)}: " for ask in seen.event.asks]
        parts = ["\n".join(line for line in reply.split("\n") if line.startswith(name)) for name in names]
    return [Told(fact, value, _said(part, fact)) for (fact, value), part in zip(known, parts, strict=True)]


def _said(text: str, fact: str) -> str | None:
    """The value of a fact that a text tells first."""
    values = {way: value for value, ways in gists().facts[fact].items() for way in ways}
    return next((values[found["gist"]] for found in gists_in(text) if found["gist"] in values), None)
