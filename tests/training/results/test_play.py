"""Playing for the table: the same weeks and twins for everybody, and none of them twice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from work_life_firewall.episodes.runs import SUMMARY, WEEKS, pairs_in, weeks_in
from work_life_firewall.training.results import play as playing
from work_life_firewall.training.results.play import Weeks, play, weeks_mark, whole
from work_life_firewall.training.results.players import scripted
from work_life_firewall.training.results.rows import BALANCED, rows_of

FEW = Weeks("validation", 3)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def test_weeks_and_twins_are_played_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    folder = play(scripted("careful"), FEW, home, on_played=told.append)
    assert sorted(record.seed for record in weeks_in(folder)) == list(FEW.seeds())
    assert len({pair.seed for pair in pairs_in(folder)}) == 3
    assert (told[0], max(told)) == (1, 6)
    assert BALANCED in rows_of("careful", folder, FEW.seeds()).parts

    def again(*_: object, **__: object) -> None:
        raise AssertionError("played again")

    monkeypatch.setattr(playing, "run_job", again)
    monkeypatch.setattr(playing, "run_twins", again)
    assert play(scripted("careful"), FEW, home) == folder


def test_a_killed_one_goes_on_where_it_was(home: Path) -> None:
    folder = play(scripted("careful"), FEW, home / "killed")
    before = (folder / SUMMARY).read_text()
    lines = (folder / WEEKS).read_bytes().splitlines(keepends=True)
    (folder / WEEKS).write_bytes(lines[0] + lines[1][:100])
    (folder / SUMMARY).unlink()
    (folder / "twins.jsonl").unlink()
    assert not whole(folder, FEW)
    told: list[int] = []
    assert play(scripted("careful"), FEW, home / "killed", on_played=told.append) == folder
    assert told[:2] == [2, 3]
    assert (folder / SUMMARY).read_text() == before


def test_the_name_of_a_folder_goes_with_all_that_decides_it() -> None:
    careful = scripted("careful")
    usual = weeks_mark(careful, FEW)
    assert weeks_mark(careful, Weeks("validation", 3)) == usual
    others = [
        weeks_mark(replace(careful, mark="0"), FEW),
        weeks_mark(careful, Weeks("validation", 4)),
        weeks_mark(careful, Weeks("test", 3)),
        weeks_mark(scripted("oracle"), FEW),
    ]
    assert len({usual, *others}) == 5
