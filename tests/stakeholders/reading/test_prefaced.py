"""An answer is read the same when it says first what the event comes to, as trained protagonists do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from work_life_firewall.agents.phrases import library
from work_life_firewall.agents.scene import first_name, kind_of
from work_life_firewall.stakeholders.reading.labels import labels
from work_life_firewall.stakeholders.reading.local import Item, LocalReader
from work_life_firewall.training.examples import first_messages
from work_life_firewall.training.gist import facts_of, gists
from work_life_firewall.world.clock import Moment
from work_life_firewall.world.generator import seeds
from work_life_firewall.world.luck import rng
from work_life_firewall.world.reading import Act

WORDS = {
    "topic": "it",
    "item": "it",
    "delegate": "Meera",
    "boss": "Sundar",
    "soon": "by noon today",
    "today": "by 6 pm today",
    "tomorrow": "by 3 pm tomorrow",
    "day_after": "by Wednesday noon",
    "at_today": "today at 5 pm",
    "at_tomorrow": "tomorrow at 3 pm",
    "at_day_after": "on Wednesday at 3 pm",
}
WEEKS = 12
"""In which every fact has each of its values."""


class Prefaced(NamedTuple):
    """A scripted sentence behind a gist drawn for it, the event and ask it answers, and the act it means."""

    item: Item
    place: int
    act: Act


def prefaced() -> Iterator[Prefaced]:
    met: set[tuple[str, str]] = set()
    for state, seen in first_messages(seeds("train", WEEKS)):
        for place, (fact, value) in enumerate(facts_of(state, seen)):
            if (fact, value) in met:
                continue
            met.add((fact, value))
            luck = rng(state.week.seed, seen.event.id, "prefaced")
            name = first_name(seen.event.asks[place].sender)
            address = f"{name}: " if len(seen.event.asks) > 1 else ""
            for act, texts in library()[kind_of(seen.event.id)].asks[place].acts.items():
                for text in texts:
                    said = luck.choice(gists().frames).format(gist=luck.choice(gists().facts[fact][value]))
                    reply = f"{address}{said} {text.format(**WORDS, name=name)}"
                    yield Prefaced((seen.event, reply, Moment(day=seen.day, minute=seen.minute)), place, act)


def test_what_an_event_comes_to_said_first_changes_no_act() -> None:
    found = list(prefaced())
    readings = LocalReader().read_many(each.item for each in found)
    wrong = [
        (each.act, reading.asks[each.place].act, each.item[1])
        for each, reading in zip(found, readings, strict=True)
        if reading.asks[each.place].act != each.act
    ]
    assert len(found) > 700
    assert len(wrong) <= 0.005 * len(found), wrong


def test_every_fact_is_told_before_every_act_in_the_corpus() -> None:
    """So that what comes first tells nothing about the act; none of these rows is counted in what was measured."""
    told = {way for values in gists().facts.values() for ways in values.values() for way in ways}
    rows = [label for label in labels() if any(f"{way}. " in label.text for way in told) and len(label.acts) == 1]
    scripted = [label for label in rows if label.provenance == "phrases"]
    assert len(scripted) > 700
    acts = Counter((label.ask, label.acts[0]) for label in scripted)
    assert min(acts.values()) >= 2
