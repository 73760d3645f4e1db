"""One exchange with a model: what is asked, and what came back. Knows no wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Literal, NamedTuple

from .errors import Slip
from .model_config import ModelConfig


class Message(NamedTuple):
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str


class Request(NamedTuple):
    """What is asked of a model. who: the person or role it plays, for ledgers. seed: keys the model's own luck.

    schema: the JSON schema its answer must follow, named `name`; None for free text.
    """

    who: str
    messages: tuple[Message, ...]
    seed: int
    schema: Mapping[str, Any] | None = None
    name: str = "answer"


class Completion(NamedTuple):
    """What came back. slips: attempts that failed before. ms: how long the last one took. replayed: from a cassette."""

    text: str
    finish: str = "stop"
    refusal: str = ""
    prompt_tokens: int = 0
    completion_tokens: int = 0
    ms: float = 0.0
    slips: tuple[Slip, ...] = ()
    replayed: bool = False


def body_of(config: ModelConfig, request: Request) -> dict[str, Any]:
    """The body of the call, as it goes over the wire."""
    body: dict[str, Any] = {
        "model": config.model,
        "messages": [message._asdict() for message in request.messages],
        config.limit_key: config.max_tokens,
        "temperature": config.temperature,
        "top_p": config.top_p,
        "seed": request.seed if config.send_seed else None,
        "response_format": _format(config, request),
        **config.extra_body,
    }
    return {key: value for key, value in body.items() if value is not None}


def key_of(config: ModelConfig, request: Request) -> str:
    """The name of a request: the hash of its body and seed, so that any change is another request."""
    named = {"body": body_of(config, request), "seed": request.seed}
    return sha256(json.dumps(named, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _format(config: ModelConfig, request: Request) -> dict[str, Any] | None:
    if request.schema is None or config.output == "text":
        return None
    if config.output == "json_object":
        return {"type": "json_object", "schema": request.schema}
    return {"type": "json_schema", "json_schema": {"name": request.name, "strict": True, "schema": request.schema}}
