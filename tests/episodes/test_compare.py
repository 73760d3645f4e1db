"""Two runs beside each other: what differs is named, differences are paired, decisions are counted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.config import find
from work_life_firewall.episodes.compare import Difference, compare, differences, sentence
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.job import Job, Setup, run_job

from .weeks import config


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Runs of three weeks: greedy, decliner, and greedy with a Priya who starts with less trust."""
    root = tmp_path_factory.mktemp("runs")
    cool = root / "priya.md"
    text = find("personas", "priya").read_text(encoding="utf-8")
    cool.write_text(text.replace("initial_trust: ", "initial_trust: 0.5 # ", 1), encoding="utf-8")
    run_job(Job(Setup(), "greedy", "validation", 3), root / "greedy")
    run_job(Job(Setup(), "decliner", "validation", 3), root / "decliner")
    run_job(Job(Setup(personas={"priya": cool}), "greedy", "validation", 3), root / "cool")
    run_job(Job(Setup(), "greedy", "validation", 2, seed=50), root / "later")
    return root


def test_another_priya_is_all_that_differs(runs: Path) -> None:
    found = compare(runs / "greedy", runs / "cool")
    assert found.sentence == "only priya differs"
    assert [difference.key for difference in found.differences] == ["personas.priya"]
    assert found.comparable
    gaps = {gap.name: gap for gap in found.gaps}
    assert gaps["trust priya"].verdict == "lower"
    assert gaps["trust priya"].gap["n"] == 3


def test_a_run_beside_itself_shows_nothing(runs: Path) -> None:
    found = compare(runs / "greedy", runs / "greedy")
    assert found.sentence.startswith("nothing differs")
    assert all(gap.gap["mean"] == 0.0 and gap.verdict == "no clear difference" for gap in found.gaps)


def test_decisions_and_passes_of_two_policies(runs: Path) -> None:
    found = compare(runs / "greedy", runs / "decliner", bar=0.0)
    assert found.sentence == "only the policy differs"
    assert {"staging", "slack_pair/1", "slack_pair/2", "oncall_swap"} <= set(found.asks())
    yes, no = found.decisions
    assert yes.share("oncall_swap", "accept") == 1.0
    assert no.share("oncall_swap", "decline") > 0.5
    assert yes.share("never came", "accept") == 0.0
    assert found.passes[1] == (1.0, 1.0)
    assert found.passes[4] == (None, None)
    json.dumps(found.plain(), allow_nan=False)


def test_runs_without_a_common_week_need_unpaired(runs: Path) -> None:
    with pytest.raises(UsageError, match="--unpaired"):
        compare(runs / "greedy", runs / "later")
    found = compare(runs / "greedy", runs / "later", pair=False)
    assert (found.paired, found.weeks) == (False, 2)
    assert found.sentence.startswith("nothing differs")


def test_sentences_name_what_differs() -> None:
    people = [Difference("personas.priya", "a", "b"), Difference("versions.reader", "c", "d")]
    assert sentence(people) == "priya and the reader version differ"
    assert sentence([Difference("coworkers.david", "scripted", "human")]) == "only david's seat differs"


def test_a_judge_is_no_difference_and_a_seats_files_are_none_of_their_own() -> None:
    judged = config(
        judge="llm:x", versions={**config().versions.model_dump(), "judge": "llm:x@1"}, prompts={"judge": "1"}
    )
    assert differences(config(), judged) == []
    seated = config(coworkers={**config().coworkers, "david": "llm:x"}, models={"x": "1"}, prompts={"coworker": "1"})
    assert [found.key for found in differences(config(), seated)] == ["coworkers.david"]
    retuned = seated.model_copy(update={"models": {"x": "2"}})
    assert [found.key for found in differences(seated, retuned)] == ["models.x"]
