"""Published replies: drawn with a seed, whoever finished first, unedited."""

from __future__ import annotations

from pathlib import Path

from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.training.results.replies import drawn, page

from ...episodes.weeks import week
from .folders import run_folder, said


def record(seed: int) -> WeekRecord:
    steps = (
        said("staging", "act", f"On it, {seed}."),
        said(f"nudge@priya#{seed}", "decline", f"No.\n\nSorry, {seed}."),
    )
    return week(seed, steps=steps)


def test_replies_are_drawn_by_kind_with_a_seed(tmp_path: Path) -> None:
    forth = run_folder(tmp_path / "forth", [record(seed) for seed in range(30)])
    back = run_folder(tmp_path / "back", [record(seed) for seed in reversed(range(30))])
    found = drawn({"a": forth}, seed=1, per_kind=20)
    assert {kind: (len(chosen), count) for kind, (chosen, count) in found.items()} == {
        "nudge": (20, 30),
        "staging": (20, 30),
    }
    assert len({reply.seed for reply in found["staging"][0]}) == 20
    assert drawn({"a": back}, seed=1, per_kind=20) == found
    assert drawn({"a": forth}, seed=2, per_kind=20) != found
    assert {reply.player for reply in drawn({"a": forth, "b": back}, 1, 40)["nudge"][0]} == {"a", "b"}


def test_a_reply_stands_on_the_page_as_it_came(tmp_path: Path) -> None:
    folder = run_folder(
        tmp_path / "run", [week(1, steps=(said("staging", "unclear", ""), said("leave", "act", "A\n\nb  c")))]
    )
    text = page(drawn({"a": folder}), "wlf train table a", 0)
    assert "## staging (1 of 1)" in text
    assert "> (nothing)\n\nunclear\n" in text
    assert "> A\n> \n> b  c\n\nact\n" in text
    assert "    wlf train table a\n" in text
