"""`wlf train table | blind | ship` as a user types them, on tiny models, and one line for every slip."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from ..training.tiny import tiny_folder
from .terminal import Terminal

pytestmark = [pytest.mark.training, pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")]
needs_extra = pytest.mark.skipif(not all(map(find_spec, ("torch", "transformers"))), reason="needs the train extra")


@needs_extra
@pytest.mark.slow
def test_a_table_is_made_from_models_and_again_from_disk(
    wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_folder(tmp_path / "start")
    tiny_folder(tmp_path / "seed-0")
    asked = ("train", "table", "seed-0", "--untrained", "start", "--also", "same=start", "--split", "validation")
    asked += ("--weeks", "2", "--out", "out", "--no-v-star", "--no-figures")
    ran = wlf(*asked)
    assert ran.code == 0
    assert "weeks of seed-0: runs/table/seed-0-" in ran.out
    made = json.loads(Path("out/table.json").read_text())
    assert list(made["figures"]) == ["oracle", "careful", "untrained", "trained", "seed-0", "same"]
    assert made["command"] == (
        "wlf train table seed-0 --untrained start --also same=start --split validation --weeks 2"
    )
    assert made["figures"]["untrained"] == made["figures"]["same"] == made["figures"]["seed-0"]
    assert made["gaps"]["trained - untrained"]["total"] == {"mean": 0.0, "low": 0.0, "high": 0.0, "n": 2}
    assert "## staging (2 of 2)" in Path("out/replies.md").read_text()
    first = {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()}
    monkeypatch.setattr("work_life_firewall.training.results.play.run_job", None)
    again = wlf(*asked, "--json")
    assert (again.code, json.loads(again.out)) == (0, made)
    assert {path: path.read_bytes() for path in Path("out").rglob("*") if path.is_file()} == first

    (weeks,) = Path("runs/table").glob("seed-0-*")
    sheet = wlf("train", "blind", weeks, "--count", "5", "--json")
    assert json.loads(sheet.out) == {"sheet": "runs/labels.jsonl", "replies": 5}
    empty = wlf("train", "blind", "--score")
    assert (empty.code, "nothing is labelled yet" in empty.complaint) == (2, True)
    shipped = wlf("train", "ship", "seed-0", "--table", "out/table.json", "--out", "checkpoint")
    assert shipped.code == 0
    assert "| total |" in Path("checkpoint/MODEL_CARD.md").read_text()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("table", "nowhere"), "nowhere: a bare model folder does not say where it began"),
        (("table", "nowhere", "--untrained", "gone"), "gone: no model folder"),
        (("table", "nowhere", "--untrained", "gone", "--also", "x"), "--also 'x': write NAME=DIR"),
        (("blind",), "give run folders to draw a sheet from, or --score"),
        (("blind", "gone", "--score"), "give run folders to draw a sheet from, or --score"),
        (("ship", "gone"), "gone: no model folder"),
    ],
)
def test_a_slip_is_one_line(wlf: Terminal, options: tuple[str, ...], said: str) -> None:
    ran = wlf("train", *options)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.complaint


def test_weeks_that_are_not_there_are_one_line(wlf: Terminal) -> None:
    ran = wlf("train", "blind", "gone")
    assert ran.code == 1
    assert "gone: not a run folder" in ran.complaint
    assert not Path("runs").exists()
