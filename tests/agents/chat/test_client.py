"""One call over a real wire: retries, pauses, deadlines, slots, keys, books."""

from __future__ import annotations

import asyncio
from time import perf_counter

import pytest

from work_life_firewall.agents.chat.client import ChatClient
from work_life_firewall.agents.chat.errors import CallFailed, Unusable
from work_life_firewall.agents.chat.ledger import episode
from work_life_firewall.agents.chat.request import Completion, Message, Request

from ...support.fault_server import SENTENCES, FaultServer
from ...support.models import client, config

SCHEMA = {"type": "object", "properties": {"word": {"enum": ["yes", "no"]}}, "required": ["word"]}


def asks(text: str = "hi", who: str = "priya") -> Request:
    return Request(who, (Message("user", text),), 7)


def test_an_answer_and_what_it_took() -> None:
    with FaultServer() as server:
        made = client(server.url, price={"prompt": 1.0, "completion": 10.0})
        with episode("week-1"):
            answer = asyncio.run(made.complete(asks()))
    assert answer.text in SENTENCES
    assert (answer.prompt_tokens, answer.completion_tokens, answer.slips) == (100, 20, ())
    usage = made.ledger.episode("week-1")["priya"]
    assert (usage.calls, usage.attempts, usage.failed) == (1, 1, 0)
    assert usage.cost == pytest.approx((100 * 1 + 20 * 10) / 1e6)
    assert made.ledger.total() == usage


@pytest.mark.parametrize(("way", "kind"), [("500", "http"), ("429", "http"), ("cut", "truncated"), ("hang", "timeout")])
def test_what_may_pass_is_tried_again(way: str, kind: str) -> None:
    with FaultServer(script=[way, way]) as server:
        answer = asyncio.run(client(server.url, timeout_s=0.5).complete(asks()))
        assert server.calls == 3
    assert [slip.kind for slip in answer.slips] == [kind, kind]
    assert all("\n" not in slip.detail and slip.detail and slip.ms > 0 for slip in answer.slips)


def test_a_call_that_fails_to_the_end_tells_of_every_attempt() -> None:
    with FaultServer(script=["500", "cut", "500"]) as server, pytest.raises(CallFailed) as caught:
        asyncio.run(client(server.url, retries=2).complete(asks()))
    assert [slip.kind for slip in caught.value.slips] == ["http", "truncated", "http"]
    assert (caught.value.status, str(caught.value)) == (500, "HTTP 500: the engine died")


def test_what_cannot_pass_is_not_tried_again() -> None:
    with FaultServer(key="right") as server, pytest.raises(CallFailed) as caught:
        asyncio.run(client(server.url).complete(asks()))
    assert (len(caught.value.slips), caught.value.status) == (1, 401)


def test_retry_after_is_waited_for() -> None:
    with FaultServer(script=["429"], retry_after="0.4") as server:
        started = perf_counter()
        asyncio.run(client(server.url).complete(asks()))
    assert perf_counter() - started >= 0.4


def test_a_pause_beyond_the_deadline_is_not_begun() -> None:
    with FaultServer(script=["429"], retry_after="60") as server:
        started = perf_counter()
        with pytest.raises(CallFailed):
            asyncio.run(client(server.url, deadline_s=5.0).complete(asks()))
    assert perf_counter() - started < 3


def test_the_deadline_bounds_all_attempts_together() -> None:
    with FaultServer(script=["hang"] * 20) as server:
        started = perf_counter()
        with pytest.raises(CallFailed) as caught:
            asyncio.run(client(server.url, timeout_s=0.4, deadline_s=1.0, retries=10).complete(asks()))
    assert perf_counter() - started < 3
    assert {slip.kind for slip in caught.value.slips} == {"timeout"}


def test_no_more_calls_at_once_than_there_are_slots() -> None:
    async def many(made: ChatClient) -> list[Completion]:
        return await asyncio.gather(*(made.complete(asks(f"call {number}")) for number in range(24)))

    with FaultServer(latency=0.05) as server:
        assert len(asyncio.run(many(client(server.url, in_flight=5)))) == 24
        assert server.most_at_once == 5


def test_one_client_serves_one_event_loop_after_another() -> None:
    with FaultServer() as server:
        made = client(server.url)
        first = asyncio.run(made.complete(asks()))
        assert asyncio.run(made.complete(asks())).text == first.text


def test_nobody_there() -> None:
    with FaultServer() as server:
        url = server.url
    with pytest.raises(CallFailed) as caught:
        asyncio.run(client(url, retries=0).complete(asks()))
    assert not caught.value.reached
    assert caught.value.slips[0].kind == "http"


def test_the_key_comes_from_the_environment_only(monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultServer(key="s3cret") as server:
        made = config(server.url, key_env="WLF_TEST_KEY")
        with pytest.raises(Unusable, match="set the environment variable WLF_TEST_KEY"):
            asyncio.run(ChatClient(made).complete(asks()))
        monkeypatch.setenv("WLF_TEST_KEY", "s3cret")
        assert asyncio.run(ChatClient(made).complete(asks())).text
    assert "s3cret" not in made.model_dump_json()


@pytest.mark.parametrize("output", ["json_schema", "json_object", "text"])
def test_how_a_schema_goes_over_the_wire(output: str) -> None:
    with FaultServer() as server:
        server.keep_bodies = True
        made = client(server.url, output=output, extra_body={"min_p": 0.1}, top_p=0.9)
        asyncio.run(made.complete(asks()._replace(schema=SCHEMA, name="word")))
    body = server.bodies[0]
    sent = body.get("response_format") or {}
    carried = sent.get("json_schema", {}).get("schema") or sent.get("schema")
    assert (sent.get("type", "text"), carried) == (output, None if output == "text" else SCHEMA)
    assert (body["seed"], body["min_p"], body["top_p"], body["max_tokens"]) == (7, 0.1, 0.9, 400)


def test_a_server_that_speaks_something_else() -> None:
    with FaultServer(answers=lambda body: "x") as server:
        wrong = client(server.url.removesuffix("/v1"), retries=0)
        with pytest.raises(CallFailed) as caught:
            asyncio.run(wrong.complete(asks()))
    assert caught.value.status == 404


@pytest.mark.parametrize(
    ("sent", "again"),
    [
        (b"<html>hello</html>", "JSONDecodeError"),
        (b"[]", "TypeError"),
        (b"{}", "KeyError"),
        (b'{"choices": []}', "Index"),
    ],
)
def test_an_answer_of_another_kind(sent: bytes, again: str) -> None:
    with FaultServer(raw=sent) as server, pytest.raises(CallFailed) as caught:
        asyncio.run(client(server.url, retries=1).complete(asks()))
    assert [slip.kind for slip in caught.value.slips] == ["http", "http"]
    assert again in str(caught.value)
