"""A live server and the clients that people really use: whole weeks, clear errors, and nobody let in by accident."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openenv.core.generic_client import GenericEnvClient
from websockets.exceptions import ConnectionClosed, InvalidStatus

from work_life_firewall.client import LostWeek, WorkLifeFirewallEnv, render_prompt
from work_life_firewall.models import WorkLifeFirewallAction
from work_life_firewall.server.environment import WorkLifeFirewallEnvironment

from .live import Live, Talk
from .weeks import YES, Scripted, play, total_of

pytestmark = pytest.mark.slow


def test_the_generic_client_drives_a_whole_week(live: Live, environment: WorkLifeFirewallEnvironment) -> None:
    expected = play(environment, seed=41, episode_id="generic")
    seen: list[Any] = []
    with GenericEnvClient(base_url=live.url).sync() as client:
        result = client.reset(seed=41, episode_id="generic")
        while True:
            seen.append(result)
            assert bool(render_prompt(result.observation)) != result.done
            if result.done:
                break
            result = client.step({"message": YES})
        state = client.state()
    assert [one.observation["total"] for one in seen] == [total_of(one) for one in expected]
    assert [one.reward for one in seen] == [one.reward for one in expected]
    assert (state["episode_id"], state["step_count"]) == ("generic", len(seen) - 1)
    record = next(week for week in live.weeks() if week["episode_id"] == "generic")
    assert record["total"] == pytest.approx(total_of(expected[-1]), abs=1e-6)


def test_the_typed_client_sees_what_arjun_sees(live: Live) -> None:
    careful = Scripted("careful", 100_003)
    with WorkLifeFirewallEnv(live.url).sync() as client:
        result = client.reset(split="validation", index=3)
        while not result.done:
            view = result.observation.view
            assert view is not None
            assert view.event.id in render_prompt(result.observation)
            result = client.step(WorkLifeFirewallAction(message=careful(view)))
        assert client.state().end in ("friday", "burnout")
    assert total_of(result.observation) > 0.3


def test_weeks_of_many_clients_at_once(live: Live) -> None:
    async def week(seed: int) -> float:
        async with WorkLifeFirewallEnv(live.url) as client:
            result = await client.reset(seed=seed)
            while not result.done:
                result = await client.step(YES)
            return total_of(result.observation)

    async def all_of(seeds: list[int]) -> list[float]:
        return list(await asyncio.gather(*(week(seed) for seed in seeds)))

    totals = asyncio.run(all_of([1, 2, 3, 4] * 3))
    assert totals[:4] == totals[4:8] == totals[8:]
    assert len(set(totals)) > 1


def test_a_client_that_lands_in_another_week_says_so(live: Live) -> None:
    with WorkLifeFirewallEnv(live.url).sync() as client:
        client.reset(seed=1)
        client.async_client._playing = "another"
        with pytest.raises(LostWeek, match="'another' is lost"):
            client.step(YES)


def test_a_lost_socket_is_an_error_and_no_new_week(live: Live) -> None:
    with GenericEnvClient(base_url=live.url).sync() as client:
        client.reset(seed=1)
        inner = client.async_client
        client._run(inner._ws.close())  # type: ignore[union-attr]
        with pytest.raises((RuntimeError, ConnectionError, ConnectionClosed), match=r"call reset first|closed|1000"):
            client.step({"message": YES})
        with pytest.raises(RuntimeError, match="call reset first"):
            client.step({"message": YES})


FUZZ = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
TYPES = st.sampled_from(["reset", "step", "state", "mcp", "close ", ""]) | st.text(max_size=6).filter(
    lambda t: t != "close"
)
NAMES = st.sampled_from(["seed", "episode_id", "split", "index", "personas", "coworkers", "scenario", "message", "x"])
MESSAGES = st.builds(
    lambda kind, data, rest: json.dumps({"type": kind, "data": data, **rest}),
    TYPES,
    FUZZ | st.dictionaries(NAMES, FUZZ, max_size=4),
    st.dictionaries(st.text(max_size=4), FUZZ, max_size=1),
)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(MESSAGES | st.text(max_size=60) | st.binary(max_size=20), min_size=1, max_size=5))
def test_no_message_breaks_a_session(fuzzed: Talk, messages: list[str | bytes]) -> None:
    for message in messages:
        answer = fuzzed.raw(message)
        assert answer["type"] in ("error", "observation", "state", "mcp")
        text = json.dumps(answer)
        assert "Traceback" not in text
        assert 'File \\"' not in text
        if answer["type"] == "error":
            assert answer["data"]["message"]
    assert fuzzed.say("reset", seed=1)["data"]["observation"]["view"]["step"] == 0
    assert fuzzed.say("step", message=YES)["data"]["observation"]["view"]["step"] == 1


@pytest.fixture
def fuzzed(live: Live) -> Iterator[Talk]:
    with live.talk() as talk:
        yield talk


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b'{"action": 3}', b'{"a": NaN}', b"\xff\xfe", b"{" * 5000])
@pytest.mark.parametrize("path", ["/reset", "/step", "/work_life_firewall/tasks", "/mcp"])
def test_http_answers_nonsense_with_a_client_error(live: Live, path: str, body: bytes) -> None:
    status, answer = live.post(path, body)
    assert status < 500
    assert "Traceback" not in str(answer)


def test_http_plays_no_week_of_its_own(live: Live) -> None:
    status, answer = live.post("/step", b'{"action": {"message": "hi"}}')
    assert status == 409
    assert "call reset first; weeks are played over the WebSocket" in answer["detail"]
    status, answer = live.post("/reset", b'{"seed": 5, "sed": 1}')
    assert (status, answer["detail"]) == (409, "reset: unknown argument 'sed'; did you mean 'seed'?")
    status, answer = live.post("/reset", b'{"seed": 5}')
    assert (status, answer["observation"]["view"]["step"]) == (200, 0)


def test_a_message_too_large_is_refused_and_the_session_lives(live: Live) -> None:
    with live.talk() as talk:
        talk.say("reset", seed=1)
        answer = talk.say("step", message="x" * 70_000)
        assert (answer["type"], "65536 bytes" in answer["data"]["message"]) == ("error", True)
        assert talk.say("step", message="x" * 60_000)["type"] == "observation"
    assert live.post("/reset", b" " * 70_000)[0] == 413


def test_tasks_over_http(live: Live) -> None:
    base = "/work_life_firewall"
    assert [split["name"] for split in live.get(f"{base}/splits")[1]] == ["train", "validation", "test"]
    assert live.post(f"{base}/num_tasks", b'{"split": "test"}')[1] == {"num_tasks": 100_000}
    task = {"id": "validation-5", "split": "validation", "index": 5, "seed": 100_005}
    assert live.post(f"{base}/task", b'{"split": "validation", "index": 5}')[1] == {"task": task}
    assert live.post(f"{base}/task_range", b'{"split": "validation", "start": 5, "stop": 6}')[1] == {"tasks": [task]}
    assert live.post(f"{base}/task", b'{"split": "test", "index": 100000}')[0] == 400
    status, answer = live.post(f"{base}/tasks", b'{"split": "tset"}')
    assert (status, answer["detail"]) == (409, "unknown split 'tset'; known: train, validation, test")
    assert live.post(f"{base}/task_range", b'{"split": "test"}')[0] == 409


def test_pages_of_other_sites_may_not_connect(live: Live) -> None:
    with pytest.raises(InvalidStatus, match="403"), live.talk(origin="https://evil.example"):
        pass
    assert live.get("/health", {"Origin": "https://evil.example"})[0] == 403
    with live.talk(origin=live.url) as talk:
        assert talk.say("state")["type"] == "state"


def test_a_token_is_asked_for_and_sessions_are_limited(tmp_path: Path) -> None:
    with Live(tmp_path, token="open sesame", sessions="2", driver="direct") as server:
        right = {"Authorization": "Bearer open sesame"}
        assert server.get("/health")[0] == 200
        assert server.get("/metadata")[0] == 401
        assert server.get("/metadata", {"Authorization": "Bearer wrong"})[0] == 401
        assert server.get("/metadata", right)[0] == 200
        with pytest.raises(InvalidStatus, match="401"), server.talk():
            pass
        with WorkLifeFirewallEnv(server.url, headers=right).sync() as client:
            assert client.reset(seed=1).observation.view is not None
            with server.talk(additional_headers=right) as second:
                assert second.say("reset", seed=1)["type"] == "observation"
                with server.talk(additional_headers=right) as third:
                    refusal = json.loads(third.socket.recv(timeout=30))
                    assert refusal["data"]["code"] == "CAPACITY_REACHED"
                    assert "2/2 sessions active" in refusal["data"]["message"]
                with pytest.raises(RuntimeError, match="2/2 sessions active"):
                    WorkLifeFirewallEnv(server.url, headers=right).sync().reset(seed=1)
                assert second.say("step", message=YES)["type"] == "observation"
