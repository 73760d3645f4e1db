"""The connection to one endpoint: the raw openai SDK over aiohttp, one per event loop. Knows attempts, no retries."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import TYPE_CHECKING, Any

from .errors import Kind, Slip, Unusable, one_line
from .model_config import ModelConfig
from .request import Completion
from .turnstile import Turnstile

if TYPE_CHECKING:
    from openai import AsyncOpenAI

EXTRA = "models need the llm extra: pip install 'openenv-work-life-firewall[llm]'"
NO_KEY = "none"
"""What servers without a key are sent, as the SDK insists on one."""
RETRIED = frozenset({408, 409, 425, 429})
_CUT = frozenset({"ClientPayloadError", "ServerDisconnectedError", "ClientOSError", "RemoteProtocolError", "ReadError"})
_SLOW = frozenset({"TimeoutError", "ServerTimeoutError", "SocketTimeoutError", "ConnectionTimeoutError"})
_DEAD = frozenset({"ClientConnectorError", "ClientConnectorDNSError", "ConnectError"})


@dataclass(eq=False)
class Attempt(Exception):
    """An attempt that failed. again: whether another try may help. wait: seconds the server asked for, if it did."""

    slip: Slip
    again: bool
    wait: float | None = None
    status: int | None = None
    reached: bool = True


@dataclass(frozen=True)
class Line:
    """What one event loop has: the SDK's client, free slots, a turnstile for answers. `owner` closes the client."""

    client: AsyncOpenAI
    slots: asyncio.Semaphore
    turnstile: Turnstile
    owner: AsyncGenerator[Line, None]


class Wire:
    """One endpoint. `line()` is this event loop's client, made on first use and closed with the loop."""

    def __init__(self, config: ModelConfig) -> None:
        self.config = config
        self._lines: dict[asyncio.AbstractEventLoop, Line] = {}

    async def line(self) -> Line:
        """The client of the running loop. Raises Unusable: no llm extra, or no key in the environment."""
        loop = asyncio.get_running_loop()
        known = self._lines.get(loop)
        if known is None:
            # An async generator that is still open is closed by asyncio.run itself, whoever called it.
            owner = self._held(loop)
            slots = asyncio.Semaphore(self.config.in_flight)
            known = self._lines[loop] = Line(_client(self.config), slots, Turnstile(), owner)
            await anext(owner)
        return known

    async def _held(self, loop: asyncio.AbstractEventLoop) -> AsyncGenerator[Line, None]:
        line = self._lines[loop]
        try:
            yield line
        finally:
            self._lines.pop(loop, None)
            await line.client.close()

    async def attempt(self, body: dict[str, Any], seconds: float) -> Completion:
        """One call of at most so many seconds. Raises Attempt."""
        from httpx2 import Response  # the SDK's own; both come with an optional extra and take half a second to import
        from openai import APIError

        line = await self.line()
        started = perf_counter()
        try:
            async with asyncio.timeout(seconds):
                # As it came: the SDK's answer types cost more than all else of a call, and are not validated.
                answer = await line.client.post("/chat/completions", cast_to=Response, body=body)
            return _completion(json.loads(answer.content), _ms(started))
        except TimeoutError:
            raise Attempt(Slip("timeout", f"no answer within {seconds:g} s", _ms(started)), True) from None
        except APIError as error:
            raise _failed(error, _ms(started)) from None
        except (ValueError, TypeError, AttributeError, LookupError) as error:
            detail = one_line(f"not an answer of a chat endpoint: {type(error).__name__}: {error}")
            raise Attempt(Slip("http", detail, _ms(started)), True) from None

    async def models(self) -> list[str]:
        """The models that the endpoint says it has; empty when it does not say."""
        from openai import OpenAIError

        try:
            async with asyncio.timeout(10):
                return [model.id for model in (await (await self.line()).client.models.list()).data]
        except (OpenAIError, TimeoutError, TypeError, AttributeError):
            return []


def _client(config: ModelConfig) -> AsyncOpenAI:
    try:
        import aiohttp  # noqa: F401 - the transport; the SDK itself would only complain later
        from openai import AsyncOpenAI, DefaultAioHttpClient
    except ImportError:
        raise Unusable(EXTRA) from None
    key = os.environ.get(config.key_env, "") if config.key_env else NO_KEY
    if not key:
        raise Unusable(f"no key for {config.base_url}: set the environment variable {config.key_env}")
    return AsyncOpenAI(
        base_url=config.base_url,
        api_key=key,
        max_retries=0,
        timeout=config.timeout_s + 5.0,  # `attempt` stops it before
        http_client=DefaultAioHttpClient(limits=_limits(config)),
    )


def _limits(config: ModelConfig) -> Any:  # noqa: ANN401 - a type of the SDK's own http library
    from openai import DEFAULT_CONNECTION_LIMITS

    return type(DEFAULT_CONNECTION_LIMITS)(max_connections=config.in_flight, max_keepalive_connections=config.in_flight)


def _completion(answer: Any, ms: float) -> Completion:  # noqa: ANN401 - whatever JSON a server sent
    """The wire's answer as ours. Raises TypeError, AttributeError, LookupError or ValueError when it is none."""
    choice, usage = answer["choices"][0], answer.get("usage") or {}
    message = choice["message"]
    return Completion(
        text=str(message.get("content") or ""),
        finish=str(choice.get("finish_reason") or ""),
        refusal=str(message.get("refusal") or ""),
        prompt_tokens=int(usage.get("prompt_tokens") or 0),
        completion_tokens=int(usage.get("completion_tokens") or 0),
        ms=ms,
    )


def _failed(error: Any, ms: float) -> Attempt:  # noqa: ANN401 - an APIError, whose module is not imported here
    status: int | None = getattr(error, "status_code", None)
    if status is not None and status >= 400:
        told = str(error.message).removeprefix(f"Error code: {status}").removeprefix(" - ")
        detail = one_line(f"HTTP {status}: {told}" if told else f"HTTP {status}")
        again = status in RETRIED or status >= 500
        return Attempt(Slip("http", detail, ms), again, _retry_after(error.response.headers), status)
    names = [type(cause).__name__ for cause in _causes(error)]
    kind: Kind = "truncated" if _CUT & {*names} else "timeout" if _SLOW & {*names} else "http"
    dead = bool(_DEAD & {*names})
    kind = "http" if dead else kind
    return Attempt(Slip(kind, one_line(f"{names[-1]}: {_root(error)}"), ms), True, reached=not dead)


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    while current is not None:
        yield current
        current = current.__cause__


def _root(error: BaseException) -> BaseException:
    return list(_causes(error))[-1]


def _retry_after(headers: Any) -> float | None:  # noqa: ANN401 - any mapping of headers
    """Seconds that a Retry-After asks to wait, from a number or a date; None where there is none."""
    given = headers.get("retry-after")
    if not given:
        return None
    try:
        return max(float(given), 0.0)
    except ValueError:
        pass
    try:
        return max((parsedate_to_datetime(given) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _ms(started: float) -> float:
    return round((perf_counter() - started) * 1e3, 1)
