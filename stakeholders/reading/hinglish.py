"""Hindi in Roman script, word by word into plain English, so that both languages meet in one feature. No grammar."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

HINGLISH_FILE = Path(__file__).with_name("hinglish.json")
"""Words, verb stems with their past, irregular forms, auxiliaries, and words that are also English ("shared")."""

_ENDINGS = tuple(
    (re.compile(rf"^(.+?)(?:{ending})$"), sense)
    for ending, sense in (
        ("oonga|unga|ungi|oongi|enge", "will"),
        ("ega|egi", "other"),
        ("ta|ti|te", "does"),
        ("na|ne|ni", "to"),
        ("o|iye|iyega", "please"),
        ("a|i|e|ya|yi", "did"),
    )
)
_SPACED = r"((?:\w+ ){0,%d}?)"
_ORDER = (
    (re.compile(r"\bi (?:i )+"), "i "),
    (re.compile(r"\bi ((?:\w+ ){1,4}?)i (will|am|can)\b"), r"i \2 \1"),
    (re.compile(r"\b(not|you|he|please) i will\b"), r"\1 will"),
    (re.compile(r"\bnot " + _SPACED % 2 + r"(?:can|able)\b"), r"can't \1"),
    (re.compile(r"\b(do|give|take|look|come|be|go|sit|run) not (?:can|will)\b"), r"can't \1"),
    (re.compile(r"\bnot " + _SPACED % 2 + r"(?:he )?will\b"), r"won't \1"),
    (re.compile(r"\bwill (\w+) not\b"), r"won't \1"),
    (re.compile(r"\bi " + _SPACED % 3 + r"(can't|won't)\b"), r"i \2 \1"),
)
"""Hindi puts the verb, and the no, behind; English before."""


class _Table(NamedTuple):
    words: dict[str, str]
    verbs: dict[str, str]
    past: dict[str, str]
    forms: dict[str, str]
    auxiliaries: dict[str, str]
    shared: frozenset[str]
    dropped: frozenset[str]


@lru_cache(maxsize=1)
def _table() -> _Table:
    found = json.loads(HINGLISH_FILE.read_text(encoding="utf-8"))
    senses = ("order", "did", "do", "doing", "other_will", "will")
    auxiliaries = {word: sense for sense in senses for word in found[sense]}
    return _Table(
        found["words"],
        found["verbs"],
        found["past"],
        found["forms"],
        auxiliaries,
        frozenset(found["shared"]),
        frozenset(found["dropped"]),
    )


@lru_cache(maxsize=20_000)
def _form(word: str) -> str | None:
    """English for an inflected verb, None when the word is none."""
    table = _table()
    if word in table.forms or word in table.verbs:
        return table.forms.get(word) or table.verbs[word]
    for pattern, sense in _ENDINGS:
        match = pattern.match(word)
        if match is None:
            continue
        stem = match[1]
        for option in (stem, f"{stem}a", stem.rstrip("y")):
            if option in table.verbs:
                return _inflected(table.verbs[option], sense, word)
    return None


def _inflected(verb: str, sense: str, word: str) -> str:
    if sense == "did":
        return _table().past.get(verb, verb)
    if sense == "will":
        return f"{'we' if word.endswith('nge') and not word.endswith('unge') else 'i'} will {verb}"
    if sense == "other":
        return f"he will {verb}"
    if sense == "does":
        return f"i will {verb}" if word.endswith(("ta", "ti")) else verb
    return f"{sense} {verb}"


def _with_auxiliary(stem: str, sense: str) -> str:
    """English for a verb stem with the auxiliary behind it ("bhej dunga" -> "i will send")."""
    table = _table()
    verb = table.verbs[stem]
    if sense in ("will", "do"):
        return f"i will {verb}"
    if sense == "other_will":
        return "will be done" if stem == "ho" else f"he will {verb}"
    if sense == "did":
        return "is done" if stem in ("ho", "kar") else f"i {table.past.get(verb, verb)}"
    if sense == "doing":
        first, _, rest = verb.partition(" ")
        return f"i am {first.removesuffix('e') if first != 'be' else first}ing {rest}".strip()
    return f"please {verb}"


@lru_cache(maxsize=20_000)
def _hindi(word: str, english: frozenset[str]) -> bool:
    """Whether a word is Hindi by itself; `english` are words never taken for inflected verbs."""
    table = _table()
    if word in table.shared:
        return False
    if word in table.words or table.auxiliaries.get(word) in ("will", "other_will"):
        return True
    if word in table.forms:
        return len(word) > 3
    return len(word) >= 5 and word not in english and _form(word) is not None


def gloss(words: list[str], english: frozenset[str]) -> list[str]:
    """The words with Hindi ones in English; a text with little Hindi keeps the words that both languages have."""
    hindi = sum([_hindi(word, english) for word in words])
    if not hindi:
        return words
    mixed = hindi >= 2 or hindi * 3 >= len(words)
    text = " ".join(_glossed(words, english, mixed))
    for pattern, form in _ORDER:
        text = pattern.sub(form, text)
    return text.split()


def _glossed(words: list[str], english: frozenset[str], mixed: bool) -> list[str]:
    table, made, place = _table(), list[str](), 0
    while place < len(words):
        word = words[place]
        place += 1
        if not mixed and not _hindi(word, english):
            made.append(word)
            continue
        sense = table.auxiliaries.get(words[place]) if place < len(words) else None
        if word in table.verbs and sense and (mixed or sense == "will"):
            made.append(_with_auxiliary(word, sense))
            place += 1
            continue
        told = table.words.get(word)
        if told is None and (word in table.forms or word not in english):
            told = _form(word)
        made.append(word if told is None else told)
    parts = " ".join(made).split()
    return [part for part in parts if part not in table.dropped] if mixed else parts
