"""Blind labelling: the sheet gives nothing away, and agreement is what it must be where it is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.training.results.blind import kappa, key_of, score_sheet, write_sheet

from ...episodes.weeks import week
from .folders import run_folder, said

ACTS = ("accept", "decline", "counter", "unclear")


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    records = [week(seed, steps=(said("staging", ACTS[seed % 4], f"reply {seed}"),)) for seed in range(40)]
    made = tmp_path / "labels.jsonl"
    assert write_sheet([run_folder(tmp_path / "run", records)], made, count=20) == 20
    return made


def labelled(sheet: Path, wrong: int = 0, empty: int = 0) -> None:
    """Label as the reader did, but for so many."""
    keys = [json.loads(line)["acts"] for line in key_of(sheet).read_text().splitlines()]
    lines = [json.loads(line) for line in sheet.read_text().splitlines()]
    for place, (line, acts) in enumerate(zip(lines, keys, strict=True)):
        for ask in line["asks"]:
            ask["act"] = "escalate" if place < wrong else acts[ask["ask"]].upper()
            if place >= len(lines) - empty:
                ask["act"] = None
    sheet.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_the_sheet_holds_what_the_reader_sees_and_no_act(sheet: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in sheet.read_text().splitlines()]
    assert [line["number"] for line in lines] == list(range(1, 21))
    assert set(lines[0]) == {"number", "source", "sender", "subject", "body", "reply", "asks"}
    assert all(ask["act"] is None for line in lines for ask in line["asks"])
    assert not any(act in sheet.read_text() for act in ACTS)
    assert len({line["reply"] for line in lines}) == 20
    other = tmp_path / "again.jsonl"
    write_sheet([tmp_path / "run"], other, count=20)
    assert other.read_text() == sheet.read_text()
    write_sheet([tmp_path / "run"], tmp_path / "third.jsonl", count=20, seed=1)
    assert (tmp_path / "third.jsonl").read_text() != sheet.read_text()


def test_agreement_is_counted(sheet: Path) -> None:
    labelled(sheet, wrong=3, empty=2)
    found = score_sheet(sheet)
    assert (found.replies, found.unlabelled) == (18, 2)
    assert found.asks["mean"] == pytest.approx(15 / 18)
    assert found.whole["mean"] == pytest.approx(15 / 18)
    assert sum(found.confused.values()) == 3
    assert {one for one, _ in found.confused} == {"escalate"}
    assert found.differing == (1, 2, 3)
    assert not found.held
    assert json.loads(json.dumps(found.plain()))["held"] is False


def test_full_agreement_holds_the_bar(sheet: Path) -> None:
    labelled(sheet)
    found = score_sheet(sheet)
    assert (found.asks["mean"], found.kappa, found.held) == (1.0, 1.0, True)


def test_kappa_takes_chance_away() -> None:
    half = [("accept", "accept"), ("accept", "decline"), ("decline", "accept"), ("decline", "decline")]
    assert kappa(half) == pytest.approx(0.0)
    assert kappa([("accept", "decline"), ("decline", "accept")]) == pytest.approx(-1.0)
    assert kappa([("accept", "accept")] * 3) is None


def test_slips_are_one_line(sheet: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is labelled yet"):
        score_sheet(sheet)
    with pytest.raises(UsageError, match="is there already"):
        write_sheet([tmp_path / "run"], sheet)
    labelled(sheet)
    text = sheet.read_text()
    sheet.write_text(text.replace('"ACCEPT"', '"acept"'))
    with pytest.raises(UsageError, match=r"'acept' is no act; did you mean 'accept'\?"):
        score_sheet(sheet)
    sheet.write_text(text + "{\n")
    with pytest.raises(RunError, match=r"labels\.jsonl:21"):
        score_sheet(sheet)
    sheet.write_text(text)
    key_of(sheet).write_text("")
    with pytest.raises(RunError, match="does not belong to this sheet"):
        score_sheet(sheet)
