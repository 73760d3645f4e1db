"""What a text says without its disguise: other alphabets, accents, digits for letters, gaps, escapes, mirror writing.

For looking only: nothing that is read, quoted or stored is changed by it.
"""

from __future__ import annotations

import re
import unicodedata

_CYRILLIC = dict(zip("абвгдеѕіјкӏмнорсԛтухѡуԁһґ", "abbrdesijklmhopcqtyxwydhr", strict=True))
_GREEK = dict(zip("αβεηικμνορτυχωϲ", "abenikmvoptuxwc", strict=True))
_OTHER = dict(zip("ɑɡıɩʟոսօցհռ", "agiilnuoqhn", strict=True))
_FOLD = str.maketrans({**_CYRILLIC, **_GREEK, **_OTHER})
_SIGNS = "013457@$"
_DIGITS = str.maketrans(_SIGNS, "oieastas")
_FOR_LETTERS = re.compile(r"\b[a-z@$]*[a-z][013457@$]+[a-z][a-z0-9@$]*\b|\b[01345@$][a-z]+[013457@$][a-z]+\b")
"""Words with digits inside, as nobody writes them but to hide them ("k8s" and "v1.2" are not among them)."""
_GAPS = re.compile(r"\b(?:[a-z][ .*_-]){5,}[a-z]\b")
_GAP = re.compile(r"[^a-z]")
_ESCAPE = re.compile(r"\\+u00([0-7][0-9a-f])|%([2-7][0-9a-f])|&(?:#x([2-7][0-9a-f])|#(\d{2,3})|(lt|gt|quot|amp));")
_NAMED = {"lt": "<", "gt": ">", "quot": '"', "amp": "&"}
_MIRRORED = frozenset(
    word[::-1] for word in "this rate reply trust system score ignore previous message appraisal".split()
)
_WORD = re.compile(r"[a-z]+")


def undisguised(text: str) -> str:
    """The text in lower case and plain letters; a gap-written or mirrored one is followed by what it hides."""
    plain = text.lower()
    if not plain.isascii():
        split = unicodedata.normalize("NFKD", plain.translate(_FOLD))
        plain = "".join(char for char in split if not unicodedata.combining(char)).translate(_FOLD)
    if "\\" in plain or "%" in plain or "&" in plain:
        plain = _ESCAPE.sub(_unescaped, plain)
    if any(map(plain.__contains__, _SIGNS)):
        plain = _FOR_LETTERS.sub(lambda found: found[0].translate(_DIGITS), plain)
    if _GAPS.search(plain):
        plain += "\n" + _GAPS.sub(lambda found: _GAP.sub("", found[0]), plain)
    if len(_MIRRORED.intersection(_WORD.findall(plain))) > 1:
        plain += "\n" + plain[::-1]
    return plain


def _unescaped(found: re.Match[str]) -> str:
    code, percent, hexed, number, name = found.groups()
    if name:
        return _NAMED[name]
    value = int(number) if number else int(code or percent or hexed, 16)
    return chr(value) if 32 <= value < 127 else " "
