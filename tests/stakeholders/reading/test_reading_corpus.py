"""The labelled replies and the model file made from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.stakeholders.reading.calibrate import Outcome
from work_life_firewall.stakeholders.reading.features import DIMENSIONS
from work_life_firewall.stakeholders.reading.fit import Trained, main, write
from work_life_firewall.stakeholders.reading.kinds import KINDS, kind_of
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.model import MODEL_FILE, load
from work_life_firewall.stakeholders.reading.ridge import Fitted
from work_life_firewall.stakeholders.reading.rows import rows
from work_life_firewall.stakeholders.reading.spelling import Speller
from work_life_firewall.world.reading import ACTS


def test_enough_replies_voices_and_acts() -> None:
    corpus = labels()
    assert len(corpus) >= 3000
    voices = Counter(label.voice for label in corpus)
    assert len([voice for voice, count in voices.items() if count >= 20]) >= 12
    acts: dict[str, set[str]] = defaultdict(set)
    for label in corpus:
        acts[label.ask].update(label.acts)
    assert len(acts) >= 40
    for kind in KINDS:
        assert not set(ACTS) - acts[kind], f"{kind} lacks {sorted(set(ACTS) - acts[kind])}"


def test_no_text_twice_for_one_ask() -> None:
    seen = Counter((label.ask, label.text.lower()) for label in labels())
    assert [key for key, count in seen.items() if count > 1] == []


def test_pairs_split_into_a_part_per_answered_ask() -> None:
    pairs = [label for label in labels() if label.ask == "slack_pair"]
    split = rows(pairs)
    answered = sum(act != "ignore" for label in pairs for act in label.acts)
    assert len(split) >= 0.97 * answered


def test_a_broken_line_names_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "leave.jsonl").write_text(
        '{"ask": "leave", "acts": ["yes"], "voice": "plain", "text": "x"}\n', encoding="utf-8"
    )
    with pytest.raises(ValueError, match=r"leave\.jsonl:1"):
        labels(tmp_path)


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    weights = np.zeros((DIMENSIONS, len(ACTS)))
    weights[:50] = np.random.default_rng(1).normal(size=(50, len(ACTS)))
    nothing = np.zeros((1, 1))
    seen = Outcome(np.ones(1), np.ones(1, dtype=bool))
    words = Speller(["later", "review"], ["kal"])
    trained = Trained(Fitted(weights, np.zeros(len(ACTS)), nothing, nothing), words, 0.9, 0.7, seen, seen)
    files = [tmp_path / "one.npz", tmp_path / "two.npz"]
    for file in files:
        write(trained, file)
    assert files[0].read_bytes() == files[1].read_bytes()
    model = load(files[0])
    assert np.abs(model.weights - weights).max() < np.abs(weights).max() / 100
    assert (model.acts, model.threshold) == (ACTS, 0.7)
    assert (model.words.ordered, model.words.known) == (words.ordered, words.known)


@pytest.mark.slow
def test_the_committed_model_is_what_the_corpus_gives(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--out", str(tmp_path / "model.npz")])
    assert "held-out voices" in capsys.readouterr().out
    assert (tmp_path / "model.npz").read_bytes() == MODEL_FILE.read_bytes()


@pytest.mark.parametrize(
    ("event_id", "kind"),
    [
        ("oncall_swap", "oncall_swap"),
        ("leave_refused-2", "leave_refused"),
        ("leave", "leave"),
        ("mail-7", ""),
        ("appraisal_late/1", "appraisal_late"),
    ],
)
def test_kinds(event_id: str, kind: str) -> None:
    assert kind_of(event_id) == kind
