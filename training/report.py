"""How a model plays before anybody trains it further: validation weeks with its own sampled replies, in figures."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from ..agents.decode import Rows, Sampling
from ..agents.hf import ModelNotes
from ..agents.turns import TurnFormat
from ..config import load_recipe
from ..episodes.loop import make_driver
from ..episodes.record import StepRecord, WeekRecord
from ..episodes.seats import plan
from ..episodes.session import Session
from ..world.acts import REFUSES
from ..world.generator import generate, seeds
from ..world.luck import rng
from ..world.scenario import Split
from .gist import gists, gists_in

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

BATCH = 32
"""Replies sampled together."""
EVENINGS = 5
DIGITS = 4


class Played(NamedTuple):
    """The weeks, and the tokens of every prompt and reply in them."""

    weeks: tuple[WeekRecord, ...]
    prompt_tokens: tuple[int, ...]
    reply_tokens: tuple[int, ...]


def play(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerFast,
    notes: ModelNotes,
    weeks: int,
    split: Split = "validation",
) -> Played:
    """Play so many weeks of a split, each decision alone, with replies drawn at the notes' temperature.

    Draws are keyed by (week, event): the same model plays the same weeks. Raises ImportError without the extra.
    """
    recipe = load_recipe()
    others = plan(recipe.personas, "careful")
    driver = make_driver("direct", others)
    sessions = [Session(generate(recipe, seed), others.seats(seed), driver) for seed in seeds(split, weeks)]
    turns = TurnFormat(tokenizer)
    said, asked = list[int](), list[int]()
    while live := [session for session in sessions if not session.over]:
        for start in range(0, len(live), BATCH):
            group = live[start : start + BATCH]
            prompts = [turns.ids(session.observe(), first=True) for session in group]
            for session, ids in zip(group, _sampled(model, turns, prompts, group, notes), strict=True):
                asyncio.run(session.play(turns.text(ids)))
                said.append(len(ids))
            asked += map(len, prompts)
    return Played(tuple(session.record() for session in sessions), tuple(asked), tuple(said))


def _sampled(
    model: PreTrainedModel, turns: TurnFormat, prompts: list[list[int]], group: Sequence[Session], notes: ModelNotes
) -> list[list[int]]:
    import torch

    rows = Rows(model, turns.end_ids, turns.end_ids[0], max(map(len, prompts)) + notes.max_new_tokens)
    rows.append(prompts)
    lucks = [rng(s.state.week.seed, s.observe().event.id, "sampled") for s in group]
    uniforms = torch.tensor([[luck.uniform() for _ in range(notes.max_new_tokens)] for luck in lucks])
    sampling = Sampling(notes.max_new_tokens, notes.temperature)
    return [reply.ids for reply in rows.sample(uniforms, sampling, last=True)]


def figures(played: Played) -> dict[str, Any]:
    """What the weeks came to, means over weeks; shares are over asks, and lengths are tokens of one decision.

    sprint_delivered counts weeks with the whole sprint delivered, sprint_done is the share of its work that was done.
    told_apart: how much likelier an ask that deserves a no is refused than one that deserves a yes, -1..1.
    gists_right: share of what replies say events come to that is true to the facts; null when they say nothing of it.
    """
    weeks = played.weeks
    steps = [step for week in weeks for step in week.steps]
    acts = Counter(ask.act for step in steps for ask in step.reading.asks)

    def mean(of: Callable[[WeekRecord], float]) -> float:
        return round(fmean(map(of, weeks)), DIGITS)

    return {
        "weeks": len(weeks),
        "decisions": mean(lambda week: len(week.steps)),
        "total": mean(lambda week: week.total),
        "components": {name: mean(lambda week, name=name: week.scores[name]) for name in weeks[0].scores},
        "sprint_delivered": mean(lambda week: float(week.delivered)),
        "sprint_done": mean(_done),
        "evenings": [mean(lambda week, day=day: week.evenings[day]) for day in range(EVENINGS)],
        "min_trust": mean(lambda week: min(week.trust.values())),
        "burnout": mean(lambda week: float(week.end == "burnout")),
        "acts": {act: round(count / acts.total(), DIGITS) for act, count in acts.most_common()},
        "read": round(1.0 - acts["unclear"] / acts.total(), DIGITS),
        "gists_right": _gists_right(weeks),
        "told_apart": round(_told_apart(weeks), DIGITS),
        "distinct": round(len({step.reply for step in steps}) / len(steps), DIGITS),
        "prompt_tokens": round(fmean(played.prompt_tokens), 1),
        "reply_tokens": round(fmean(played.reply_tokens), 1),
    }


def _done(week: WeekRecord) -> float:
    """Share of the sprint's work that was done by the end."""
    last = {path: change[1] for step in week.steps for path, change in step.deltas.items()}
    backlog = float(last.get("sprint.backlog", week.start.state["backlog"]))
    return min(float(last.get("sprint.done", 0.0)) / backlog, 1.0) if backlog else 1.0


def _told_apart(weeks: Sequence[WeekRecord]) -> float:
    """Share refused of the canonical asks that deserve a no, less that of those that deserve a yes."""
    recipe = load_recipe()
    refused: dict[str, list[bool]] = {"light": [], "real": []}
    for record in weeks:
        week = generate(recipe, record.seed)
        for step in record.steps:
            for ask, act in _canonical(step):
                refused[week.need(ask)].append(act in REFUSES)
    light, real = refused["light"], refused["real"]
    return fmean(light) - fmean(real) if light and real else 0.0


def _gists_right(weeks: Sequence[WeekRecord]) -> float | None:
    recipe = load_recipe()
    right: list[bool] = []
    for record in weeks:
        week = generate(recipe, record.seed)
        for step in record.steps:
            for ask, _ in _canonical(step):
                true = {way for fact in week.spec(ask).refuse_when for way in _ways(fact, week.facts[fact])}
                false = {way for fact in week.spec(ask).refuse_when for way in _ways(fact)} - true
                said = {found["gist"] for found in gists_in(step.reply)}
                right += [True] * len(said & true) + [False] * len(said & false)
    return round(fmean(right), DIGITS) if right else None


def _ways(fact: str, value: str | None = None) -> list[str]:
    """The ways to say a value of a fact, or any of its values."""
    known = gists().facts.get(fact, {})
    return [way for name, ways in known.items() for way in ways if value is None or name == value]


def _canonical(step: StepRecord) -> list[tuple[str, str]]:
    """(ask, act) of a canonical event; nothing for one that was spawned, whose id says whom it is from."""
    return [] if "@" in step.event or "#" in step.event else [(ask.ask, ask.act) for ask in step.reading.asks]


def samples(played: Played, count: int, seed: int = 0) -> list[dict[str, str]]:
    """Some decisions drawn from the weeks: event id, body, reply, and the acts it was read as."""
    steps = [step for week in played.weeks for step in week.steps]
    return [
        {
            "event": step.event,
            "body": step.observation.event.body,
            "reply": step.reply,
            "acts": " ".join(ask.act for ask in step.reading.asks),
        }
        for step in rng(seed, "report", "samples").sample(steps, count)
    ]
