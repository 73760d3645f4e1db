"""A model endpoint as a file: schema of `configs/models/NAME.yaml`. Holds no secret, only the name of its variable."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from ...config import find, read_yaml
from ...world.frozen import Frozen

Seconds = Annotated[float, Field(gt=0, le=3600)]
Output = Literal["json_schema", "json_object", "text"]
CassetteMode = Literal["off", "record", "replay", "auto"]


def _off(value: object) -> object:
    """YAML reads a bare `off` as false."""
    return None if value is False or value == "off" else value


def _off_mode(value: object) -> object:
    return "off" if value is False else value


Band = Annotated[Annotated[int, Field(ge=0, le=4, strict=True)] | None, BeforeValidator(_off)]


class Price(Frozen):
    """What a million tokens cost, in any one currency."""

    prompt: Annotated[float, Field(ge=0)] = 0.0
    completion: Annotated[float, Field(ge=0)] = 0.0


class CassetteConfig(Frozen):
    """Where exchanges are kept. record: call and keep; replay: never call; auto: call only what is not kept yet."""

    file: str
    mode: Annotated[CassetteMode, BeforeValidator(_off_mode)] = "auto"


class ModelConfig(Frozen):
    """One model behind an OpenAI-compatible endpoint.

    key_env: the environment variable that holds the key; null for a server without one. output: how answers are held
    to a schema: `json_schema` (the standard), `json_object` (the schema beside it, as llama.cpp's Python server wants)
    or `text` (no support: the repair ladder alone). timeout_s: one attempt. deadline_s: a call with all its attempts
    and pauses, waiting for a free slot not counted. retries: attempts after the first. in_flight: calls at once.
    send_seed: whether the server takes a `seed`. limit_key: what the server calls its limit of new tokens. band: how
    many notches a coworker's appraisal may lie from the scripted one; `off` for no limit. extra_body: keys sent as is.
    """

    schema_: Literal[1] = Field(alias="schema")
    base_url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    model: Annotated[str, Field(min_length=1)]
    key_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] | None = None
    output: Output = "json_schema"
    temperature: Annotated[float, Field(ge=0, le=2)] | None = 0.7
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    max_tokens: Annotated[int, Field(ge=16, le=32768)] = 400
    limit_key: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    timeout_s: Seconds = 30.0
    deadline_s: Seconds = 90.0
    retries: Annotated[int, Field(ge=0, le=10)] = 3
    backoff_s: Annotated[float, Field(ge=0, le=60)] = 0.5
    in_flight: Annotated[int, Field(ge=1, le=1024)] = 64
    send_seed: bool = True
    band: Band = 1
    price: Price = Price()
    cassette: CassetteConfig | None = None
    extra_body: dict[str, Any] = {}


def load_model(name: str | Path) -> ModelConfig:
    """The model of that name or path. Raises ConfigError with file, line and near miss."""
    return read_yaml(find("models", name), ModelConfig)
