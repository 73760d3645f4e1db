"""Figures: the same bytes every time, the numbers beside them, and one line where matplotlib is missing."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest

from work_life_firewall.episodes import figures
from work_life_firewall.episodes.errors import UsageError

ROWS = [figures.Dot("careful", "reference", 0.7, 0.65, 0.75), figures.Dot("echo", "attack", 0.1, 0.08, 1 / 3)]
HEATS = [figures.Heat(name, ["staging", "leave"], ["accept", "decline"], [[1.0, 0.0], [0.3, 0.7]]) for name in "AB"]


def test_csv_is_rounded() -> None:
    assert figures.csv_text(("a", "b"), [("x,y", 1 / 3), (1, 2.0)]) == 'a,b\n"x,y",0.333333\n1,2.0\n'


def test_the_same_numbers_give_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    first = figures.dots(ROWS, {"oracle - 0.30": 0.55}, "total", tmp_path / "a" / "totals")
    second = figures.dots(ROWS, {"oracle - 0.30": 0.55}, "total", tmp_path / "b" / "totals")
    assert [path.suffix for path in first] == [".png", ".svg", ".csv"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    drawn = figures.heatmaps(HEATS, tmp_path / "heat")
    assert [path.read_bytes() for path in drawn] == [p.read_bytes() for p in figures.heatmaps(HEATS, tmp_path / "heat")]
    assert drawn[2].read_text().splitlines()[1] == "A,staging,accept,1.0"


def test_without_matplotlib_one_line_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = builtins.__import__

    def missing(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", missing)
    assert not figures.available()
    with pytest.raises(UsageError, match="install the extra 'plots'"):
        figures.dots(ROWS, {}, "total", tmp_path / "totals")
