"""The shipped templates: legal slots, enough of them, none twice, recognised again."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from work_life_firewall.agents.phrases import SLOTS, Phrases, library, pool, recognise, slots_of, topics
from work_life_firewall.config import ConfigError, read_yaml
from work_life_firewall.world.reading import ACTS

CANONICAL = ("staging", "slack_pair", "client_mail", "leave", "appraisal", "oncall_swap", "late_standup")
EVERY = [
    (kind, number, act, template)
    for kind, phrases in library().items()
    for number, ask in enumerate(phrases.asks, 1)
    for act, templates in ask.acts.items()
    for template in templates
]


def test_every_template_has_only_legal_slots() -> None:
    assert all(slots_of(template) <= SLOTS for *_, template in EVERY)


def test_pools_are_deep_enough() -> None:
    sizes = Counter((kind, number, act) for kind, number, act, _ in EVERY)
    assert all(size >= (6 if kind in (*CANONICAL, "generic") else 5) for (kind, _, _), size in sizes.items())


def test_no_sentence_is_written_twice() -> None:
    sentences = Counter(part for *_, text in EVERY for part in re.split(r"(?<=[.!?])\s+", text))
    assert not [part for part, count in sentences.items() if count > 1 and len(part.split()) > 3]


def test_generic_serves_every_act_that_has_words() -> None:
    assert {act for act in ACTS if pool("generic", 1, act)} == set(ACTS) - {"ignore"}


def test_topics_lead_back_to_their_ask() -> None:
    assert topics()["the on-call swap"] == ("oncall_swap", 1)
    assert topics()["the review"] == ("slack_pair", 2)


@pytest.mark.parametrize("kind", CANONICAL)
def test_a_canonical_template_is_recognised_as_its_act(kind: str) -> None:
    fill = dict.fromkeys(SLOTS, "by noon tomorrow")
    for found, number, act, template in EVERY:
        if found == kind:
            assert recognise(kind, number, template.format_map(fill)) == act


def test_other_text_is_not_recognised() -> None:
    assert recognise("leave", 1, "no idea") is None
    assert recognise("nothing", 1, "Sure") is None


def test_an_unknown_slot_is_refused_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text('schema: 1\nkind: x\nasks:\n  - sender: priya\n    acts:\n      accept: ["Sure, {who}."]\n')
    with pytest.raises(ConfigError, match="unknown slot 'who'"):
        read_yaml(file, Phrases)
