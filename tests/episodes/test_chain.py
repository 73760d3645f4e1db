"""The chain between two weeks: a swapped persona is at its root, and nobody differs without a reason."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

import pytest

from work_life_firewall.config import find, load_recipe
from work_life_firewall.episodes.chain import Chain, chain, week_chain
from work_life_firewall.episodes.errors import UsageError
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.loop import run_week
from work_life_firewall.episodes.record import WeekRecord
from work_life_firewall.episodes.seats import Seats, plan
from work_life_firewall.world.generator import generate
from work_life_firewall.world.ports import Answer, Turn

from ..cli.terminal import Terminal
from ..support.probing import Changed

PEOPLE = ("priya", "rahul", "david", "sundar")
FIRST = 100_000


def other_persona(who: str, folder: Path) -> Path:
    """Somebody with the same id who trusts less, weighs otherwise, and talks like another."""
    text = find("personas", who).read_text(encoding="utf-8")
    text = re.sub(r"initial_trust: [\d.]+", "initial_trust: 0.5", text)
    text = re.sub(r"weights: .*", "weights: {respect: 0.2, clarity: 2.0, helpfulness: 0.3, reliability: 0.2}", text)
    text = re.sub(r"voice: \w+", f"voice: {'rahul' if who == 'david' else 'david'}", text)
    file = folder / f"{who}.md"
    file.write_text(text, encoding="utf-8")
    return file


@cache
def played(policy: str, seed: int) -> WeekRecord:
    recipe = load_recipe()
    return run_week(generate(recipe, seed), plan(recipe.personas, policy).seats(seed))


def with_another(file: Path, policy: str, seed: int) -> WeekRecord:
    recipe = load_recipe("canonical", {file.stem: file})
    return run_week(generate(recipe, seed), plan(recipe.personas, policy).seats(seed))


def test_another_manager_leaves_every_monday_alone(tmp_path: Path) -> None:
    swapped = load_recipe("canonical", {"sundar": other_persona("sundar", tmp_path)})
    seeds = range(FIRST, FIRST + 20)
    assert [generate(swapped, seed).backlog for seed in seeds] == [
        generate(load_recipe(), seed).backlog for seed in seeds
    ]


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_others_differ_only_downstream_of_a_change_that_reached_them(who: str, tmp_path: Path) -> None:
    file = other_persona(who, tmp_path)
    others = 0
    for policy in ("careful", "greedy", "random"):
        for seed in range(FIRST, FIRST + 10):
            found = chain(played(policy, seed), with_another(file, policy, seed))
            assert found.swapped == (who,)
            assert found.unexplained == ()
            for link in found.links:
                behind = found.behind(link)
                assert any(root == f"another {who}" for one in behind for root in one.roots)
                if link.what == "answer" and link.who != who:
                    others += 1
                    _check_reached(found, link.who, link.number)
    assert others or who != "david"  # David goes over Arjun's head: Sundar hears of it


def _check_reached(found: Chain, who: str, number: int) -> None:
    """Before somebody else's first different answer, a reply or an event that he was part of had changed."""
    reached = [
        link
        for link in found.links[:number]
        if (link.what in ("event", "reply", "reading") and link.event == found.links[number - 1].event)
        or (link.what in ("appeared", "vanished") and (link.who == who or f"with {who}" in link.parts))
        or (link.what == "answer" and link.who == who and link.number < number)
    ]
    assert reached, found.links[number - 1]


def test_the_same_week_has_no_chain() -> None:
    found = chain(played("careful", FIRST), played("careful", FIRST))
    assert found.links == ()
    assert sum(same for same, _ in found.answers.values()) > 0
    assert all(other == 0 for _, other in found.answers.values())


def test_a_leak_is_a_change_without_a_reason() -> None:
    class Moody(Changed):
        def change(self, turn: Turn, answer: Answer) -> Answer:
            return answer.model_copy(update={"message": "Hm."})

    own = plan(load_recipe().personas, "careful").seats(FIRST)
    leaking = Seats(own.protagonist, own.reader, {**own.coworkers, "sundar": Moody("sundar")}, own.policy, own.specs)
    found = chain(played("careful", FIRST), run_week(generate(load_recipe(), FIRST), leaking))
    assert found.swapped == ()
    assert found.unexplained
    assert {(link.what, link.who) for link in found.unexplained} == {("answer", "sundar")}


def test_another_policy_is_the_root_of_its_replies() -> None:
    found = chain(played("careful", FIRST), played("greedy", FIRST))
    assert found.links[0].roots == ("another policy",)
    assert found.unexplained == ()
    assert {"appeared", "reply", "reading", "answer"} <= {link.what for link in found.links}


def test_records_of_different_weeks_are_refused() -> None:
    with pytest.raises(UsageError, match="not the same week"):
        chain(played("careful", FIRST), played("careful", FIRST + 1))


@pytest.mark.slow
def test_the_chain_of_two_runs_on_disk_and_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = other_persona("david", tmp_path)
    run_job(Job(Setup(), "random", "validation", 2), tmp_path / "a")
    run_job(Job(Setup(personas={"david": file}), "random", "validation", 2), tmp_path / "b")
    found = week_chain(tmp_path / "a", tmp_path / "b", 1)
    assert found == week_chain(tmp_path / "a", tmp_path / "b", FIRST + 1)
    assert (found.seed, found.swapped, found.unexplained) == (FIRST + 1, ("david",), ())
    wlf = Terminal(capsys, monkeypatch)
    ran = wlf("compare", tmp_path / "a", tmp_path / "b", "--week", 1)
    assert (ran.code, ran.err) == (0, "")
    first = found.links[0]
    for part in ("david swapped", f"they part at {first.event}, {first.at}", "another david", "otherwise"):
        assert part in ran.out
    plain = json.loads(wlf("compare", tmp_path / "a", tmp_path / "b", "--week", 1, "--json").out)
    assert plain == json.loads(json.dumps(found.plain()))
    assert "the two weeks are the same" in wlf("compare", tmp_path / "a", tmp_path / "a", "--week", 0).out
    assert "no week 9 among its 2" in wlf("compare", tmp_path / "a", tmp_path / "b", "--week", 9).complaint
