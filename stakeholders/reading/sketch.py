"""The outline of a reply in word classes: who will or will not do it, clause by clause. Knows no words."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, pairwise

_ENDS = frozenset(".;!")
_WHO = frozenset(("i", "name", "you", "other", "team", "boss"))
_HOW = frozenset("cant not will can would done past doing want deleg wh".split())


def _cut(classes: list[str]) -> list[tuple[str, ...]]:
    """Classes by clause: cut at ends, before "but", after a question mark; no commas, none empty."""
    clauses: list[list[str]] = [[]]
    for name in classes:
        if name in _ENDS or name == "but":
            clauses.append([])
        if name not in _ENDS and name != ",":
            clauses[-1].append(name)
        if name == "question":
            clauses.append([])
    return [tuple(clause) for clause in clauses if clause]


@lru_cache(maxsize=4096)
def _gist(clause: tuple[str, ...]) -> str:
    """Who, how, when and whether it is asked, of one clause: "i|will|time|"."""
    who = next((name for name in clause if name in _WHO), "-")
    how = next((name for name in clause if name in _HOW), "-")
    return f"{who}|{how}|{'time' if 'time' in clause else ''}|{'?' if 'question' in clause else ''}"


def sketch(classes: list[str], count: int) -> list[str]:
    """Features of the outline: pairs within a clause, first and last clause, gists in sequence; `count` is of words."""
    clauses = _cut(classes)
    found = [f"n:{min(len(clauses), 4)}", f"len:{min(8, count.bit_length())}"]
    gists = [_gist(clause) for clause in clauses]
    for place, clause in enumerate(clauses):
        found += _names(clause, place == 0, place == len(clauses) - 1)
    found += [f"{one}>{two}" for one, two in pairwise(gists)]
    return found


@lru_cache(maxsize=4096)
def _names(clause: tuple[str, ...], first: bool, last: bool) -> tuple[str, ...]:
    """What one clause adds, as the first or the last of its reply or one between."""
    alike, gist = sorted(set(clause)), _gist(clause)
    found = [f"{one}+{two}" for one, two in combinations(alike, 2)]
    for position in (*("F" * first), *("L" * last)):
        found += [f"{position}:{name}" for name in alike]
        found += [f"{position}:{one} {two}" for one, two in pairwise(clause)]
        found.append(f"{position}={gist}")
    return (*found, f"s:{' '.join(clause[:4])}", f"h:{gist}")
