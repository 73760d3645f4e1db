"""The probe with models behind a real server: its books, its fallbacks, its cassette, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from work_life_firewall.config import load_recipe
from work_life_firewall.episodes.errors import RunError, UsageError
from work_life_firewall.episodes.fidelity_gate import bars
from work_life_firewall.episodes.probe import EPISODE, probe
from work_life_firewall.episodes.seats import plan

from ..cli.terminal import Terminal
from ..support.fault_server import FaultServer, honest
from ..support.models import model_file
from ..support.probing import PEOPLE

EACH = 2 * (12 + 4 * 4 + 4 * 2)
"""Turns asked of everybody in two conversations."""
GUSHING = json.dumps(
    {
        "message": "Great!",
        "appraisal": dict.fromkeys(("respect", "clarity", "helpfulness", "reliability"), 2),
        "follow_up": "none",
        "wording": "",
    }
)


@pytest.fixture
def wlf(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Terminal:
    return Terminal(capsys, monkeypatch)


@pytest.mark.slow
def test_a_model_that_likes_everything_is_found_out_on_raw_appraisals(tmp_path: Path) -> None:
    recipe = load_recipe()
    with FaultServer(answers=lambda body: GUSHING if "coworker_turn" in str(body) else honest(body)) as server:
        seated = plan(recipe.personas, "ignorer", f"scripted,david=llm:{model_file(tmp_path, server.url, band=0)}")
        heard: list[tuple[int, int]] = []
        made = probe(recipe, seated, 2, on_answer=lambda done, total: heard.append((done, total)))
    people = {one.person: one for one in made.found.people}
    david = people["david"]
    assert david.gains["rude"]["mean"] > 0  # type: ignore[operator]
    assert david.counted["rude"]["mean"] < 0  # type: ignore[operator] - the band holds what the raw judgement would not
    assert {bar.name for bar in bars(made.found) if bar.person == "david" and not bar.held} >= {
        f"{temper} replies gain nothing" for temper in ("rude", "empty", "flattering")
    }
    assert david.distance["helpfulness"]["mean"] > 0.3  # type: ignore[operator]
    assert all(figure["mean"] == 0 for figure in people["priya"].distance.values())
    assert (made.seats["david"].partition(":")[0], made.seats["priya"]) == ("llm", "scripted")
    assert heard[-1] == (4 * EACH, 4 * EACH)
    booked = seated.chats.ledger.episode(EPISODE)
    assert {who: usage.calls for who, usage in booked.items()} == {"david": EACH}


@pytest.mark.slow
def test_what_the_script_answered_is_no_figure_of_the_model(tmp_path: Path) -> None:
    recipe = load_recipe()
    with FaultServer(rate=0.5, faults=("refusal",)) as server:
        file = model_file(tmp_path, server.url)
        made = probe(recipe, plan(recipe.personas, "ignorer", f"scripted,rahul=llm:{file}"), 2)
    rahul = next(one for one in made.found.people if one.person == "rahul")
    assert (rahul.asked, 0 < rahul.left < EACH) == (EACH, True)
    assert 0 < rahul.turns < 24
    assert rahul.faults["refusal"] >= 2 * rahul.left
    assert rahul.distance["clarity"]["mean"] > 0.3  # type: ignore[operator] - a random judge, undiluted by the script
    assert {"rahul"} == {bar.person for bar in bars(made.found) if "left to the script" in bar.name and not bar.held}
    assert f"| rahul | {EACH} | {rahul.left} | {rahul.turns} | refusal {rahul.faults['refusal']} |" in made.markdown()


@pytest.mark.slow
def test_a_model_that_never_answers_has_no_figures_and_holds_no_bar_on_them(tmp_path: Path) -> None:
    recipe = load_recipe()
    with FaultServer(rate=1.0, faults=("refusal",)) as server:
        made = probe(recipe, plan(recipe.personas, "ignorer", f"llm:{model_file(tmp_path, server.url)}"), 2)
    assert not any(bar.held for bar in bars(made.found))
    assert all((one.turns, one.left) == (0, EACH) for one in made.found.people)
    assert "| - |" in made.markdown()


@pytest.mark.slow
def test_a_recorded_probe_replays_without_the_server(tmp_path: Path, wlf: Terminal) -> None:
    tape = tmp_path / "tape.db"
    with FaultServer() as server:
        file = model_file(tmp_path, server.url, cassette={"file": str(tape), "mode": "record"})
        seats = f"scripted,priya=llm:{file}"
        first = json.loads(wlf("personas", "probe", "--conversations", 2, "--json", "--coworkers", seats).out)
    replayed = wlf(
        "personas", "probe", "--conversations", 2, "--json", "--coworkers", f"scripted,priya=cassette:{tape}"
    )
    again = json.loads(replayed.out)
    assert again.pop("coworkers")["priya"] == f"cassette:{tape}"
    first.pop("coworkers")
    assert again == first
    missing = wlf("personas", "probe", "--conversations", 3, "--coworkers", f"scripted,priya=cassette:{tape}")
    assert missing.code == 1
    assert "holds no answer" in missing.complaint


def test_a_dead_endpoint_and_a_person_are_refused(tmp_path: Path) -> None:
    recipe = load_recipe()
    with pytest.raises(UsageError, match="nobody sits through"):
        probe(recipe, plan(recipe.personas, "ignorer", "scripted,priya=human"), 2)
    with pytest.raises(RunError):
        probe(recipe, plan(recipe.personas, "ignorer", f"llm:{model_file(tmp_path, 'http://127.0.0.1:9/v1')}"), 2)


@pytest.mark.slow
def test_the_command_tells_writes_and_gates(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("personas", "probe", "--conversations", 2, "--out", tmp_path / "probe")
    assert (ran.code, ran.err) == (0, "")
    for part in (*PEOPLE, "flattering", "writers told apart", "60 turns or more", "report.md"):
        assert part in ran.out
    assert (tmp_path / "probe" / "report.md").is_file()
    gated = wlf("personas", "probe", "--conversations", 2, "--gate", "--json")
    assert gated.code == 1  # two conversations are too few turns
    assert json.loads(gated.out) == json.loads((tmp_path / "probe" / "fidelity.json").read_text())
    assert wlf("personas", "probe", "--conversations", 5, "--gate").code == 0
