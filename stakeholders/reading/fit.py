"""Train the committed model from the labelled replies: `python -m work_life_firewall.stakeholders.reading.fit`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...world.reading import ACTS
from .calibrate import Outcome, calibration_error, chances, outcome, temperature_of, threshold_of
from .features import DIMENSIONS
from .labels import labels
from .model import MODEL_FILE
from .ridge import Fitted, fit_ridge, folds, left_out, matrix
from .rows import Row, described, rows, speller
from .spelling import Speller

FOLDS = 6
SCRIPTED = "phrases"
"""Provenance of the rows made from the scripted protagonists' own sentences: trained on, never counted."""
PRECISION = 0.945
"""Share right that the confident part of held-out voices and asks must reach; the promise is 0.92 to other authors."""


class Trained(NamedTuple):
    """A model with its words, calibration, and what it said of held-out voices and held-out asks."""

    model: Fitted
    words: Speller
    temperature: float
    threshold: float
    voices: Outcome
    asks: Outcome


def train(examples: Sequence[Row], words: Speller) -> Trained:
    """Fit, calibrate on held-out voices and asks together, and set the threshold by the worse of the two."""
    acts = np.array([example.act for example in examples])
    model = fit_ridge(matrix([described(example, words) for example in examples]), acts)
    judged = np.array([example.provenance != SCRIPTED for example in examples])
    voices = left_out(model, acts, folds([example.voice for example in examples], FOLDS))[judged]
    asks = left_out(model, acts, folds([example.ask for example in examples], FOLDS))[judged]
    acts = acts[judged]
    temperature = temperature_of(np.vstack((voices, asks)), np.concatenate((acts, acts)))
    seen = [outcome(chances(scores, temperature), acts) for scores in (voices, asks)]
    threshold = max(threshold_of(each, PRECISION) for each in seen)
    return Trained(model, words, temperature, threshold, seen[0], seen[1])


def _text(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8"), dtype=np.uint8)


def write(trained: Trained, path: Path = MODEL_FILE) -> None:
    """Quantise to int8 per act and write the file; the same model gives the same bytes.

    Uncompressed: twice the size, but unpacking was a tenth of a reader's start.
    """
    weights = trained.model.weights
    scale = np.abs(weights).max(axis=0) / 127
    quanta = np.rint(weights / scale).astype(np.int8)
    used = np.flatnonzero(np.abs(quanta).max(axis=1) > 0)
    np.savez(
        path,
        rows=used.astype(np.uint32),
        quanta=quanta[used],
        scale=scale.astype(np.float32),
        bias=trained.model.bias.astype(np.float32),
        acts=np.arange(len(ACTS), dtype=np.uint8),
        temperature=np.float64(trained.temperature),
        threshold=np.float64(trained.threshold),
        dimensions=np.int64(DIMENSIONS),
        english=_text(trained.words.ordered),
        others=_text(sorted(trained.words.known - trained.words.english)),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Rebuild the model file and print what held-out voices and asks say about it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=MODEL_FILE, help="where to write the model")
    out: Path = parser.parse_args(arguments).out
    corpus = labels()
    examples, words = rows(corpus), speller(corpus)
    trained = train(examples, words)
    write(trained, out)
    sys.stdout.write(f"{len(corpus)} replies, {len(examples)} parts; temperature {trained.temperature}\n")
    for name, seen in (("voices", trained.voices), ("asks", trained.asks)):
        kept = seen.sure >= trained.threshold
        sys.stdout.write(
            f"held-out {name}: {seen.right.mean():.3f} right, calibration error {calibration_error(seen):.3f}; "
            f"from {trained.threshold:.2f} on {seen.right[kept].mean():.3f} right on {kept.mean():.3f}\n"
        )


if __name__ == "__main__":
    main()
