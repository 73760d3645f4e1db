"""Recorded exchanges: what is kept, when a model is called, and that a replayed week is the recorded one."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from work_life_firewall.agents.chat.client import ChatClient
from work_life_firewall.agents.chat.errors import CallFailed, CassetteMiss, Unusable
from work_life_firewall.agents.chat.request import Message, Request
from work_life_firewall.episodes.job import Job, Setup, run_job
from work_life_firewall.episodes.runs import weeks_in
from work_life_firewall.episodes.whatif import Question, ask

from ...support.fault_server import FaultServer
from ...support.models import client, model_file


def asks(text: str) -> Request:
    return Request("priya", (Message("user", text),), 1)


def taped(url: str, file: Path, mode: str, **changed: object) -> ChatClient:
    return client(url, cassette={"file": str(file), "mode": mode}, **changed)


def say(made: ChatClient, text: str) -> str:
    return asyncio.run(made.complete(asks(text))).text


def test_auto_calls_once_and_replay_never(tmp_path: Path) -> None:
    file = tmp_path / "tape.db"
    with FaultServer() as server:
        first = say(taped(server.url, file, "auto"), "one")
        made = taped(server.url, file, "auto")
        assert say(made, "one") == first
        assert server.calls == 1
        assert made.ledger.total().plain() == {**made.ledger.total().plain(), "replayed": 1, "calls": 0, "cost": 0.0}
        url = server.url
    assert say(taped(url, file, "replay"), "one") == first
    with pytest.raises(CassetteMiss, match=r"tape\.db holds no answer to this request of priya"):
        say(taped(url, file, "replay"), "two")


def test_record_calls_anew_but_says_the_same_twice_within_a_run(tmp_path: Path) -> None:
    file, count = tmp_path / "tape.db", iter(range(100))
    with FaultServer(answers=lambda body: f"answer {next(count)}") as server:
        say(taped(server.url, file, "auto"), "one")
        made = taped(server.url, file, "record")
        assert [say(made, "one"), say(made, "one")] == ["answer 1", "answer 1"]
        assert say(taped(server.url, file, "replay"), "one") == "answer 1"


def test_anything_that_changes_the_request_is_another_one(tmp_path: Path) -> None:
    file = tmp_path / "tape.db"
    with FaultServer() as server:
        for changed in ({}, {"temperature": 0.1}, {"max_tokens": 50}, {"extra_body": {"min_p": 0.5}}):
            say(taped(server.url, file, "auto", **changed), "one")
        asyncio.run(taped(server.url, file, "auto").complete(asks("one")._replace(seed=2)))
        assert server.calls == 5


def test_failures_are_replayed_as_they_were_and_tried_again_by_auto(tmp_path: Path) -> None:
    file = tmp_path / "tape.db"
    with FaultServer(script=["500", "500", "500"]) as server:
        with pytest.raises(CallFailed) as real:
            say(taped(server.url, file, "auto", retries=1), "one")
        with pytest.raises(CallFailed) as replayed:
            say(taped(server.url, file, "replay", retries=1), "one")
        assert replayed.value.slips == real.value.slips
        made = taped(server.url, file, "auto", retries=1)
        assert say(made, "one")
        assert made.ledger.total().attempts == 2


def test_not_a_cassette(tmp_path: Path) -> None:
    file = tmp_path / "tape.db"
    file.write_text("this is a text file, and quite long enough not to be anything else" * 20)
    with FaultServer() as server, pytest.raises(Unusable, match="cannot be used as a cassette"):
        say(taped(server.url, file, "auto"), "one")


def _run(folder: Path, coworkers: str, policy: str = "careful") -> str:
    run_job(Job(Setup(coworkers=coworkers), policy, "validation", 2), folder)
    return (folder / "weeks.jsonl").read_text()


def test_a_recorded_week_replays_byte_for_byte_without_a_server(tmp_path: Path) -> None:
    tape = {"file": str(tmp_path / "tape.db"), "mode": "record"}
    with FaultServer(rate=0.2) as server:
        file = model_file(tmp_path, server.url, timeout_s=1.0, cassette=tape)
        recorded = _run(tmp_path / "recorded", f"llm:{file}", f"llm:{file}")
        assert server.injected
        url = server.url
    file = model_file(tmp_path, url, timeout_s=1.0, cassette={**tape, "mode": "replay"})
    assert _run(tmp_path / "replayed", f"llm:{file}", f"llm:{file}") == recorded


def test_a_cassette_as_a_seat_needs_no_model_file(tmp_path: Path) -> None:
    tape = tmp_path / "tape.db"
    with FaultServer() as server:
        file = model_file(tmp_path, server.url, cassette={"file": str(tape), "mode": "record"})
        _run(tmp_path / "recorded", f"llm:{file}")
        calls = server.calls
        _run(tmp_path / "played", f"cassette:{tape}")
        assert server.calls == calls
    pairs = zip(weeks_in(tmp_path / "recorded"), weeks_in(tmp_path / "played"), strict=True)
    for recorded, played in pairs:
        assert recorded.steps == played.steps
        assert set(played.coworkers.values()) == {f"cassette:{tape}"}


def test_a_cassette_that_does_not_know_the_week_says_so_in_the_record(tmp_path: Path) -> None:
    tape = tmp_path / "tape.db"
    with FaultServer() as server:
        file = model_file(tmp_path, server.url, cassette={"file": str(tape), "mode": "record"})
        _run(tmp_path / "recorded", f"llm:{file}")
    run_job(Job(Setup(coworkers=f"cassette:{tape}"), "greedy", "validation", 1), tmp_path / "other")
    (week,) = weeks_in(tmp_path / "other")
    assert week.end == "error"
    assert "CassetteMiss" in (week.error or "")


def test_a_counterfactual_calls_for_changed_turns_only(tmp_path: Path) -> None:
    tape = {"file": str(tmp_path / "tape.db"), "mode": "auto"}
    with FaultServer() as server:
        file = model_file(tmp_path, server.url, cassette=tape)
        _run(tmp_path / "run", f"llm:{file}")
        record = next(weeks_in(tmp_path / "run"))
        place = len(record.steps) // 2
        event = record.steps[place].event
        calls = server.calls
        same, _ = ask(Question(tmp_path / "run", record.seed, event, reply=record.steps[place].reply))
        assert server.calls == calls
        assert json.loads(same.other.line())["steps"] == json.loads(record.line())["steps"]
        pair, _ = ask(Question(tmp_path / "run", record.seed, event, reply="No."))
    changed = sum(len(step.answers) for step in pair.other.steps[place:])
    assert 0 < server.calls - calls <= changed
