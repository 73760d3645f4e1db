"""Slips of the keyboard: a word nobody uses becomes the known word with its letters or its consonants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache

_VOWELS = str.maketrans("", "", "aeiou'")
_TWICE = re.compile(r"(.)\1+")
SHORTEST = 4
"""Letters from which a word is corrected; shorter ones are too often names and abbreviations."""


def _skeleton(word: str) -> str:
    return word[0] + _TWICE.sub(r"\1", word[1:].translate(_VOWELS))


class Speller:
    """Corrects single words against `english` ones, rarest first (a later word wins over an earlier).

    Words in `others` (Hindi, names, slang) are left as they are; `known` is both.
    """

    def __init__(self, english: Sequence[str], others: Iterable[str] = ()) -> None:
        self.ordered = tuple(english)
        self.english = frozenset(english)
        self.known = self.english.union(others)
        self.fix = lru_cache(maxsize=20_000)(self._fix)

    @cached_property
    def _long(self) -> list[str]:
        return [word for word in self.ordered if len(word) >= SHORTEST]

    @cached_property
    def _letters(self) -> dict[str, str]:
        """The words by their letters; made for the first word that is not known."""
        return {"".join(sorted(word)): word for word in self._long}

    @cached_property
    def _skeletons(self) -> dict[str, str]:
        """The words by their consonants."""
        return {_skeleton(word): word for word in self._long}

    def _fix(self, word: str) -> str:
        """The known word that is meant, or the word itself."""
        if len(word) < SHORTEST or word in self.known or not word.isalpha():
            return word
        found = self._letters.get("".join(sorted(word))) or self._skeletons.get(_skeleton(word))
        return found if found and abs(len(found) - len(word)) <= 2 else word
