"""Whether a message of a client can be handed on: its size, its JSON, its text. Knows no week."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

MALFORMED = "INVALID_JSON"
"""OpenEnv's code for what cannot be read as a message."""
REFUSED = "VALIDATION_ERROR"
"""OpenEnv's code for what can be read, and is no message."""


class Fault(NamedTuple):
    """Why a message is not handed on."""

    code: str
    message: str


def checked(text: str | None, most: int) -> str | Fault:
    """The message as it may be handed on, or why not; `most` is the most bytes it may have.

    Lone surrogates, which JSON can spell and UTF-8 cannot, become "?", as in a reply that was written here.
    """
    if text is None:
        return Fault(MALFORMED, "messages are text, not binary")
    if len(text) > most or len(text.encode("utf-8", "replace")) > most:
        return Fault(REFUSED, f"a message may have {most} bytes, and this one has more")
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        return Fault(MALFORMED, "Invalid JSON: nested too deeply")
    except ValueError as error:
        return Fault(MALFORMED, f"Invalid JSON: {str(error)[:200]}")
    if not isinstance(value, dict):
        return Fault(
            REFUSED, f'a message is a JSON object such as {{"type": "reset", "data": {{}}}}, not {_kind(value)}'
        )
    if not isinstance(value.get("type", ""), str):
        return Fault(REFUSED, f"the type of a message is a text, not {_kind(value['type'])}")
    return _utf8(value) if "\\ud" in text.lower() or not text.isascii() else text


def _utf8(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace").decode()


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON number")


def _kind(value: object) -> str:
    names = {
        list: "a list",
        str: "a text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        dict: "an object",
    }
    return names.get(type(value), "null")
