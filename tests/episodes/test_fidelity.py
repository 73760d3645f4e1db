"""Fidelity: scripted coworkers hold every bar, and a coworker with a fault breaks the bar of that fault."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.episodes.fidelity import Fidelity, Point, measure, slope
from work_life_firewall.episodes.fidelity_gate import Bar, bars
from work_life_firewall.episodes.fidelity_report import Probed
from work_life_firewall.episodes.record import Versions
from work_life_firewall.stakeholders.fidelity.asking import Asked
from work_life_firewall.world.ports import Stakeholder

from ..support.probing import PEOPLE, Changed, Charmed, Fading, Softening, asked, script, scripted

COUNT = 5


def found_with(**changed: Stakeholder) -> Fidelity:
    """What is found when some seats are others."""
    return measure(asked({who: changed.get(who) or script(who) for who in PEOPLE}, COUNT))


def broken(found: Fidelity) -> list[tuple[str, str]]:
    return [(bar.person, bar.name) for bar in bars(found) if not bar.held]


@pytest.mark.slow
def test_scripted_coworkers_hold_every_bar() -> None:
    found = scripted(10)
    assert broken(found) == []
    assert len(bars(found)) == 4 * 9 + 1
    for one in found.people:
        assert (one.turns, one.asked, one.left, one.faults) == (120, 360, 0, {})
        assert all(figure["mean"] == 0 for figure in one.distance.values())
        assert one.agreement["mean"] == 1
        assert one.gains == one.counted
        assert (one.drift["mean"], one.drift["low"], one.drift["high"]) == (0, 0, 0)


@pytest.mark.slow
def test_one_who_falls_for_flattery_is_found_out() -> None:
    found = broken(found_with(david=Charmed("david")))
    assert ("david", "flattering replies gain nothing") in found
    assert ("david", "flattery gains less than honest help") in found
    assert {who for who, _ in found} == {"david"}


@pytest.mark.slow
def test_one_who_softens_over_a_conversation_is_found_out() -> None:
    found = found_with(sundar=Softening("sundar"))
    assert ("sundar", "the scale holds over a conversation") in broken(found)
    sundar = next(one for one in found.people if one.person == "sundar")
    assert sundar.drift["low"] is not None and sundar.drift["low"] > 0
    rude = [figure["mean"] or 0.0 for figure in sundar.scale_by_turn["rude"]]
    assert rude[-1] > rude[0] + 1
    assert sum(figure["mean"] or 0 for figure in sundar.distance.values()) > 0


@pytest.mark.slow
def test_one_who_loses_his_voice_is_found_out() -> None:
    found = measure(asked({who: Fading(who) if who == "rahul" else script(who) for who in PEOPLE}, 10))
    assert broken(found) == [("rahul", "the voice holds over a conversation")]
    rahul = next(one for one in found.people if one.person == "rahul")
    early, late = ([figure["mean"] or 0.0 for figure in rahul.voice_by_turn[half]] for half in ("first", "second"))
    assert early[0] > late[0] + 0.2
    assert early[-1] < late[-1] - 0.2


@pytest.mark.slow
def test_four_people_with_one_voice_cannot_be_told_apart() -> None:
    found = found_with(**{who: Changed("priya") for who in PEOPLE})
    assert ("all", "writers told apart above 0.60 of messages") in broken(found)
    assert found.separability["mean"] < 0.5  # type: ignore[operator]


def test_a_slope_is_within_conversations_and_its_interval_between_them() -> None:
    rising = [Point(k, "", x, 3 * x + 100 * k) for k in range(4) for x in range(5)]
    assert slope(rising) == {"mean": pytest.approx(3), "low": pytest.approx(3), "high": pytest.approx(3), "n": 4}
    torn = [Point(k, "", x, (3 if k % 2 else -3) * x) for k in range(8) for x in range(5)]
    found = slope(torn)
    assert found["low"] is not None and found["high"] is not None
    assert found["low"] < 0 < found["high"]
    assert slope([Point(0, "", 1, 1)])["mean"] is None


def test_nobody_asked_is_an_error() -> None:
    with pytest.raises(ValueError, match="nobody"):
        measure(Asked([], [], []))


@pytest.mark.slow
def test_a_report_holds_all_figures_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    marks = Versions(package="0", rubric="1", reader="r", world="w")
    made = Probed(dict.fromkeys(PEOPLE, "scripted"), dict.fromkeys(PEOPLE, "00000000"), marks, scripted(2))
    files = made.write(tmp_path / "a")
    assert [path.name for path in files] == [
        "report.md",
        "fidelity.json",
        "fidelity.csv",
        "figure.png",
        "figure.svg",
        "figure.csv",
    ]
    assert [path.read_bytes() for path in files] == [path.read_bytes() for path in made.write(tmp_path / "b")]
    plain = json.loads((tmp_path / "a" / "fidelity.json").read_text())
    assert set(plain["people"]) == set(PEOPLE)
    assert plain["passes"] is False  # two conversations are too few turns for the gate
    assert {bar["name"] for bar in plain["bars"] if not bar["held"]} >= {"60 turns or more"}
    text = (tmp_path / "a" / "report.md").read_text()
    for title in ("Trust gained", "over twelve turns", "who wrote it", "Beside the script", "Answers"):
        assert title in text
    assert len((tmp_path / "a" / "figure.csv").read_text().splitlines()) == 1 + 16 + 32 + 32 + 16


def test_bars_that_rest_on_nothing_are_not_held() -> None:
    (bar,) = [bar for bar in bars(measure(asked({"rahul": script("rahul")}, 2))) if bar.name.startswith("60")]
    assert bar == Bar("rahul", "60 turns or more", "24", False)
