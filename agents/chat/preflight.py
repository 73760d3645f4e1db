"""Whether a model can be used, asked before the first week: endpoint, key, model name, schema support, speed."""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from ...config import near_miss
from .balanced import without_thinking
from .client import ChatClient
from .errors import CallFailed, CassetteMiss, Unusable, one_line
from .request import Completion, Message, Request

WHO = "preflight"
_WORDS = "Good morning! How are you today?"
"""Nothing in it asks for JSON: only a server that holds the model to the schema answers with any."""
_SCHEMA = {
    "type": "object",
    "properties": {"mood": {"enum": ["rested", "busy", "tired"]}, "coffee": {"enum": ["yes", "no"]}},
    "required": ["mood", "coffee"],
    "additionalProperties": False,
}


class _Greeting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    mood: Literal["rested", "busy", "tired"]
    coffee: Literal["yes", "no"]


class Checked(NamedTuple):
    """What a check found. ms: how long the answer took. tokens: how many it had."""

    ms: float
    tokens: int
    schema: bool


async def check(client: ChatClient) -> Checked:
    """Ask once. Raises Unusable, one line that names the endpoint and what to do about it."""
    request = Request(WHO, (Message("user", _WORDS),), 0, _SCHEMA, "greeting")
    try:
        completion = await client.complete(request, retries=1)
    except CassetteMiss:
        return Checked(0.0, 0, True)  # a replay needs no endpoint; what it lacks, it says itself
    except CallFailed as failure:
        raise Unusable(await _told(client, failure)) from None
    schema = _follows(completion)
    if not schema and client.config.output != "text":
        raise Unusable(
            f"{_place(client)} does not hold answers to a JSON schema (output: {client.config.output}); it said "
            f"{one_line(completion.text or '(nothing)', 60)!r}. Set `output: text` in the model file to go without"
        )
    return Checked(completion.ms, completion.completion_tokens, schema)


def _follows(completion: Completion) -> bool:
    try:
        _Greeting.model_validate_json(without_thinking(completion.text))
    except ValidationError:
        return False
    return True


def _place(client: ChatClient) -> str:
    return f"model {client.config.model!r} at {client.config.base_url}"


async def _told(client: ChatClient, failure: CallFailed) -> str:
    """Why the endpoint cannot be used, and the way out."""
    config, why = client.config, str(failure)
    if not failure.reached:
        return f"nothing answers at {config.base_url} ({why}); is the server running?"
    if failure.status in (401, 403):
        given = f"the key in {config.key_env}" if config.key_env else "a call without a key (no key_env)"
        return f"{config.base_url} refuses {given} ({why})"
    if failure.status == 404:
        return f"{_place(client)} was not found ({why}){await _others(client)}"
    if failure.status in (400, 422):
        return (
            f"{_place(client)} does not take a request with output: {config.output} ({why}); try another `output` "
            "in the model file: json_schema, json_object or text"
        )
    return f"{_place(client)} gives no answer ({why})"


async def _others(client: ChatClient) -> str:
    known = await client.models()
    if not known:
        return "; check base_url, which usually ends in /v1"
    return f"; {near_miss(client.config.model, known) or 'it has: ' + one_line(', '.join(known), 120)}"
