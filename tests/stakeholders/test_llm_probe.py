"""The fidelity probe: scripted personas pass it, a model that likes everything does not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.stakeholders.llm import LLMStakeholder
from work_life_firewall.stakeholders.probe import Fidelity, probe
from work_life_firewall.stakeholders.scripted import ScriptedStakeholder
from work_life_firewall.world.ports import Stakeholder

from ..cli.terminal import Terminal
from ..support.fault_server import FaultServer
from ..support.models import client, model_file

PEOPLE = ("priya", "rahul", "david", "sundar")


def by_person(found: list[Fidelity]) -> dict[str, Fidelity]:
    return {one.persona: one for one in found}


def test_scripted_personas_pass_and_are_their_own_measure() -> None:
    seats: dict[str, Stakeholder] = {who: ScriptedStakeholder(load_recipe().personas[who].voice) for who in PEOPLE}
    found = by_person(probe(seats, 3))
    assert set(found) == set(PEOPLE)
    for one in found.values():
        assert one.passes, one
        assert (one.distance, one.agreement, one.fallbacks) == (0, 1, 0)


def test_a_model_that_likes_everything_is_found_out_whatever_the_band() -> None:
    best = dict.fromkeys(("respect", "clarity", "helpfulness", "reliability"), 2)
    text = json.dumps({"message": "Great!", "appraisal": best, "follow_up": "none", "wording": ""})
    with FaultServer(answers=lambda body: text) as server:
        (found,) = probe({"david": LLMStakeholder(client(server.url, band=0), ScriptedStakeholder("david"))}, 2)
    assert not found.passes
    assert found.tempers["rude"].gain > 0
    assert found.distance > 1


def test_turns_left_to_the_script_are_counted() -> None:
    with FaultServer(answers=lambda body: "I'm sorry, I can't do that.") as server:
        (found,) = probe({"rahul": LLMStakeholder(client(server.url), ScriptedStakeholder("rahul"))}, 1)
    assert found.fallbacks == sum(temper.turns for temper in found.tempers.values()) > 0
    assert found.distance == 0


def test_the_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    wlf = Terminal(capsys, monkeypatch)
    scripted = wlf("personas", "probe", "--weeks", 1)
    assert scripted.code == 0
    assert "david" in scripted.out
    with FaultServer() as server:
        ran = wlf("personas", "probe", "--weeks", 1, "--json", "--coworkers", f"llm:{model_file(tmp_path, server.url)}")
    found = json.loads(ran.out)
    assert [one["persona"] for one in found] == list(PEOPLE)
    assert all(one["distance"] > 0 for one in found)
