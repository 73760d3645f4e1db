"""How well a bag of words tells the facts of held-out weeks, and what norms cost: linear probes and averages.

A small Gemma divides each token's embedding by its length before it does anything with it, and the sum again. Averaged
embeddings with and without these norms, trained as a warm start's are, show what that alone does to words nobody saw.

Run: python benchmarks/facts/bags.py (training and dev extras; about a minute on one core).
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from work_life_firewall.config import load_recipe
from work_life_firewall.training.examples import first_messages
from work_life_firewall.training.gist import facts_of
from work_life_firewall.training.model import load
from work_life_firewall.world.generator import seeds

ROOT = Path(__file__).parents[2]
OUT = ROOT / "docs" / "results" / "training" / "bags.csv"
TOKENS = ROOT / "training" / "models" / "people-pleaser"
TRAIN, HELD_OUT = 800, 400
"""Weeks: as many as a lesson-only model learns from, and enough validation weeks for a third of a percent."""
SEEDS = 3
RATE, LAST, DECAY, BATCH, WIDTH = 6e-3, 0.02, 0.05, 20, 256
EPS = 1e-6


class Average(NamedTuple):
    """How embeddings are averaged. tokens, mean: whether each is divided by its length; offset: standard deviation of a
    vector that all embeddings begin with, beside their own.
    """

    tokens: bool = False
    mean: bool = False
    rate: float = RATE
    offset: float = 0.0


AVERAGES = {
    "no norms": Average(),
    "each divided by its length": Average(tokens=True),
    "their mean, too": Average(tokens=True, mean=True),
    "the same at a third of the rate": Average(tokens=True, mean=True, rate=RATE / 3),
    "the same with a common offset": Average(tokens=True, mean=True, offset=0.1),
}


class Message(NamedTuple):
    """What one message says, the fact it tells, and whether that has its first value."""

    text: str
    fact: str
    first: bool


def messages(split: Literal["train", "validation"], weeks: int) -> list[Message]:
    """The first messages of some weeks that tell one fact."""
    values = {fact: pool.values for fact, pool in load_recipe().scenario.facts.items()}
    return [
        Message(seen.event.body, told[0][0], told[0][1] == values[told[0][0]][0])
        for state, seen in first_messages(seeds(split, weeks))
        if len(told := facts_of(state, seen)) == 1
    ]


def probe(train: list[Message], held_out: list[Message]) -> float:
    """Share of held-out messages that a logistic regression per fact tells right, on words and pairs of words."""
    right = 0
    for fact in sorted({message.fact for message in train}):
        mine, others = ([one for one in some if one.fact == fact] for some in (train, held_out))
        bag = CountVectorizer(binary=True, ngram_range=(1, 2), min_df=2)
        seen = bag.fit_transform([one.text for one in mine])
        fitted = LogisticRegression(max_iter=3000).fit(seen, [one.first for one in mine])
        found = fitted.predict(bag.transform([one.text for one in others]))
        right += int((found == np.array([one.first for one in others])).sum())
    return right / len(held_out)


class Averaging(torch.nn.Module):
    """The mean of a message's embeddings, and a linear yes or no for each fact."""

    def __init__(self, vocabulary: int, facts: int, how: Average) -> None:
        super().__init__()
        self.embeddings = torch.nn.Embedding(vocabulary, WIDTH)
        torch.nn.init.normal_(self.embeddings.weight, std=0.02)
        self.heads = torch.nn.Linear(WIDTH, facts)
        with torch.no_grad():
            self.embeddings.weight.add_(how.offset * torch.randn(WIDTH))
        self._how = how

    def forward(self, ids: list[list[int]], facts: list[int]) -> torch.Tensor:
        """The logit of each message's own fact, (messages,)."""
        lengths = torch.tensor([len(one) for one in ids])
        tokens = self.embeddings(torch.tensor([token for one in ids for token in one])) * WIDTH**0.5
        if self._how.tokens:
            tokens = _normed(tokens)
        rows = torch.repeat_interleave(torch.arange(len(ids)), lengths)
        mean = torch.zeros(len(ids), WIDTH).index_add(0, rows, tokens) / lengths[:, None]
        if self._how.mean:
            mean = _normed(mean)
        return self.heads(mean)[torch.arange(len(ids)), torch.tensor(facts)]


def _normed(states: torch.Tensor) -> torch.Tensor:
    return states * (states.pow(2).mean(-1, keepdim=True) + EPS).rsqrt()


def averaged(how: Average, seed: int, tokenizer: Any, train: list[Message], held_out: list[Message]) -> float:  # noqa: ANN401
    """The same by averaged embeddings, after one pass with AdamW; shuffled and drawn by `seed`."""
    torch.manual_seed(seed)
    facts = sorted({message.fact for message in train})

    def encoded(some: list[Message]) -> tuple[list[list[int]], list[int], torch.Tensor]:
        ids = [list(dict.fromkeys(tokenizer(one.text, add_special_tokens=False)["input_ids"])) for one in some]
        return ids, [facts.index(one.fact) for one in some], torch.tensor([float(one.first) for one in some])

    order = random.Random(seed).sample(train, len(train))
    model = Averaging(len(tokenizer), len(facts), how)
    learner = torch.optim.AdamW(model.parameters(), lr=how.rate, weight_decay=DECAY)
    steps = len(order) // BATCH
    for step in range(steps):
        ids, asked, truth = encoded(order[step * BATCH : (step + 1) * BATCH])
        learner.param_groups[0]["lr"] = how.rate * max(LAST, 1 - step / steps)
        learner.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(model(ids, asked), truth).backward()
        learner.step()
    ids, asked, truth = encoded(held_out)
    with torch.no_grad():
        return float(((model(ids, asked) > 0) == truth.bool()).float().mean())


def main() -> None:
    """Print and write the table."""
    torch.set_num_threads(1)
    _, tokenizer = load(TOKENS)
    train, held_out = messages("train", TRAIN), messages("validation", HELD_OUT)

    def rows() -> Iterator[tuple[str, str]]:
        yield "logistic regression a fact, words and pairs", f"{probe(train, held_out):.4f}"
        for what, how in AVERAGES.items():
            shares = [averaged(how, seed, tokenizer, train, held_out) for seed in range(SEEDS)]
            yield f"averaged embeddings, {what}", " ".join(f"{share:.4f}" for share in shares)

    with OUT.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["bag", "share told right"])
        for row in rows():
            print(*row, sep=": ", flush=True)
            table.writerow(row)


if __name__ == "__main__":
    main()
