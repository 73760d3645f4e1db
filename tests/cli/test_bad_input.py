"""The bad input that issue 2 lists: one clear line saying what and where, the right exit code, nothing lost."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from work_life_firewall.config import find

from .terminal import Terminal

RUN = ("run", "--policy", "ignorer", "--weeks", "1")
PRIYA = find("personas", "priya").read_text(encoding="utf-8")


def test_unknown_persona(wlf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "priya.md").write_text(PRIYA, encoding="utf-8")
    cases = {
        ("--persona", "prya=priya.md"): "unknown person 'prya'; did you mean 'priya'?",
        ("--persona", "priya=gone.md"): "'gone.md': no such file",
        ("--persona", "rahul=priya.md"): "priya.md:2: this is the persona of 'priya', and cannot sit as 'rahul'",
        ("--persona", "priya"): "--persona 'priya': write ID=FILE",
        ("--personas", "gone"): "gone: no such folder of personas",
    }
    for options, said in cases.items():
        ran = wlf(*RUN, *options)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.complaint
    for command in (("personas", "show", "pria"), ("personas", "check", "gone.md"), ("personas", "diff", "priya", "x")):
        ran = wlf(*command)
        assert (ran.code, ran.out) == (2, "")
        assert ran.complaint.startswith("wlf: '")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("patience:", "pateince:", "unknown key 'pateince'"),
        ("patience:", "# ", "missing key 'patience'"),
        ("id: priya", "id: [priya", "broken YAML"),
        ("voice: priya", "voice: priyaa", "unknown name in configs/voices; did you mean 'priya'?"),
    ],
)
def test_broken_yaml_and_missing_keys(wlf: Terminal, tmp_path: Path, old: str, new: str, said: str) -> None:
    (tmp_path / "mine.md").write_text(PRIYA.replace(old, new, 1), encoding="utf-8")
    for command in ((*RUN, "--persona", "priya=mine.md"), ("personas", "check", "mine.md")):
        ran = wlf(*command)
        assert ran.code == 2
        assert said in ran.complaint
    assert not (tmp_path / "runs").exists()


def test_files_that_are_not_utf_8(wlf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_bytes(b"---\nid: priya\nname: \xff\n---\nx\n")
    assert "mine.md:3: not UTF-8" in wlf(*RUN, "--persona", "priya=mine.md").complaint
    (tmp_path / "week.yaml").write_bytes(b"schema: 1\nid: \x80\n")
    ran = wlf(*RUN, "--scenario", "week.yaml")
    assert ran.code == 2
    assert "week.yaml:2: not UTF-8" in ran.complaint


def test_unknown_scenario_and_its_mistakes(wlf: Terminal, tmp_path: Path) -> None:
    assert "did you mean 'canonical'?" in wlf(*RUN, "--scenario", "canonicl").complaint
    text = find("scenarios", "canonical").read_text(encoding="utf-8").replace(" due_minutes:", " due_mintues:", 1)
    (tmp_path / "week.yaml").write_text(text, encoding="utf-8")
    complaint = wlf(*RUN, "--scenario", "week.yaml").complaint
    assert "week.yaml:" in complaint
    assert "unknown key 'due_mintues' in events[" in complaint
    assert complaint.endswith("did you mean 'due_minutes'?")


def test_unknown_policy_and_seats(wlf: Terminal, tmp_path: Path) -> None:
    cases = {
        ("--policy", "carefull"): "did you mean 'careful'?",
        ("--policy", "orcle"): "did you mean 'oracle'?",
        ("--policy", "py:nothing:Me"): "nothing",
        ("--policy", "ignorer", "--coworkers", "priya=robot"): "unknown coworker 'robot'",
        ("--policy", "ignorer", "--reader", "llm:x"): "unknown name in configs/models",
        ("--policy", "ignorer", "--judge", "llm:x"): "unknown name in configs/models",
        ("--policy", "ignorer", "--split", "dev"): "--split",
        ("--policy", "ignorer", "--driver", "rocket"): "--driver",
        ("--policy", "ignorer", "--weeks", "none"): "--weeks",
        ("--policy", "ignorer", "--seed", "100000"): "100000 seeds",
        (): "Missing option '--policy'",
    }
    for options, said in cases.items():
        ran = wlf("run", *options)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.complaint
    assert not (tmp_path / "runs").exists()


def test_unknown_commands_options_and_weeks(wlf: Terminal) -> None:
    assert "Did you mean 'run'" in wlf("rnu").complaint
    assert "No such option" in wlf("demo", "--sed", "1").complaint
    assert "belongs to no split" in wlf("weeks", "show", "999999").complaint
    assert "'standup' makes no twin" in wlf("weeks", "twin", "100000", "--fact", "standup").complaint
    assert wlf("weeks", "show", "-5").code == 2
    ran = wlf("play")
    assert ran.code == 2
    assert "use --terminal" in ran.complaint


def test_a_used_folder_and_a_changed_config(wlf: Terminal) -> None:
    assert wlf(*RUN, "--out", "here").code == 0
    ran = wlf(*RUN, "--out", "here")
    assert ran.code == 2
    assert "here: already holds files; continue with --resume" in ran.complaint
    ran = wlf("run", "--policy", "greedy", "--weeks", "2", "--out", "here", "--resume")
    assert ran.code == 2
    assert "differs in policy (ignorer -> greedy), weeks (1 -> 2)" in ran.complaint
    assert wlf(*RUN, "--out", "here", "--resume").code == 0


def test_a_read_only_folder(wlf: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "mkdir", refuse)
    for command in (RUN, ("demo",), ("play", "--terminal")):
        ran = wlf(*command)
        assert ran.code == 1
        assert ran.complaint.startswith("wlf: runs/")
        assert ran.complaint.endswith("cannot be made: Read-only file system")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_without_permission(wlf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir(mode=0o500)
    ran = wlf(*RUN)
    assert ran.code == 1
    assert "Permission denied" in ran.complaint


def test_a_run_that_is_none(wlf: Terminal, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for run in ("gone", "file", "."):
        ran = wlf("score", run)
        assert ran.code == 1
        assert "not a run folder" in ran.complaint


POLICIES = """
class Long:
    async def reply(self, obs):
        return "I will do it. " * 75_000

class Control:
    async def reply(self, obs):
        return "\\x00\\x1b[2J\\x07\\u2028\\ud800 yes \\r\\n"

class Breaks:
    async def reply(self, obs):
        if obs.step == 2:
            raise RuntimeError("no more")
        return "Yes."
"""


def test_a_megabyte_and_control_characters_as_replies(
    wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_policies.py").write_text(POLICIES)
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("Long", "Control"):
        ran = wlf("run", "--policy", f"py:their_policies:{name}", "--weeks", "1", "--out", name)
        assert (ran.code, ran.err) == (0, "")
        assert wlf("score", name).code == 0
    week = json.loads((tmp_path / "Long" / "weeks.jsonl").read_text(encoding="utf-8"))
    assert week["end"] in ("friday", "burnout")
    assert {len(step["reply"]) for step in week["steps"]} == {14 * 75_000}


def test_a_policy_that_breaks_fails_its_week_and_no_other(
    wlf: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "their_policies.py").write_text(POLICIES)
    monkeypatch.syspath_prepend(tmp_path)
    ran = wlf("run", "--policy", "py:their_policies:Breaks", "--weeks", "2", "--out", "run")
    assert ran.code == 1
    assert "RuntimeError: no more" in ran.err
    assert "2 of 2 weeks ended in an error; they are recorded" in ran.err
    assert "Traceback" not in ran.err
    lines = (tmp_path / "run" / "weeks.jsonl").read_text().splitlines()
    assert [len(json.loads(line)["steps"]) for line in lines] == [2, 2]


def test_read_answers_bad_lines_and_goes_on(wlf: Terminal) -> None:
    event = {"source": "slack", "sender": "rahul", "subject": "swap", "body": "Could you take my nights?"}
    good = json.dumps({"event": event, "reply": "Yes, I will take them."}).encode()
    huge = json.dumps({"event": event, "reply": "Yes. " * 200_000}).encode()
    control = json.dumps({"event": event, "reply": "\x00\x1b[2J\ud800 yes"}).encode()
    ran = wlf("read", stdin=b"\n".join((good, b"\xff", b"{}", huge, control, b"nope")) + b"\n")
    answers = [json.loads(line) for line in ran.out.splitlines()]
    assert ran.code == 1
    assert ["error" in answer for answer in answers] == [False, True, True, False, False, True]
    assert [answer["error"]["line"] for answer in answers if "error" in answer] == [2, 3, 6]
    assert answers[0]["act"] == answers[0]["asks"][0]["act"]
    assert ran.err == ""
    assert wlf("read", stdin=good).code == 0
    ran = wlf("read", "gone.jsonl")
    assert ran.code == 1
    assert ran.complaint == "wlf: gone.jsonl: No such file or directory"
