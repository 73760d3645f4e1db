"""The table from rows alone: columns, paired differences, bars that hold and bars that do not, and the page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from work_life_firewall.episodes.plots import Played, read_run
from work_life_firewall.episodes.record import Versions
from work_life_firewall.training.results.markdown import markdown
from work_life_firewall.training.results.measure import Measured
from work_life_firewall.training.results.play import Weeks
from work_life_firewall.training.results.players import Player, Role
from work_life_firewall.training.results.rows import Rows
from work_life_firewall.training.results.table import Results, table
from work_life_firewall.training.results.write import broken, draw_figures, write_table

from .folders import rows

CAREFUL = np.array([0.6, 0.7, 0.8, 0.7])
VERSIONS = Versions(package="0", rubric="1", reader="r", world="w")


def player(name: str, role: Role) -> Player:
    return Player(name, role, role, name)


def results(trained: Sequence[Rows], clone: Rows | None = None, v_star: np.ndarray | None = None) -> Results:
    references: list[tuple[Rows, Role]] = [(rows("oracle", [0.9] * 4), "oracle"), (rows("careful", CAREFUL), "careful")]
    others: list[tuple[Rows, Role]] = [(clone, "clone")] if clone else []
    others.append((rows("untrained", [0.4, 0.3, 0.2, 0.3], twins=[0.5] * 4), "untrained"))
    played = [*references, *others, *((one, "trained") for one in trained)]
    return Results(
        weeks=Weeks("validation", 4),
        players=[player(one.name, role) for one, role in played],
        rows={one.name: one for one, _ in played},
        versions=VERSIONS,
        command="wlf train table a b",
        v_star=v_star,
    )


def test_the_seeds_stand_together_and_apart() -> None:
    made = table(results([rows("a", CAREFUL + 0.1), rows("b", CAREFUL + 0.2)]))
    assert list(made["figures"]) == ["oracle", "careful", "untrained", "trained", "a", "b"]
    assert made["figures"]["trained"]["total"]["mean"] == pytest.approx(0.85)
    assert made["figures"]["a"]["total"]["mean"] == pytest.approx(0.8)
    assert made["gaps"]["trained - careful"]["total"]["mean"] == pytest.approx(0.15)
    assert made["gaps"]["b - careful"]["total"]["low"] == pytest.approx(0.2)
    assert "trained - clone" not in made["gaps"]
    assert "total / V*" not in made["shares"]
    assert made["seeds"] == [100_000, 100_003]


def test_a_good_policy_holds_every_bar_and_a_poor_one_is_told_so() -> None:
    clone, best = rows("clone", CAREFUL), np.full(4, 0.95)
    good = table(results([rows("a", CAREFUL + 0.16)], clone, best))
    assert broken(good) == []
    assert all(bar["held"] for bar in good["bars"]["trained"])
    poor = table(results([rows("a", CAREFUL - 0.1)], clone, best))
    assert {"total less careful's: above 0, interval too", "total less clone's: above 0, interval too"} <= {
        *broken(poor)
    }
    assert "boundary setting: 0.65 or more" in broken(poor)
    assert good["shares"]["total / V*"]["trained"]["mean"] == pytest.approx(0.86 / 0.95)


def test_a_gain_that_luck_may_have_made_is_no_gain() -> None:
    made = table(results([rows("a", CAREFUL + np.array([0.3, -0.1, 0.2, -0.2]))]))
    (bar,) = [bar for bar in made["bars"]["trained"] if bar["what"] == "total less careful's"]
    assert bar["found"]["mean"] > 0
    assert bar["held"] is False


def test_every_evening_counts() -> None:
    trained = rows("a", [0.8] * 4)
    low = {**trained.parts, ("evening_energy", "1"): np.full(4, 0.55)}
    made = table(results([Rows("a", trained.seeds, low, trained.wholes)]))
    (bar,) = [bar for bar in made["bars"]["trained"] if "evening" in bar["what"]]
    assert (bar["found"]["mean"], bar["held"]) == (0.55, False)


def test_what_was_not_played_has_no_verdict() -> None:
    made = table(results([rows("a", CAREFUL)]))
    (bar,) = [bar for bar in made["bars"]["trained"] if "clone" in bar["what"]]
    assert (bar["found"], bar["held"]) == (None, None)


def test_the_page_names_command_weeks_and_every_figure() -> None:
    page = markdown(table(results([rows("a", CAREFUL + 0.1)], v_star=np.full(4, 0.95))))
    assert "    wlf train table a b\n" in page
    assert "4 validation weeks (seeds 100000 to 100003)" in page
    for name in ("sprint delivered", "energy, Wed evening", "twins: pair accuracy", "total / oracle", "total / V*"):
        assert f"| {name} |" in page
    assert "does not hold" in page
    widths = {line.count("|") for line in page.splitlines() if line.startswith("| total")}
    assert widths == {7, 6}  # the figures, and the bars


def test_what_is_written_can_be_read_and_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    measured = Measured(results([rows("a", CAREFUL + 0.1), rows("b", CAREFUL + 0.2)]), {})
    made, files = write_table(measured, tmp_path)
    assert json.loads((tmp_path / "table.json").read_text()) == made
    assert {path.name for path in files} == {"table.json", "table.md", "summary.json"}
    (run,) = read_run(tmp_path / "columns" / "trained")
    assert isinstance(run, Played)
    assert run.stats["total"]["mean"] == pytest.approx(0.85)
    assert run.stats["acts"]["staging"]["decline"]["mean"] == pytest.approx(0.75)
    drawn = {path.name: path.read_bytes() for path in draw_figures(measured, tmp_path / "one")}
    assert {Path(name).stem for name in drawn} == {"components", "energy", "decisions"}
    assert {path.name: path.read_bytes() for path in draw_figures(measured, tmp_path / "two")} == drawn


def test_the_page_says_how_a_model_is_played(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "wlf.json").write_text(json.dumps({"schema": 1, "made_by": "grpo fork", "temperature": 0.5}))
    found = results([rows("a", CAREFUL)])
    model = Player("a", "trained", f"hf:{tmp_path}", "runs/a")
    page = markdown(table(replace(found, players=[*found.players[:-1], model])))
    assert "| careful | careful | - | - | - | 0 |" in page
    assert "| a | runs/a | grpo fork | 0.5 | - | 0 |" in page
