"""Other people's words inside a prompt: as JSON data, in which nothing can pass for a part of the prompt."""

from __future__ import annotations

import json
import re
from typing import Any

_SPECIAL = str.maketrans({"<": "\\u003c", ">": "\\u003e", "|": "\\u007c"})
"""Signs that chat templates are made of; as JSON escapes they stay readable and cannot become a control token."""
_BRACKETED = re.compile(r"\[(?=/?[A-Z_]{3})")
"""The same for templates that write [INST]; the brackets of our own JSON are never followed by capitals."""


def as_data(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """A JSON-plain value as indented JSON without the signs of a chat template."""
    plain = json.dumps(value, ensure_ascii=False, indent=1).translate(_SPECIAL)
    return _BRACKETED.sub(r"\\u005b", plain)
