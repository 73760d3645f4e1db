"""A real chat endpoint on loopback that fails as scripted: every way a model server lets one down, and counts them.

Answers follow the schema of the request; which call fails, and how, depends on its body and on how often it came.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import blake2b
from types import TracebackType
from typing import Any

from aiohttp import web

FAULTS = ("500", "429", "hang", "cut", "prose", "types", "refusal", "empty")
KIND_OF: Mapping[str, str] = {
    "500": "http",
    "429": "http",
    "hang": "timeout",
    "cut": "truncated",
    "prose": "schema",
    "types": "schema",
    "refusal": "refusal",
    "empty": "schema",
}
"""Which kind of the fault ledger each one is."""
SENTENCES = (
    "Okay, that works for me.",
    "Noted. I would have liked it sooner.",
    "Fine, I will plan with that.",
    "Hm. Not what I hoped for, but clear.",
    "Thanks, that helps.",
)
Body = dict[str, Any]
Answers = Callable[[Body], str]


def draw(*keys: object) -> float:
    """A number in [0, 1) that depends on the keys only."""
    digest = blake2b("|".join(map(str, keys)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def sample(schema: Mapping[str, Any], *keys: object) -> Any:  # noqa: ANN401 - any JSON value
    """A value that follows a schema of the kinds that our requests use."""
    if "enum" in schema:
        return schema["enum"][int(draw(*keys) * len(schema["enum"]))]
    if schema["type"] == "object":
        return {name: sample(part, *keys, name) for name, part in schema["properties"].items()}
    if schema["type"] == "array":
        return [sample(schema["items"], *keys, place) for place in range(int(draw(*keys, "length") * 3))]
    if schema["type"] == "string":
        return SENTENCES[int(draw(*keys) * len(SENTENCES))]
    raise ValueError(f"no sample of {schema}")


def honest(body: Body) -> str:
    """What a well-behaved model answers: JSON where a schema is given, else a sentence."""
    given = body.get("response_format")
    if given is None:
        return SENTENCES[int(draw(json.dumps(body)) * len(SENTENCES))]
    schema = given.get("schema") or given["json_schema"]["schema"]
    return json.dumps(sample(schema, json.dumps(body, sort_keys=True)))


def no_schema(body: Body) -> str:
    """A server that ignores the schema, as some do."""
    return "Good morning! I am fine, thank you. How can I help you today?"


class FaultServer:
    """Serves between `with` and its end. rate: share of calls that fail; faults: the ways; script: the ways of the
    first calls, in order ("ok" for none). key: what the caller must send. latency: seconds before every answer.
    raw: what it says instead of any answer. refuses: a kind of `response_format` that it does not know.
    """

    def __init__(
        self,
        rate: float = 0.0,
        faults: Sequence[str] = FAULTS,
        script: Sequence[str] = (),
        answers: Answers = honest,
        key: str = "",
        model: str = "stub",
        latency: float = 0.0,
        retry_after: str = "0.01",
        raw: bytes | None = None,
        refuses: str = "",
    ) -> None:
        self.injected: Counter[str] = Counter()
        self.calls = 0
        self.most_at_once = 0
        self.bodies: list[Body] = []
        self.keep_bodies = False
        self._rate, self._faults, self._script = rate, tuple(faults), list(script)
        self._answers, self._key, self._model, self._latency = answers, key, model, latency
        self._retry_after, self._raw, self._refuses = retry_after, raw, refuses
        self._now = 0
        self._seen: Counter[bytes] = Counter()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.url = ""

    def __enter__(self) -> FaultServer:
        self._thread.start()
        assert self._ready.wait(10), "the fault server did not start"
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, t: TracebackType | None) -> None:
        assert self._stop is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    @property
    def expected(self) -> Counter[str]:
        """Kind -> how many faults of it a ledger must hold."""
        out: Counter[str] = Counter()
        for way, count in self.injected.items():
            out[KIND_OF[way]] += count
        return out

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._stop = asyncio.Event()
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        assert site._server is not None
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[attr-defined]
        self.url = f"http://127.0.0.1:{port}/v1"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _models(self, request: web.Request) -> web.Response:
        return web.json_response({"object": "list", "data": [{"id": self._model, "object": "model"}]})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        if self._key and request.headers.get("Authorization") != f"Bearer {self._key}":
            return _error(401, "Incorrect API key provided")
        body = json.loads(raw)
        if body["model"] != self._model:
            return _error(404, f"The model `{body['model']}` does not exist.")
        kind = (body.get("response_format") or {}).get("type")
        if kind and kind == self._refuses:
            return _error(400, f"response_format.type {kind} is not supported")
        self.calls += 1
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        if self.keep_bodies:
            self.bodies.append(body)
        try:
            if self._latency:
                await asyncio.sleep(self._latency)
            if self._raw is not None:
                return web.Response(body=self._raw, content_type="application/json")
            way = self._way(raw, body)
            if way == "ok":
                return web.json_response(self._completion(self._answers(body)))
            self.injected[way] += 1
            return await self._fail(way, body, request)
        finally:
            self._now -= 1

    def _way(self, raw: bytes, body: Body) -> str:
        if _is_preflight(body):
            return "ok"
        if self._script:
            return self._script.pop(0)
        digest = blake2b(raw, digest_size=16).digest()
        self._seen[digest] += 1
        if draw(digest, self._seen[digest], "fails") >= self._rate:
            return "ok"
        return self._faults[int(draw(digest, self._seen[digest], "way") * len(self._faults))]

    async def _fail(self, way: str, body: Body, request: web.Request) -> web.StreamResponse:
        if way == "500":
            return _error(500, "the engine died")
        if way == "429":
            return _error(429, "slow down", {"Retry-After": self._retry_after})
        if way == "hang":
            await asyncio.sleep(3600)
        if way == "cut":
            return await self._cut(request, body)
        return web.json_response(self._completion(_broken(way, self._answers(body))))

    async def _cut(self, request: web.Request, body: Body) -> web.StreamResponse:
        """Half an answer, and then the line is dead."""
        whole = json.dumps(self._completion(self._answers(body))).encode()
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(whole))})
        await response.prepare(request)
        await response.write(whole[: len(whole) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    def _completion(self, text: str) -> Body:
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": self._model,
            "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }


def _broken(way: str, text: str) -> str:
    if way == "prose":
        return f"Sure! Here is what I would say:\n```json\n{text}\n```\nLet me know if you need more {{details}}."
    if way == "types":
        return json.dumps({**json.loads(text), "appraisal": {"respect": "high", "clarity": None}})
    if way == "refusal":
        return "I'm sorry, but I can't take part in this role-play."
    return ""


def _is_preflight(body: Body) -> bool:
    given = body.get("response_format") or {}
    return given.get("json_schema", {}).get("name") == "greeting"


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"message": message, "type": "x"}}, status=status, headers=headers)
