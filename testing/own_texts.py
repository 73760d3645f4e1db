"""Is one text enough? Of what a run itself said to each kind of event, the text that does best whatever the facts are.

The run's replies are the pool, training weeks are what they are tried on, through the real reader and coworkers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from ..agents.attacks import TextTable
from ..agents.scene import AGAIN, kind_of, matter_of
from ..episodes.record import WeekRecord
from ..episodes.seats import SeatPlan
from ..world.event import Event
from ..world.luck import rng
from ..world.ports import Protagonist
from ..world.week import Week
from .search import FoundTexts, Make, OnTry, best_text, mean_total

Rounds = Sequence[tuple[int, int]]
Pools = Mapping[str, tuple[str, ...]]
"""Kind of event, as `agents.attacks.TextTable` names it -> what was said to it, the commonest text first."""


class Trying(NamedTuple):
    """How much is tried. texts: for a canonical kind of event, `spawned` for others; rounds: as `search.ROUNDS`."""

    weeks: int = 24
    texts: int = 24
    spawned: int = 8
    rounds: Rounds = ((4, 6), (24, 1))


USUAL = Trying()
QUICK = Trying(2, 3, 2, ((1, 2), (2, 1)))
"""For tests and a first look."""


def pools(records: Iterable[WeekRecord], events: Mapping[str, object], trying: Trying, seed: int = 0) -> Pools:
    """The texts to try for each kind of event: the one said most, then a sample of the others.

    events: the canonical kinds, which get `trying.texts`; others get `trying.spawned`. A push or a question back about
    nothing that is known gets one text only, as hardly any comes.
    """
    said: dict[str, Counter[str]] = {}
    for record in records:
        for step in record.steps:
            for name in _names(step.observation.event) if step.reply.strip() else ():
                said.setdefault(name, Counter())[step.reply] += 1
    canonical = [kind for kind in events if kind in said]
    most = dict.fromkeys(canonical, trying.texts) | dict.fromkeys(AGAIN, 1)
    return {
        kind: _some(kind, said[kind], most.get(kind, trying.spawned), seed)
        for kind in (*canonical, *sorted(said.keys() - set(canonical)))
    }


def _names(event: Event) -> Iterator[str]:
    """What a table of texts calls an event; a push or a question back also by what it is about."""
    kind = kind_of(event.id)
    if kind in AGAIN:
        yield f"{kind}:{matter_of(event, 1).kind}"
    yield kind


def _some(kind: str, said: Counter[str], count: int, seed: int) -> tuple[str, ...]:
    first, *rest = sorted(said, key=lambda text: (-said[text], text))
    return (first, *rng(seed, kind, "own texts").sample(rest, count - 1))


def tries(found: Pools, trying: Trying) -> int:
    """How many tables a search over the pools tries."""
    kept = [keep for _, keep in trying.rounds[:-1]]
    several = [len(texts) for texts in found.values() if len(texts) > 1]
    return sum(count + sum(min(keep, count) for keep in kept) for count in several)


def search(
    weeks: Sequence[Week], plan: SeatPlan, found: Pools, rounds: Rounds, on_try: OnTry | None = None
) -> FoundTexts:
    """The best text per kind of event, one kind after the other beside the others' best so far."""
    table = {kind: texts[0] for kind, texts in found.items()}
    tried = 0
    for kind, texts in found.items():
        if len(texts) > 1:
            best = best_text(weeks, plan, texts, _counted(on_try, tried), partial(_with, table, kind), rounds)
            table[kind], tried = best.text, tried + best.tried
    return FoundTexts(table, mean_total(weeks, plan, partial(sender, table)), tried)


def _counted(on_try: OnTry | None, before: int) -> OnTry | None:
    return None if on_try is None else lambda tried: on_try(before + tried)


def _with(table: Mapping[str, str], kind: str, text: str) -> Make:
    return partial(sender, {**table, kind: text})


def sender(texts: Mapping[str, str], seed: int) -> Protagonist:
    """Who says one text to each kind of event, whatever it says; `seed` plays no part."""
    return TextTable(texts)
