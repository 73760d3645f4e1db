"""An OpenAI-compatible endpoint that always writes the same reply: enough to see that a trainer drives our weeks."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPLY = "Thanks for telling me. Not today; I can take this up on Wednesday at 11:00 and send notes by 16:00."


class StubModel(BaseHTTPRequestHandler):
    """Answers every chat completion; `seen` holds the last message of each request."""

    seen: list[str] = []

    def do_POST(self) -> None:
        """One completion, streamed when asked for."""
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.seen.append(json.dumps(asked["messages"][-1]))
        if asked.get("stream"):
            chunks = [_chunk({"role": "assistant", "content": REPLY}, None), _chunk({}, "stop")]
            body = "".join(f"data: {json.dumps(chunk)}\n\n" for chunk in chunks) + "data: [DONE]\n\n"
            self._send(body.encode(), "text/event-stream")
        else:
            self._send(json.dumps(_whole()).encode(), "application/json")

    def do_GET(self) -> None:
        """The one model there is."""
        self._send(
            json.dumps({"object": "list", "data": [{"id": "stub", "object": "model"}]}).encode(), "application/json"
        )

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the trainer says enough."""

    def _send(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _whole() -> dict[str, Any]:
    message = {"role": "assistant", "content": REPLY}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    return {"id": "1", "object": "chat.completion", "created": 0, "model": "stub", "choices": [choice], "usage": usage}


def _chunk(delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "stub", "choices": [choice]}


def start() -> ThreadingHTTPServer:
    """A stub on a free port of this machine; the caller runs `serve_forever` in a thread and shuts it down."""
    return ThreadingHTTPServer(("127.0.0.1", 0), StubModel)
