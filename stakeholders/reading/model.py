"""The act of a reply by a linear model: the committed weights, calibrated probabilities. Knows no training."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...world.reading import ACTS, Act
from .features import DIMENSIONS, Features
from .spelling import Speller

MODEL_FILE = Path(__file__).with_name("model.npz")


class Model(NamedTuple):
    """Weights (DIMENSIONS x acts), bias, acts in order, calibration, the words it knows, four digits of the file."""

    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    acts: tuple[Act, ...]
    temperature: float
    threshold: float
    words: Speller
    digest: str

    def probabilities(self, found: Features) -> NDArray[np.float64]:
        """Calibrated probability of each act, in the order of `acts`; sums to 1."""
        logits = found.values @ self.weights.take(found.buckets, axis=0) + self.bias
        logits = (logits - logits.max()) / self.temperature
        odds = np.exp(logits)
        return odds / odds.sum()


def _words(text: NDArray[np.uint8]) -> list[str]:
    return text.tobytes().decode("utf-8").split("\n")


def load(path: Path = MODEL_FILE) -> Model:
    """Read a model file written by `fit`.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it was made for other features.
    """
    raw = path.read_bytes()
    with np.load(io.BytesIO(raw), allow_pickle=False) as arrays:
        rows, quanta, scale = arrays["rows"], arrays["quanta"], arrays["scale"]
        if int(arrays["dimensions"]) != DIMENSIONS:
            raise ValueError(f"{path.name}: made for {int(arrays['dimensions'])} features, not {DIMENSIONS}")
        weights = np.zeros((DIMENSIONS, quanta.shape[1]), dtype=np.float32)
        weights[rows] = quanta * scale
        return Model(
            weights,
            arrays["bias"].astype(np.float32),
            tuple(ACTS[int(place)] for place in arrays["acts"]),
            float(arrays["temperature"]),
            float(arrays["threshold"]),
            Speller(_words(arrays["english"]), _words(arrays["others"])),
            hashlib.sha256(raw).hexdigest()[:4],
        )
