"""Readers compared on whole voices and whole asks held out; writes docs/results/reading.

Run: python benchmarks/reading/compare.py [--sentences MODEL] (about six minutes on one core).
"""

from __future__ import annotations

import argparse
import csv
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import encoder
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from work_life_firewall.stakeholders.reading.calibrate import (
    Outcome,
    calibration_error,
    chances,
    curve,
    outcome,
    temperature_of,
)
from work_life_firewall.stakeholders.reading.features import DIMENSIONS, GROUPS, SIZE
from work_life_firewall.stakeholders.reading.fit import FOLDS, SCRIPTED
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.ridge import fit_ridge, folds, left_out, matrix
from work_life_firewall.stakeholders.reading.rows import Row, described, rows, speller
from work_life_firewall.world.reading import ACTS

OUT = Path(__file__).parents[2] / "docs" / "results" / "reading"
Table = NDArray[np.float64]
Groups = NDArray[np.int64]
Scorer = Callable[[Groups], Table]
"""Scores of every example from a model that never saw its group."""


class Compared(NamedTuple):
    """One model on one way of holding out."""

    model: str
    held_out: str
    seen: Outcome


def of_groups(table: csr_matrix, names: Sequence[str]) -> csr_matrix:
    """The table with the columns of these feature groups only."""
    keep = np.zeros(DIMENSIONS)
    for name in names:
        place = GROUPS.index(name)
        keep[place * SIZE : (place + 1) * SIZE] = 1.0
    return csr_matrix(table @ diags(keep))


def ridge_scorer(table: csr_matrix, acts: Groups) -> Scorer:
    """Ridge regression; held-out groups in closed form."""
    model = fit_ridge(table, acts)
    return lambda groups: left_out(model, acts, groups)


def encoder_scorer(table: csr_matrix, acts: Groups) -> Scorer:
    """The subword encoder, trained anew for every group."""

    def score(groups: Groups) -> Table:
        found = np.zeros((len(acts), len(ACTS)))
        for group in np.unique(groups):
            hidden = groups == group
            found[hidden] = encoder.scores(table[~hidden], acts[~hidden], table[hidden], len(ACTS))
        return found

    return score


def sentence_table(examples: Sequence[Row], name: str) -> csr_matrix:
    """Sentence embeddings of the texts, unit length, by an installed sentence-transformers model."""
    library = importlib.import_module("sentence_transformers")
    vectors = library.SentenceTransformer(name).encode([row.text for row in examples], normalize_embeddings=True)
    return csr_matrix(np.asarray(vectors, dtype=np.float64) * 3)


def mixed(first: Table, second: Table, acts: Groups) -> Table:
    """The mean of two calibrated models, as log probabilities."""
    odds = [chances(each, temperature_of(each, acts)) for each in (first, second)]
    return np.log((odds[0] + odds[1]) / 2 + 1e-9)


def compared(examples: Sequence[Row], sentences: str | None) -> list[Compared]:
    """Every model on held-out voices and on held-out asks."""
    words = speller(labels())
    acts = np.array([row.act for row in examples])
    table = matrix([described(row, words) for row in examples])
    ngrams = of_groups(table, ("words", "characters"))
    scorers: dict[str, Scorer] = {
        "n-grams": ridge_scorer(ngrams, acts),
        "n-grams + places + outline": ridge_scorer(of_groups(table, GROUPS[:4]), acts),
        "n-grams + structure (default)": ridge_scorer(table, acts),
        "subword encoder": encoder_scorer(of_groups(table, ("words", "characters", "places")), acts),
    }
    if sentences:
        scorers["sentence-transformers"] = ridge_scorer(sentence_table(examples, sentences), acts)
    judged = np.array([row.provenance != SCRIPTED for row in examples])
    found: list[Compared] = []
    for held_out, names in (("voices", [row.voice for row in examples]), ("asks", [row.ask for row in examples])):
        groups = folds(names, FOLDS)
        said = {name: scorer(groups)[judged] for name, scorer in scorers.items()}
        said["mixture of default and encoder"] = mixed(
            said["n-grams + structure (default)"], said["subword encoder"], acts[judged]
        )
        for name, scores in said.items():
            odds = chances(scores, temperature_of(scores, acts[judged]))
            found.append(Compared(name, held_out, outcome(odds, acts[judged])))
    return found


def _surest(seen: Outcome, share: float = 0.6) -> float:
    kept = np.argsort(-seen.sure, kind="stable")[: int(share * len(seen.sure))]
    return float(seen.right[kept].mean())


def write_tables(found: Sequence[Compared], examples: Sequence[Row], out: Path) -> None:
    """models.csv, voices.csv and curve.csv."""
    voices = np.array([row.voice for row in examples if row.provenance != SCRIPTED])
    with (out / "models.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("model", "held_out", "right", "right_on_surest_60", "calibration_error", "n"))
        for each in found:
            values = (each.seen.right.mean(), _surest(each.seen), calibration_error(each.seen))
            table.writerow((each.model, each.held_out, *(f"{value:.3f}" for value in values), len(each.seen.right)))
    with (out / "voices.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        mine = [each for each in found if each.held_out == "voices"]
        table.writerow(("voice", "n", *(each.model for each in mine)))
        for voice in sorted(set(voices)):
            at = voices == voice
            table.writerow((voice, int(at.sum()), *(f"{each.seen.right[at].mean():.3f}" for each in mine)))
    with (out / "curve.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(("model", "held_out", "confidence", "coverage", "right"))
        for each in found:
            for point in curve(each.seen):
                table.writerow((each.model, each.held_out, *(f"{value:.4f}" for value in point)))


def draw(found: Sequence[Compared], path: Path) -> None:
    """The risk-coverage curves as SVG; needs the plots extra."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.hashsalt": "reading", "svg.fonttype": "none"}):
        figure = Figure(figsize=(9, 4), layout="constrained")
        for place, held_out in enumerate(("voices", "asks")):
            axes = figure.add_subplot(1, 2, place + 1)
            for each in found:
                if each.held_out == held_out:
                    points = curve(each.seen)
                    axes.plot([p.coverage for p in points], [p.right for p in points], label=each.model)
            axes.axhline(0.92, color="grey", linewidth=0.8, linestyle="--")
            axes.set(title=f"held-out {held_out}", xlabel="share answered", ylabel="share right", ylim=(0.6, 1.005))
            axes.grid(alpha=0.3)
        figure.axes[0].legend(fontsize=7, loc="lower left")
        figure.savefig(path, metadata={"Date": None})


def main() -> None:
    """Compare, and write the tables and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sentences", help="name or folder of an installed sentence-transformers model")
    parser.add_argument("--out", type=Path, default=OUT)
    chosen = parser.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    examples = rows(labels())
    found = compared(examples, chosen.sentences)
    write_tables(found, examples, chosen.out)
    draw(found, chosen.out / "curve.svg")
    print((chosen.out / "models.csv").read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
