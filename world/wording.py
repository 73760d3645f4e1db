"""An event in words: frames and clauses of its kind, drawn by keyed luck from the pools of the week's split."""

from __future__ import annotations

from functools import lru_cache

from .luck import Luck, rng
from .same import Same
from .scenario import Message, Wordings
from .state import Queued
from .week import Week

CLAUSES = 2
"""Clauses of evidence that one message gives for each of its facts."""
CLARIFY = "clarify"


class _Blanks(dict[str, str]):
    """Slots of one event; an unknown one is left as it stands."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def words(week: Week, event: Queued) -> tuple[str, str]:
    """(subject, body) of an event; the same event of the same week always reads the same."""
    return _words(Same(week), event)


@lru_cache(maxsize=128)
def _words(key: Same[Week], event: Queued) -> tuple[str, str]:
    week = key.value
    spec = week.events[event.kind]
    topic = week.spec(event.about).topic if event.about else spec.asks[0].topic
    wordings = week.recipe.wordings.get(spec.wordings or event.kind)
    if wordings is None:
        return topic, event.wording or f"About {topic}: could you?"
    luck = rng(week.seed, event.id, "wording")
    blanks = _Blanks(_names(week, event), topic=topic, arjun="Arjun", **_slots(week, event.kind, event.id))
    subject = luck.choice(wordings.subject).format_map(blanks)
    lines = []
    for message in wordings.messages:
        who = blanks.get(message.who, message.who).format_map(blanks)
        text = event.wording or _message(week, message, wordings, luck).format_map(blanks)
        lines.append(f"{who}: {text}" if len(wordings.messages) > 1 else text)
    if event.kind == CLARIFY and event.about:
        lines[-1] = " ".join([lines[-1], *_evidence(week, event.about, luck)])
    return subject[:1].upper() + subject[1:], "\n".join(lines)


def _slots(week: Week, kind: str, event_id: str) -> dict[str, str]:
    """The drawn slots of an event; the same whenever that event is spoken of."""
    pools = week.recipe.wordings[week.events[kind].wordings or kind].slots
    return {slot: rng(week.seed, event_id, f"slot:{slot}").choice(values) for slot, values in pools.items()}


def _names(week: Week, event: Queued) -> dict[str, str]:
    """First names by person id, and "person" for whom the event is from."""
    names = {who: persona.name.split()[0] for who, persona in week.recipe.personas.items()}
    return {**names, "person": names.get(event.person, event.person)}


def _evidence(week: Week, about: str, luck: Luck) -> list[str]:
    """Asked back, a person says once more what it is about: one clause for each fact behind the ask."""
    kind = about.partition("/")[0]
    pools = week.recipe.wordings.get(week.events[kind].wordings or kind)
    if pools is None:
        return []
    blanks = _Blanks(_slots(week, kind, kind))
    facts = [fact for fact in week.spec(about).refuse_when if fact in pools.facts]
    return [luck.choice(pools.facts[f][week.facts[f]].of(week.split)).format_map(blanks) for f in facts]


def _message(week: Week, message: Message, wordings: Wordings, luck: Luck) -> str:
    parts = [luck.choice(message.open.of(week.split))]
    for fact in message.facts:
        pool = wordings.facts[fact][week.facts[fact]].of(week.split)
        parts += luck.sample(pool, CLAUSES)
    parts += [luck.choice(message.want.of(week.split)), luck.choice(message.close.of(week.split))]
    return " ".join(part for part in parts if part)
