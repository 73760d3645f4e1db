"""Reply text as the reader sees it: normalised, cut to a bound, in tokens and clauses. Knows no meaning."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LIMIT = 4000
"""Characters of a reply that are read; the rest is ignored, so that a megabyte costs no more than a page."""

_QUOTES = {0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2013: "-", 0x2014: " - ", 0x2026: "...", 0x60: "'"}
_LOOKALIKES = dict(zip(map(ord, "аеорсухіјѕԁһαοερτν"), "aeopcyxijsdhaoeptv", strict=True))
_FOLD = {**_QUOTES, **_LOOKALIKES}
_TOKEN = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[?!]|[\U0001F300-\U0001FAFF\u2600-\u27BF]|[\u0900-\u097F]+")
_CLAUSE = re.compile(r"(?<=[.!?;])\s+|\s*\n+\s*|\s+-\s+|;\s*|(?<=[\U0001F300-\U0001FAFF])\s*")
_ASCII_CLAUSE = re.compile(r"[\s;](?:(?<=\s)(?:(?<=[.!?;]\s)\s*|(?:(?<=\n)|\s*\n)\s*|\s*-\s+)|(?<=;)\s*)")
"""The same for a text without emoji; begins with a set of signs, because such a pattern is found fastest."""
GREETING = r"\b(?:hi|hey|hello|dear|sorry|thanks|thank you|okay|ok|yes|no|sure|done|noted|understood|morning|please)\s+"
"""What may stand before the name of who is spoken to, as a pattern."""
_SPACES = re.compile(r"[ \t\f\v]+")
_ELONGATED = re.compile(r"([a-z])\1{2,}")
_THRICE = re.compile(r"[a-z](?<=(.))\1\1")
"""The same letter three times; begins with a set of letters, because such a pattern is found fastest."""


def clean(reply: str) -> str:
    """The first LIMIT characters, compatibility-folded, without control and invisible characters; case kept."""
    folded = reply[:LIMIT]
    if folded.isascii():
        folded = folded.replace("`", "'")
    else:
        folded = unicodedata.normalize("NFKC", folded).translate(_FOLD)[:LIMIT]
    if not folded.replace("\n", "").isprintable():
        folded = "".join(_visible(char) for char in folded)
    return (_SPACES.sub(" ", folded) if "  " in folded else folded).strip()


def _visible(char: str) -> str:
    if char == "\n" or char.isprintable():
        return char
    return "" if unicodedata.category(char) == "Cf" else " "


def lower(cleaned: str) -> str:
    """Lower case, with drawn-out letters shortened ("sooooo" -> "soo")."""
    lowered = cleaned.lower()
    return _ELONGATED.sub(r"\1\1", lowered) if _THRICE.search(lowered) else lowered


def tokens(lowered: str) -> list[str]:
    """Words, question and exclamation marks, emoji."""
    return _TOKEN.findall(lowered)


def clauses(cleaned: str) -> list[str]:
    """Sentences and lines, in order, none empty."""
    pieces = (_ASCII_CLAUSE if cleaned.isascii() else _CLAUSE).split(cleaned)
    return [part for part in map(str.strip, pieces) if part]


@lru_cache(maxsize=64)
def _vocative(name: str) -> re.Pattern[str]:
    return re.compile(rf"(^\s*|[.!?;:,]\s*|{GREETING})@?{re.escape(name)}(?=\s*(?:[,.!?:;]|$))[,:]?", re.I | re.M)


def without_vocative(cleaned: str, name: str) -> str:
    """The text without the addressed person's name where he is only called by it ("No, Rahul." -> "No,.")."""
    if not name:
        return cleaned
    return (_vocative(name).sub(r"\1", cleaned) if name.lower() in cleaned.lower() else cleaned).strip()
