"""Patterns that are compiled when they are first searched for, so that what a text does not need costs nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property


class Late:
    """A pattern with the methods of a compiled one that the reader uses; a broken one fails at its first use."""

    def __init__(self, pattern: str) -> None:
        self._text = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._text)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """As the compiled pattern's."""
        return self._compiled.search

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """As the compiled pattern's."""
        return self._compiled.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """As the compiled pattern's."""
        return self._compiled.finditer

    @cached_property
    def sub(self) -> Callable[..., str]:
        """As the compiled pattern's."""
        return self._compiled.sub

    @cached_property
    def split(self) -> Callable[..., list[str]]:
        """As the compiled pattern's."""
        return self._compiled.split
