"""The commands as a user types them: what they print, what they leave on disk, and what they keep hidden."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from work_life_firewall.config import find

from .terminal import Terminal

WLF = [sys.executable, "-c", "from work_life_firewall.cli.main import main; main()"]


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONSAFEPATH": "1"}


def test_help_lists_the_commands_and_imports_none(wlf: Terminal) -> None:
    for ran in (wlf("--help"), wlf()):
        assert ran.code == 0
        for name in ("demo", "run", "play", "weeks", "personas", "read", "score"):
            assert f"  {name} " in ran.out
    assert wlf("--version").out.startswith("wlf ")
    for name in ("demo", "run", "play", "read", "score", "weeks", "personas"):
        ran = wlf(name, "--help")
        assert (ran.code, ran.err) == (0, "")
    assert "show" in wlf("weeks").out


def test_demo_tells_a_week_and_leaves_transcript_and_records(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("demo", "--seed", "3")
    assert (ran.code, ran.err) == (0, "")
    assert "careful agent (validation week 100003)" in ran.out
    for part in ("Mon 06:00  PagerDuty", "Arjun: ", "Priya", "read as", "The score of the week", "total"):
        assert part in ran.out
    assert "\x1b" not in ran.out
    demo = tmp_path / "runs" / "demo"
    transcript = (demo / "transcript.txt").read_text(encoding="utf-8")
    assert transcript.strip() in ran.out
    for policy in ("careful", "greedy"):
        assert wlf("score", demo / policy).code == 0
    again = wlf("demo", "--seed", "3")
    assert "runs/demo-2/transcript.txt" in again.out
    assert again.out.replace("demo-2", "demo") == ran.out


def test_run_prints_a_table_or_one_json_object(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("run", "--policy", "decliner", "--weeks", "2", "--out", "a")
    assert (ran.code, ran.err) == (0, "")
    assert "decliner: 2 validation weeks" in ran.out
    assert "run folder: a" in ran.out
    ran = wlf("run", "--policy", "decliner", "--weeks", "2", "--out", "b", "--json")
    summary = json.loads(ran.out)
    assert summary == json.loads((tmp_path / "b" / "summary.json").read_text())
    assert (summary["policy"], summary["weeks"]) == ("decliner", 2)
    assert json.loads(wlf("score", "b", "--json").out) == summary


def test_run_names_its_folder_after_policy_and_split(wlf: Terminal, tmp_path: Path) -> None:
    assert wlf("run", "--policy", "fixed:Sure, will do!", "--weeks", "1", "--split", "train").code == 0
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["fixed-Sure--will-do-train"]


def test_score_finds_a_record_that_does_not_add_up(wlf: Terminal, tmp_path: Path) -> None:
    assert wlf("run", "--policy", "greedy", "--weeks", "1", "--out", "a").code == 0
    assert "rewards add up to the scores in each" in wlf("score", "a").out
    file = tmp_path / "a" / "weeks.jsonl"
    week = json.loads(file.read_text())
    week["steps"][1]["reward"] += 0.01
    file.write_text(json.dumps(week) + "\n")
    ran = wlf("score", "a")
    assert ran.code == 1
    assert f"canonical-100000: {week['steps'][1]['event']}: reward" in ran.err


def test_play_hides_what_a_person_should_not_see_until_the_end(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("play", "--terminal", stdin=b"On it, restarting now, back by 7 am.\n\nNo, sorry, not today.\n\n")
    assert (ran.code, ran.err) == (0, "")
    played, ended = ran.out.split("The week was left early", 1)
    assert "Rahul: " in played
    for hidden in ("trust", "score", "reward", "read as", "%"):
        assert hidden not in played.lower()
    assert "The score of your week" in ended
    (week,) = (tmp_path / "runs" / "play" / "weeks.jsonl").read_text(encoding="utf-8").splitlines()
    assert (json.loads(week)["end"], len(json.loads(week)["steps"])) == ("truncated", 2)
    assert "read as" in (tmp_path / "runs" / "play" / "transcript.txt").read_text(encoding="utf-8")


def test_play_through_a_whole_week(wlf: Terminal) -> None:
    ran = wlf("play", "--terminal", "--seed", "2", stdin=b"Yes, I will do it by 5 pm tomorrow.\n\n" * 60)
    assert ran.code == 0
    assert "The week was left early" not in ran.out


def test_a_person_in_a_coworkers_seat(wlf: Terminal, tmp_path: Path) -> None:
    ran = wlf("run", "--policy", "greedy", "--weeks", "1", "--coworkers", "sundar=human", "--out", "a", "--json",
              stdin=b"Noted, thank you.\n1 1 1 1\n\n" * 20)  # fmt: skip
    assert ran.code == 0
    json.loads(ran.out)
    assert "You are " in ran.err
    week = json.loads((tmp_path / "a" / "weeks.jsonl").read_text(encoding="utf-8"))
    assert week["coworkers"]["sundar"] == "human"
    said = [step["answers"]["sundar"]["message"] for step in week["steps"] if "sundar" in step["answers"]]
    assert said
    assert set(said) == {"Noted, thank you."}


def test_weeks_list_show_and_twin(wlf: Terminal) -> None:
    listed = wlf("weeks", "list", "--weeks", "3", "--split", "test").out.splitlines()
    assert [line.split()[0] for line in listed[1:]] == ["200000", "200001", "200002"]
    shown = wlf("weeks", "show", "200001").out
    assert "facts: staging_owner" in shown
    assert "Mon 06:00  staging" in shown
    twins = wlf("weeks", "twin", "200001").out
    assert "leave_cover" in twins
    assert "leave/1" in twins
    both = wlf("weeks", "twin", "200001", "--fact", "leave_cover").out
    assert both.count("  leave  ") == 2
    assert "staging  " not in both


def test_personas_list_show_check_diff(wlf: Terminal, tmp_path: Path) -> None:
    assert [line.split()[0] for line in wlf("personas", "list").out.splitlines()[1:]] == [
        "david",
        "priya",
        "rahul",
        "sundar",
    ]
    assert "follow-ups:" in wlf("personas", "show", "priya").out
    text = find("personas", "priya").read_text(encoding="utf-8")
    (tmp_path / "same.md").write_text(text, encoding="utf-8")
    (tmp_path / "prompt.md").write_text(text + "\nBe brief.\n", encoding="utf-8")
    (tmp_path / "patient.md").write_text(text.replace("patience: ", "patience: 0.1 # ", 1), encoding="utf-8")
    assert "is the same" in wlf("personas", "check", "same.md").out
    assert "only the prompt differs" in wlf("personas", "check", "prompt.md").out
    assert "it differs in: patience" in wlf("personas", "check", "patient.md").out
    assert wlf("personas", "diff", "priya", "same.md").out == "no difference\n"
    assert "+Be brief." in wlf("personas", "diff", "priya", "prompt.md").out
    assert "patience: " in wlf("personas", "diff", "priya", "patient.md").out


def test_a_swapped_persona_changes_the_week(wlf: Terminal, tmp_path: Path) -> None:
    folder = tmp_path / "people"
    folder.mkdir()
    text = find("personas", "sundar").read_text(encoding="utf-8").replace("initial_trust: ", "initial_trust: 0.5 # ", 1)
    (folder / "sundar.md").write_text(text, encoding="utf-8")
    options = ("run", "--policy", "greedy", "--weeks", "1", "--json")
    own = json.loads(wlf(*options, "--out", "own").out)
    swapped = json.loads(wlf(*options, "--personas", folder, "--out", "swapped").out)
    assert swapped["all"]["trust"]["sundar"]["mean"] < own["all"]["trust"]["sundar"]["mean"]


def test_a_reader_of_our_output_may_leave(tmp_path: Path) -> None:
    script = 'set -o pipefail; "$@" weeks list --weeks 400 | head -1'
    ran = subprocess.run(
        ["bash", "-c", script, "bash", *WLF],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.stdout.startswith("seed")
    assert ran.stderr == ""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 1), (signal.SIGKILL, -signal.SIGKILL)])
def test_a_stopped_run_keeps_its_weeks_and_resumes(tmp_path: Path, number: signal.Signals, code: int) -> None:
    command = [*WLF, "run", "--policy", "greedy", "--weeks", "400", "--out", "run"]
    run = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.PIPE, text=True)
    weeks = tmp_path / "run" / "weeks.jsonl"
    deadline = time.monotonic() + 60
    while not (weeks.exists() and weeks.stat().st_size > 200_000) and time.monotonic() < deadline:
        time.sleep(0.05)
    run.send_signal(number)
    _, complaint = run.communicate(timeout=60)
    assert run.returncode == code
    assert complaint == ("wlf: stopped; finished weeks are kept\n" if number == signal.SIGINT else "")
    kept = [line for line in weeks.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]
    seeds = [json.loads(line)["seed"] for line in kept]
    assert 0 < len(seeds) < 400
    assert seeds == list(range(100_000, 100_000 + len(seeds)))
