"""Train the committed model from the labelled replies: `python -m work_life_firewall.stakeholders.reading.fit`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, vstack

from ...world.event import Ask, Event
from ...world.reading import ACTS
from .compose import Row, composed, pieces
from .features import DIMENSIONS, features, word_codes
from .guard import guard
from .labels import Label, labels
from .model import MODEL_FILE
from .split import split
from .text import clean, lower, tokens, without_vocative

PENALTY = 1e-4
"""L2 penalty per mean loss; chosen by held-out voices."""
FOLDS = 4
PRECISION = 0.905
"""Share right that the confident part of held-out voices must reach; the promise is 0.90."""
ROUNDS = 120


ASKERS = {
    "oncall_swap": "rahul",
    "client_mail": "david",
    "late_standup": "david",
    "scope_creep": "david",
} | dict.fromkeys(
    ("leave", "leave_refused", "leave_silent", "appraisal", "appraisal_late", "sleep_debt", "client_escalation"),
    "sundar",
)
"""Who asks in the corpus, by kind of event; the others are asked by anyone."""


class Fitted(NamedTuple):
    """Weights (DIMENSIONS x acts) and bias of a linear model."""

    weights: NDArray[np.float64]
    bias: NDArray[np.float64]


def example_event(label: Label) -> Event:
    """A bare event of the label's kind, enough to split a reply over its asks."""
    senders = ("priya", "rahul") if len(label.acts) == 2 else ("rahul",)
    asks = tuple(Ask(id=f"{label.ask}/{place}", sender=sender) for place, sender in enumerate(senders, start=1))
    return Event(id=label.ask, source="slack", sender=senders[0], subject="", body="", asks=asks)


def rows(corpus: Sequence[Label]) -> list[Row]:
    """Parts of replies with their acts; parts without text and instruction-like replies are left to the guard."""
    found: list[Row] = []
    for label in corpus:
        kind = "" if label.ask == "any" else label.ask
        parts = split(guard(clean(label.text)).text, example_event(label)).parts
        names = ("priya", "rahul") if len(label.acts) == 2 else (ASKERS.get(label.ask, ""),)
        for part, act, name in zip(parts, label.acts, names, strict=True):
            text = without_vocative(part, name)
            if text and (act != "ignore" or len(label.acts) == 1):
                found.append(Row(text, kind, ACTS.index(act), label.voice))
    return found


def matrix(examples: Sequence[Row], with_kind: bool) -> csr_matrix:
    """Feature matrix, one row per example."""
    values: list[NDArray[np.float64]] = []
    columns: list[NDArray[np.int64]] = []
    ends = [0]
    for example in examples:
        found = features(example.text, example.kind if with_kind else "")
        for group, value in zip(found.groups, found.values(), strict=True):
            columns.append(group)
            values.append(np.full(len(group), value))
        ends.append(ends[-1] + sum(map(len, found.groups)))
    parts = (np.concatenate(values), np.concatenate(columns), np.array(ends))
    table = csr_matrix(parts, shape=(len(examples), DIMENSIONS))
    table.sum_duplicates()
    return table


def train(table: csr_matrix, acts: NDArray[np.int64], penalty: float = PENALTY) -> Fitted:
    """Multinomial logistic regression by L-BFGS on the columns in use; deterministic on one thread."""
    used = np.unique(table.indices)
    small = table[:, used]
    turned = small.T.tocsr()
    count, classes = small.shape[0], len(ACTS)
    target = np.zeros((count, classes))
    target[np.arange(count), acts] = 1.0

    def loss(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights = flat.reshape(-1, classes)
        logits = small @ weights[:-1] + weights[-1]
        logits -= logits.max(axis=1, keepdims=True)
        odds = np.exp(logits)
        odds /= odds.sum(axis=1, keepdims=True)
        value = -np.log(np.maximum(odds[np.arange(count), acts], 1e-300)).mean() + 0.5 * penalty * float(
            (weights[:-1] ** 2).sum()
        )
        error = (odds - target) / count
        slope = np.vstack((turned @ error + penalty * weights[:-1], error.sum(axis=0)))
        return float(value), slope.ravel()

    start = np.zeros((len(used) + 1) * classes)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS, "maxcor": 12})
    flat = best.x.reshape(-1, classes)
    weights = np.zeros((DIMENSIONS, classes))
    weights[used] = flat[:-1]
    return Fitted(weights, flat[-1])


def folds(examples: Sequence[Row], count: int = FOLDS) -> NDArray[np.int64]:
    """A fold number per example; a voice is never in two folds, and folds are of similar size."""
    sizes: dict[str, int] = {}
    for example in examples:
        sizes[example.voice] = sizes.get(example.voice, 0) + 1
    load = [0] * count
    place: dict[str, int] = {}
    for voice in sorted(sizes, key=lambda name: (-sizes[name], name)):
        place[voice] = load.index(min(load))
        load[place[voice]] += sizes[voice]
    return np.array([place[example.voice] for example in examples])


class HeldOut(NamedTuple):
    """Logits of every example from a model that never saw its voice, and the true acts."""

    logits: NDArray[np.float64]
    acts: NDArray[np.int64]


def held_out(examples: Sequence[Row], penalty: float = PENALTY) -> HeldOut:
    """Predict each fold's voices with a model of the other folds."""
    kinded = matrix(examples, with_kind=True)
    acts = np.array([example.act for example in examples])
    place = folds(examples)
    logits = np.zeros((len(examples), len(ACTS)))
    for fold in range(FOLDS):
        hidden = np.flatnonzero(place == fold)
        model = learn([example for example, its in zip(examples, place, strict=True) if its != fold], penalty)
        logits[hidden] = kinded[hidden] @ model.weights + model.bias
    return HeldOut(logits, acts)


def learn(examples: Sequence[Row], penalty: float = PENALTY) -> Fitted:
    """Train on the examples with and without their kind, and on composed variants of them."""
    made = composed(examples, pieces())
    tables = [matrix(examples, with_kind=False), matrix(examples, with_kind=True), matrix(made, with_kind=True)]
    table = csr_matrix(vstack(tables, format="csr"))
    acts = np.array([example.act for example in (*examples, *examples, *made)])
    return train(table, acts, penalty)


def chances(logits: NDArray[np.float64], temperature: float) -> NDArray[np.float64]:
    """Softmax of logits / temperature, row by row."""
    scaled = logits / temperature
    scaled = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return scaled / scaled.sum(axis=1, keepdims=True)


def temperature_of(seen: HeldOut) -> float:
    """The temperature (0.05..5) with the least log loss on held-out voices."""

    def loss(log_temperature: float) -> float:
        odds = chances(seen.logits, float(np.exp(log_temperature)))
        return float(-np.log(odds[np.arange(len(seen.acts)), seen.acts] + 1e-12).mean())

    steps = np.linspace(-3.0, 1.6, 231)
    return float(np.exp(min(steps, key=loss)))


def threshold_of(odds: NDArray[np.float64], acts: NDArray[np.int64], precision: float = PRECISION) -> float:
    """The lowest confidence (0.3..0.95, steps of .01) from which on this share is right."""
    top, right = odds.max(axis=1), odds.argmax(axis=1) == acts
    for step in range(30, 96):
        sure = top >= step / 100
        if sure.any() and right[sure].mean() >= precision:
            return step / 100
    return 0.95


def write(model: Fitted, temperature: float, threshold: float, vocabulary: list[int], path: Path = MODEL_FILE) -> None:
    """Quantise to int8 per act and write the file; the same model gives the same bytes."""
    in_use = np.flatnonzero(np.abs(model.weights).max(axis=1) > 0)
    kept = model.weights[in_use]
    scale = np.abs(kept).max(axis=0) / 127
    quanta = np.rint(kept / scale).astype(np.int8)
    nonzero = np.abs(quanta).max(axis=1) > 0
    np.savez_compressed(
        path,
        rows=in_use[nonzero].astype(np.uint32),
        quanta=quanta[nonzero],
        scale=scale.astype(np.float32),
        bias=model.bias.astype(np.float32),
        acts=np.arange(len(ACTS), dtype=np.uint8),
        temperature=np.float64(round(temperature, 4)),
        threshold=np.float64(threshold),
        dimensions=np.int64(DIMENSIONS),
        vocabulary=np.array(vocabulary, dtype=np.uint32),
    )


def main() -> None:
    """Rebuild the model file and print what held-out voices say about it."""
    corpus = labels()
    examples = rows(corpus)
    seen = held_out(examples)
    temperature = temperature_of(seen)
    odds = chances(seen.logits, temperature)
    threshold = threshold_of(odds, seen.acts)
    words = sorted(
        {
            code
            for label in corpus
            if label.voice != "adversarial"
            for code in word_codes(tokens(lower(clean(label.text))))
        }
    )
    write(learn(examples), temperature, threshold, words)
    right = odds.argmax(axis=1) == seen.acts
    sure = odds.max(axis=1) >= threshold
    sys.stdout.write(
        f"{len(corpus)} replies, {len(examples)} parts; held-out voices: {right.mean():.3f} right, "
        f"temperature {temperature:.3f}, threshold {threshold:.2f}: "
        f"{right[sure].mean():.3f} right on {sure.mean():.3f}\n"
    )


if __name__ == "__main__":
    main()
