"""Events in words: the same week reads the same, splits share no clause, nothing is left unfilled."""

from __future__ import annotations

import re
from itertools import combinations

import pytest

from work_life_firewall.world.clock import at_time
from work_life_firewall.world.generator import twin
from work_life_firewall.world.scenario import SPLITS, Pool, Split
from work_life_firewall.world.state import Queued
from work_life_firewall.world.week import Week
from work_life_firewall.world.wording import words

from .weeks import recipe, week, weeks

LEAST: dict[Split, int] = {"train": 20, "validation": 5, "test": 10}
"""Clauses per fact value that DESIGN asks for."""
CANONICAL = [spec.kind for spec in recipe().scenario.events if spec.at]
KINDS = [spec.kind for spec in recipe().scenario.events]


def _event(made: Week, kind: str, person: str = "", number: int = 1) -> Queued:
    spec = made.events[kind]
    sender = person or (spec.asks[0].sender if spec.asks[0].sender != "*" else "priya")
    if spec.at:
        return Queued(made.times[kind], kind, kind, sender, f"{kind}/1")
    about = {"priya": "slack_pair/1", "rahul": "slack_pair/2", "david": "client_mail/1", "sundar": "leave/1"}[sender]
    return Queued(at_time(2, 12), f"{kind}#{number}", kind, sender, about)


def _pools() -> list[tuple[str, Pool]]:
    return [
        (f"{kind}.{fact}.{value}", pool)
        for kind, wordings in recipe().wordings.items()
        for fact, values in wordings.facts.items()
        for value, pool in values.items()
    ]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_has_words_with_nothing_unfilled(kind: str, split: Split) -> None:
    for made in weeks(12, split):
        for person in ("priya", "rahul", "david", "sundar") if made.events[kind].asks[0].sender == "*" else ("",):
            subject, body = words(made, _event(made, kind, person))
            assert subject.strip()
            assert len(body) > 20
            assert not re.search(r"[{}]|\bNone\b|  ", subject + body), body


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_event_of_the_same_week_always_reads_the_same(kind: str) -> None:
    made = week(1)
    assert words(made, _event(made, kind)) == words(made, _event(made, kind))


@pytest.mark.parametrize("kind", KINDS)
def test_different_weeks_read_differently(kind: str) -> None:
    bodies = {words(made, _event(made, kind))[1] for made in weeks(10)}
    assert len(bodies) >= (8 if kind in CANONICAL else 3)


def test_a_second_nudge_reads_differently_from_the_first() -> None:
    differ = [
        words(made, _event(made, "nudge"))[1] != words(made, _event(made, "nudge", number=2))[1] for made in weeks(10)
    ]
    assert sum(differ) >= 8


def test_clauses_are_enough_and_splits_share_none() -> None:
    for name, pool in _pools():
        for split, least in LEAST.items():
            assert len(set(pool.of(split))) >= least, (name, split)
        for one, other in combinations(SPLITS, 2):
            assert not set(pool.of(one)) & set(pool.of(other)), (name, one, other)


def test_a_flipped_fact_changes_only_the_message_that_tells_of_it() -> None:
    for made in weeks(5):
        for fact in recipe().scenario.facts:
            for kind in CANONICAL:
                telling = any(fact in message.facts for message in recipe().wordings[kind].messages)
                same = words(made, _event(made, kind)) == words(twin(made, fact), _event(made, kind))
                assert same != telling, (fact, kind)


def test_the_slack_event_holds_three_messages() -> None:
    made = week()
    lines = words(made, _event(made, "slack_pair"))[1].split("\n")
    assert [line.partition(":")[0] for line in lines[:2]] == ["Priya", "Rahul"]
    assert len(lines) == 3


def test_words_brought_by_a_coworker_are_used_as_they_are() -> None:
    made = week()
    assert words(made, _event(made, "nudge")._replace(wording="Any news, Arjun?"))[1] == "Any news, Arjun?"
