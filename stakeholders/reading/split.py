"""Which part of a reply answers which ask: by name, by topic, by order. Knows no speech acts."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from ...world.event import Event
from .relevance import content_words
from .text import clauses

_BOTH = re.compile(
    r"\b(?:both|either of you|neither|dono|donon|you two|the two of you|each of you|all of you|everyone|guys|either|"
    r"both of you)\b"
)
_ORDERED = re.compile(r"^\W*(?:(?:1|2|one|two|first|second|firstly|secondly)\W|[-*•]\s)", re.I)


class Split(NamedTuple):
    """Text for each ask ("" if it is not answered), and the opening that is meant for all."""

    parts: tuple[str, ...]
    opening: str


class _Names(NamedTuple):
    owner: re.Pattern[str]
    any_name: re.Pattern[str]
    pair: re.Pattern[str]
    inner: re.Pattern[str]


@lru_cache(maxsize=64)
def _patterns(senders: tuple[str, ...]) -> _Names:
    names = "|".join(map(re.escape, senders))
    lead = (
        r"(?:and|but|as for|for|to|@|hi|hey|hello|sorry|also|then|first|re|ok|okay|yes|no|thanks|dear|morning|"
        r"good morning|yaar)"
    )
    return _Names(
        owner=re.compile(
            rf"^\W*(?:{lead}[\s,]*){{0,3}}@?({names})\b(?:'s)?|\b(?:for|to)\s({names})\b\W*$|[,\s]({names})\W*$"
        ),
        any_name=re.compile(rf"\b({names})\b"),
        pair=re.compile(
            rf"\b(?:{names})\b(?:\s*(?:,|and|&|\+|/|aur|n)\s*)+@?\b(?:{names})\b(?!\s*(?::|->|'s|\b(?:yes|no|"
            rf"will|can|tomorrow)))"
        ),
        inner=re.compile(
            rf"\s*(?:,|\.|;|\s-|\band\b|\bbut\b|\baur\b)\s*(?=(?:and |but |for |as for |to |@|yes |"
            rf"no )*@?(?:{names})\b(?!\s+(?:can|will|is|has|knows|ko|se)\b))"
        ),
    )  # fmt: skip


def _pieces(cleaned: str, names: _Names) -> list[str]:
    pieces: list[str] = []
    for clause in clauses(cleaned):
        shared = names.pair.sub("both", clause.lower())
        if shared != clause.lower():
            pieces.append(shared)
            continue
        pieces.extend(_cut(clause, names))
    return pieces


def _cut(clause: str, names: _Names) -> list[str]:
    cuts = [0]
    lowered = clause.lower()
    for found in names.inner.finditer(lowered):
        before = lowered[cuts[-1] : found.start()].strip(" ,@")
        if before and not names.any_name.fullmatch(before) and found.start() > 0:
            cuts.append(found.end())
    return [
        clause[a:b].strip(" ,") for a, b in zip(cuts, [*cuts[1:], len(clause)], strict=True) if clause[a:b].strip(" ,")
    ]


def _named(lowered: str, senders: tuple[str, ...], names: _Names) -> int | None:
    found = names.owner.search(lowered)
    if found:
        return senders.index(next(name for name in found.groups() if name))
    return None


def _topics(event: Event) -> list[set[str]]:
    """Content words of each ask's own messages that no other ask's messages have."""
    said: dict[str, set[str]] = {ask.sender: set() for ask in event.asks}
    for line in event.body.splitlines():
        who, _, text = line.partition(":")
        if who.strip().lower() in said:
            said[who.strip().lower()] |= set(content_words(text))
    words = [said[ask.sender] for ask in event.asks]
    return [mine - set().union(*(other for other in words if other is not mine)) for mine in words]


def _by_topic(piece: str, topics: list[set[str]]) -> int | None:
    overlap = [len(topic.intersection(content_words(piece))) for topic in topics]
    best = max(overlap)
    return overlap.index(best) if best >= 1 and overlap.count(best) == 1 else None


def _by_lines(cleaned: str, senders: tuple[str, ...]) -> Split | None:
    """The blocks of a reply written line by line ("Priya: ...", "Rahul: ..."); None when it is not."""
    found = list(
        re.finditer(rf"^[ \t@*-]*({'|'.join(map(re.escape, senders))})\s*(?::|->|\s-\s)\s*", cleaned, re.I | re.M)
    )
    if not found:
        return None
    parts = dict.fromkeys(senders, "")
    for here, following in zip(found, [*found[1:], None], strict=True):
        text = cleaned[here.end() : following.start() if following else len(cleaned)].strip()
        parts[here[1].lower()] = f"{parts[here[1].lower()]} {text}".strip()
    return Split(tuple(parts[sender] for sender in senders), cleaned[: found[0].start()].strip())


def split(cleaned: str, event: Event) -> Split:
    """Give every clause of the reply to the asks it answers; a reply that names nobody answers all."""
    count = len(event.asks)
    if count < 2 or not cleaned:
        return Split((cleaned,) * count, "")
    senders = tuple(ask.sender for ask in event.asks)
    if lines := _by_lines(cleaned, senders):
        inline = [
            part
            for part in lines.parts
            if any(f"{name}:" in part.lower() or f"{name}," in part.lower() for name in senders)
        ]
        if not inline:
            return lines
    names = _patterns(senders)
    pieces = _pieces(cleaned, names)
    owners = _owners(pieces, senders, names, _topics(event))
    if all(owner is None for owner in owners):
        if len(pieces) == count and all(_ORDERED.match(piece) for piece in pieces):
            return Split(tuple(pieces), "")
        return Split((cleaned,) * count, "")
    opening = " ".join(piece for piece, owner in zip(pieces, owners, strict=True) if owner is None)
    parts = [
        ". ".join(p for p, owner in zip(pieces, owners, strict=True) if owner in (mine, -1)) for mine in range(count)
    ]
    return Split(tuple(parts), opening)


def _owners(pieces: list[str], senders: tuple[str, ...], names: _Names, topics: list[set[str]]) -> list[int | None]:
    """Which ask each piece answers; -1 all of them, None an opening before anyone is addressed."""
    owners: list[int | None] = []
    current: int | None = None
    for piece in pieces:
        lowered = piece.lower()
        named = _named(lowered, senders, names)
        if named is not None:
            current = named
        elif _BOTH.search(lowered):
            owners.append(-1)
            continue
        elif (topic := _by_topic(piece, topics)) is not None:
            current = topic
        owners.append(current)
    return owners
