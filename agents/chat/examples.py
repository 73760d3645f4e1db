"""Prompt files with examples: instructions, then moments and the replies that were good there, all in one Markdown.

---
schema: 1
id: my_arjun
---
You are Arjun ...

## Example: a light wish, declined       (the title is for readers; any number of examples, also none)
### Moment
Mon 16:30 - slack from Rahul ...
### Reply
Not tonight, Rahul ...
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ...config import ConfigError, find, near_miss, read_markdown
from .prompts import PromptFile

EXAMPLE = "## Example"
MOMENT, REPLY = "### Moment", "### Reply"
_FENCE = "---"


class Example(NamedTuple):
    """A moment as a model is shown it, and the reply it should learn from."""

    moment: str
    reply: str


class Guide(NamedTuple):
    """What a protagonist is told: the instructions, and the examples in the order of the file."""

    words: str
    examples: tuple[Example, ...]


class _Part(NamedTuple):
    """A heading of the file, the line it stands on (from 1), and the text below it."""

    heading: str
    line: int
    text: str


def load_guide(name: str | Path) -> Guide:
    """The guide of configs/prompts/NAME.md, or of a file.

    Raises ConfigError with file and line: no instructions, an example without its moment or reply, a stray heading.
    """
    path = find("prompts", name)
    read_markdown(path, PromptFile)  # front matter and text are as they must be
    stamp = path.stat()
    return _guide(path, stamp.st_mtime_ns, stamp.st_size)


@lru_cache(maxsize=64)
def _guide(path: Path, _mtime: int, _size: int) -> Guide:
    """One parse per version of a file."""
    first, *parts = _parts(path.read_text(encoding="utf-8").splitlines())
    if not first.text:
        raise ConfigError(path, first.line, "no instructions before the first example")
    starts = [number for number, part in enumerate(parts) if part.heading.startswith(EXAMPLE)]
    return Guide(first.text, tuple(_example(path, parts[a:b]) for a, b in pairwise([*starts, len(parts)])))


def _parts(lines: Sequence[str]) -> list[_Part]:
    """The text below the front matter, cut at the headings of examples; the first part has none."""
    begin = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == _FENCE) + 1
    cuts = [begin, *_headings(lines, begin), len(lines)]
    first = _Part("", begin + 1, "\n".join(lines[begin : cuts[1]]).strip())
    heads = cuts[1:-1]
    texts = ("\n".join(lines[a + 1 : b]).strip() for a, b in zip(heads, cuts[2:], strict=True))
    return [first, *(_Part(lines[at].strip(), at + 1, text) for at, text in zip(heads, texts, strict=True))]


def _headings(lines: Sequence[str], begin: int) -> Iterator[int]:
    """Lines that begin an example, and from the first of them on every heading of its two levels."""
    inside = False
    for number in range(begin, len(lines)):
        inside = inside or lines[number].startswith(EXAMPLE)
        if inside and lines[number].startswith(("## ", "### ")):
            yield number


def _example(path: Path, parts: Sequence[_Part]) -> Example:
    """One example from its heading and what is below it."""
    head, *below = parts
    if head.text:
        raise ConfigError(path, head.line, f"text between {head.heading!r} and its {MOMENT!r}")
    for part in below:
        if part.heading not in (MOMENT, REPLY):
            hint = near_miss(part.heading, (MOMENT, REPLY)) or f"an example has {MOMENT!r} and {REPLY!r}"
            raise ConfigError(path, part.line, f"unknown heading {part.heading!r}", hint)
        if not part.text:
            raise ConfigError(path, part.line, f"nothing below {part.heading!r}")
    if [part.heading for part in below] != [MOMENT, REPLY]:
        raise ConfigError(path, head.line, f"{head.heading!r} must have one {MOMENT!r} and then one {REPLY!r}")
    return Example(*(part.text for part in below))
