"""Finds JSON objects inside prose. Knows no schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

MOST = 16
"""Opening braces that are tried; a model that opens more is not answering."""
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)


def without_thinking(text: str) -> str:
    """A model's answer without the thoughts that some servers leave in it."""
    return _THINKING.sub("", text).strip() if "<think" in text.lower() else text.strip()


def objects(text: str) -> Iterator[str]:
    """The outermost balanced JSON objects of a text, in order."""
    decoder, place = json.JSONDecoder(), 0
    for _ in range(MOST):
        place = text.find("{", place)
        if place < 0:
            return
        try:
            found, end = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
            continue
        if isinstance(found, dict):
            yield text[place:end]
        place = end
