"""The searches: deterministic, blind, never worse than where they began, and played in text as they were found."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.job import Setup
from work_life_firewall.episodes.seats import plan
from work_life_firewall.stakeholders.reading.local import LocalReader
from work_life_firewall.testing import blind, climb, rules
from work_life_firewall.testing.lineup import Effort, Findings, lineup, search_all
from work_life_firewall.testing.pool import OWN, for_kind, phrases, pool
from work_life_firewall.testing.rules import Asked
from work_life_firewall.testing.search import best_text, random_search
from work_life_firewall.world.engine import start
from work_life_firewall.world.generator import generate, seeds
from work_life_firewall.world.reading import Act
from work_life_firewall.world.reference import play
from work_life_firewall.world.scoring import score
from work_life_firewall.world.state import WeekState
from work_life_firewall.world.view import observe

RECIPE = load_recipe()
WEEKS = [generate(RECIPE, seed) for seed in seeds("train", 3)]


def test_labels_by_choice_are_the_reference() -> None:
    for week in WEEKS:
        assert rules.scores(week, rules.labelled).total == pytest.approx(score(play(week)).total)


def test_a_noisy_reader_lies_between_a_perfect_and_a_perverse_one() -> None:
    means = [sum(rules.scores(week, rules.noisy(share)).total for week in WEEKS) for share in (0.0, 0.8, 1.0)]
    assert means[0] < means[1] <= means[2]
    assert means[2] == pytest.approx(sum(rules.scores(week, rules.labelled).total for week in WEEKS))


def test_the_table_beats_accepting_everything_and_is_blind() -> None:
    found = blind.best_table(WEEKS[:2], sweeps=1)
    again = blind.best_table(WEEKS[:2], sweeps=1)
    assert found == again
    assert found.total > blind.mean_total(WEEKS[:2], {})
    seen: set[tuple[Asked, Act]] = set()
    choose = rules.tabled(found.table)

    def note(state: WeekState, ask: Asked) -> Act:
        act = choose(state, ask)
        seen.add((ask, act))
        return act

    for week in WEEKS:
        rules.play(week, note)
    assert len({ask for ask, _ in seen}) == len(seen)


def test_a_table_in_text_keeps_its_acts_and_its_second_rounds() -> None:
    table: dict[Asked, Act] = {Asked("slack_pair/2", 0): "decline", Asked("slack_pair/2", 1): "ask"}
    made = blind.text_table(table, blind.asks_of(WEEKS[0]))
    assert made["slack_pair", 0] == ("accept", "decline")
    assert made["nudge:slack_pair/2", 0] == made["clarify:slack_pair/2", 0] == ("ask",)
    assert made["favour", 0] == ("accept",)


def test_pools_are_large_fixed_and_without_doubles() -> None:
    assert len(pool()) >= 150
    assert pool() == pool()
    assert len(set(pool())) == len(pool())
    assert set(OWN) <= set(pool())
    assert len(phrases()) > 150
    assert set(OWN) < set(for_kind("leave")) < set(for_kind("nudge:leave"))


def test_the_climb_is_deterministic_and_goes_up() -> None:
    at = climb.probes(WEEKS, 4)
    assert len(at) == 4
    reader = LocalReader()
    long, again = (climb.climb(at, reader, evaluations=40, restarts=2)[0] for _ in range(2))
    assert long == again
    short = climb.climb(at, reader, evaluations=2, restarts=2)[0]
    assert long.value >= short.value
    assert 0.0 <= short.value <= long.value <= 1.0
    assert 1 <= len(long.phrases) <= climb.MOST_PHRASES
    assert climb.value("", at, reader) < long.value


def test_text_searches_find_the_better_text() -> None:
    seated = plan(RECIPE.personas, "ignorer")
    found = best_text(WEEKS[:1], seated, ("", "asdf qwer", OWN[2]))
    assert (found.text, found.tried) == (OWN[2], 9)
    with pytest.raises(ValueError, match="no text"):
        best_text(WEEKS[:1], seated, ())
    tried: list[int] = []
    some = random_search(WEEKS[:1], seated, lambda kind: OWN, tries=4, on_try=tried.append)
    assert tried == [2, 3, 4]
    assert set(some.texts.values()) <= set(OWN)
    assert {"staging", "favour", "nudge:leave", "clarify:slack_pair"} <= set(some.texts)
    assert "nudge" not in some.texts
    assert some.total >= random_search(WEEKS[:1], seated, lambda kind: OWN, tries=1).total


@pytest.mark.slow
def test_findings_survive_their_file_and_fill_the_lineup(tmp_path: Path) -> None:
    told: list[str] = []
    found = search_all(Setup(), Effort(1, 1, 30, 8, 1, 1, 2, 1), told.append)
    assert told == ["fact-blind table", "bag of phrases", "fixed text", "text per kind of event"]
    file = tmp_path / "found.json"
    file.write_text(json.dumps(found.plain()))
    assert Findings.read(file) == found
    entrants = lineup(WEEKS[0], found)
    assert len({entrant.name for entrant in entrants}) == len(entrants)
    assert {"oracle", "careful", "greedy", "act:counter", "best fixed text", "fact-blind table", "echo"} <= {
        entrant.name for entrant in entrants
    }
    obs = observe(start(WEEKS[0]))
    for entrant in entrants:
        if entrant.name != "oracle":
            assert isinstance(asyncio.run(entrant.make(0).reply(obs)), str)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"table": {"leave": "accept"}}'])
def test_a_file_that_is_no_findings_is_one_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "found.json"
    file.write_text(text)
    with pytest.raises(UsageError, match=r"not a found.json"):
        Findings.read(file)
