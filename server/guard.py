"""What stands before the OpenEnv app: who may connect, how large a message may be, and what counts as one."""

from __future__ import annotations

import hmac
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .limits import Limits
from .wire import Fault, checked

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

OPEN_PATHS = ("/health",)
"""What answers without a token: a container's health check has none."""
BODY_METHODS = ("POST", "PUT", "PATCH")


class _Refusal(NamedTuple):
    status: int
    message: str


class Guard:
    """An ASGI app around another one; `closing` is called when the server stops."""

    def __init__(self, app: App, limits: Limits, closing: Callable[[], None] | None = None) -> None:
        self._app = app
        self._limits = limits
        self._closing = closing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a connection on, or refuse it."""
        if scope["type"] == "lifespan":
            await self._lifespan(scope, receive, send)
            return
        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(refusal, scope, send)
        elif scope["type"] == "websocket":
            await self._app(scope, self._only_messages(receive, send), send)
        elif scope["method"] in BODY_METHODS:
            await self._with_body(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _lifespan(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        finally:
            if self._closing is not None:
                self._closing()

    def _refusal(self, scope: Scope) -> _Refusal | None:
        """Why a connection is not let in: another site's page, or no token where one is asked for."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != headers.get("host"):
            return _Refusal(403, "pages of other sites may not connect")
        if not self._limits.token or scope["path"] in OPEN_PATHS:
            return None
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(shown.strip().encode(), self._limits.token.encode())
        if scheme.lower() == "bearer" and right:
            return None
        return _Refusal(401, "this server wants a token: Authorization: Bearer TOKEN")

    def _only_messages(self, receive: Receive, send: Send) -> Receive:
        """A `receive` that answers what is no message itself, so that the session behind it never sees it."""

        async def next_message() -> Message:
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                found = checked(message.get("text"), self._limits.message_bytes)
                if not isinstance(found, Fault):
                    return {"type": "websocket.receive", "text": found}
                error = {"type": "error", "data": {"message": found.message, "code": found.code}}
                await send({"type": "websocket.send", "text": json.dumps(error)})

        return next_message

    async def _with_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand on a request whose body is small enough, and JSON if it is there at all."""
        body = await _body(receive, self._limits.message_bytes)
        if body is None:
            most = self._limits.message_bytes
            await _refuse(_Refusal(413, f"a request may have {most} bytes, and this one has more"), scope, send)
            return
        found = checked(body.decode("utf-8", "replace"), self._limits.message_bytes) if body else ""
        if isinstance(found, Fault):
            await _refuse(_Refusal(400, found.message), scope, send)
            return
        waiting: list[Message] = [{"type": "http.request", "body": found.encode(), "more_body": False}]

        async def replay() -> Message:
            return waiting.pop() if waiting else await receive()

        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"content-length"]
        length = (b"content-length", str(len(found.encode())).encode())
        await self._app({**scope, "headers": [*headers, length]}, replay, send)


async def _body(receive: Receive, most: int) -> bytes | None:
    """The whole body of a request, None when it is larger than `most` bytes."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > most:
            return None
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


async def _refuse(refusal: _Refusal, scope: Scope, send: Send) -> None:
    """Answer a connection that is not let in, in its own protocol."""
    kind = scope["type"]
    prefix = "http.response" if kind == "http" else "websocket.http.response"
    if kind == "websocket" and "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1008, "reason": refusal.message})
        return
    body = json.dumps({"detail": refusal.message}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": f"{prefix}.start", "status": refusal.status, "headers": headers})
    await send({"type": f"{prefix}.body", "body": body})
