"""Protagonists that do not read: what they write, and that luck alone decides it."""

from __future__ import annotations

import asyncio

from work_life_firewall.agents.baselines import FixedAct, FixedText, Greedy, Random
from work_life_firewall.agents.phrases import recognise
from work_life_firewall.agents.table import TablePolicy
from work_life_firewall.world.ports import Protagonist

from .conftest import Observe

EVENTS = ("staging", "slack_pair", "client_mail", "leave", "appraisal", "oncall_swap", "late_standup", "nudge@david#1")


def _texts(who: Protagonist, observe: Observe, week: str = "train-7") -> list[str]:
    return [asyncio.run(who.reply(observe(event_id, week=week))) for event_id in EVENTS]


def test_same_seed_same_week_same_texts(observe: Observe) -> None:
    for make in (Random, Greedy, lambda seed: FixedAct("counter", seed)):
        assert _texts(make(4), observe) == _texts(make(4), observe)
        assert _texts(make(4), observe) != _texts(make(5), observe)
        assert _texts(make(4), observe) != _texts(make(4), observe, week="train-9")


def test_an_instance_has_no_memory(observe: Observe) -> None:
    who = Random(4)
    assert _texts(who, observe) == _texts(who, observe)


def test_random_uses_many_acts(observe: Observe) -> None:
    texts = {asyncio.run(Random(0).reply(observe("leave", week=f"w{n}"))) for n in range(60)}
    acts = {recognise("leave", 1, text) for text in texts}
    assert "" in texts and len(acts) > 7


def test_greedy_accepts_and_varies(observe: Observe) -> None:
    texts = [asyncio.run(Greedy(0).reply(observe("oncall_swap", week=f"w{n}"))) for n in range(40)]
    assert {recognise("oncall_swap", 1, text) for text in texts} == {"accept"}
    assert len(set(texts)) > 10


def test_fixed_text_and_silence(observe: Observe) -> None:
    assert set(_texts(FixedText("Let me check and revert."), observe)) == {"Let me check and revert."}
    assert set(_texts(FixedText(""), observe)) == {""}


def test_table_by_kind_person_matter_and_round(observe: Observe) -> None:
    table = TablePolicy(
        {
            ("slack_pair", 0): ("defer", "decline"),
            ("nudge@david", 0): ("decline",),
            ("nudge@david", 1): ("accept",),
            ("nudge:oncall_swap/1", 0): ("escalate",),
        },
        default="counter",
    )
    assert table.acts(observe("slack_pair")) == ["defer", "decline"]
    assert table.acts(observe("leave")) == ["counter"]
    assert table.acts(observe("nudge@david#1", thread=(("arjun", "no"),))) == ["decline"]
    assert table.acts(observe("nudge@david#2", thread=(("arjun", "no"), ("david", "hm"), ("arjun", "no")))) == [
        "accept"
    ]
    assert table.acts(observe("nudge@rahul#1", "Any news on the on-call swap?")) == ["escalate"]
    text = asyncio.run(table.reply(observe("slack_pair")))
    assert text.startswith("Priya: ")
