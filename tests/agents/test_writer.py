"""Acts into words: deterministic, varied, never a sentence twice, times that lie ahead."""

from __future__ import annotations

import re

import pytest

from work_life_firewall.agents.phrases import library
from work_life_firewall.agents.scene import week_seed
from work_life_firewall.agents.writer import write
from work_life_firewall.world.reading import ACTS, Act

from .conftest import Observe

WEEK = (
    "staging slack_pair oncall_swap nudge@priya#1 client_mail late_standup nudge@rahul#2 leave nudge@david#3 "
    "clarify@david#1 appraisal nudge@sundar#4 pager_night#1 nudge@priya#5 clarify@rahul#2 sleep_debt#1 "
    "client_escalation#1 leave_refused#1 nudge@david#6 scope_creep#1 favour@priya#1 favour@rahul#2 "
    "pager_night#2 appraisal_late#1 leave_silent#1"
).split()
SHORT = 3
"""Words up to which a sentence is a mere courtesy ("Noted, Sundar.") and may come again."""


def _kind(event_id: str) -> str:
    return event_id.partition("#")[0].partition("@")[0]


@pytest.mark.parametrize("act", [act for act in ACTS if act != "ignore"])
def test_no_sentence_twice_in_a_week(observe: Observe, act: Act) -> None:
    said: list[str] = []
    thread: dict[str, tuple[tuple[str, str], ...]] = {}
    for step, event_id in enumerate(WEEK):
        people = [ask.sender for ask in observe(event_id).event.asks]
        obs = observe(event_id, step=step, thread=thread.get(people[0], ()))
        acts: list[Act] = [act] * len(people)
        text = write(_kind(event_id), acts, obs, week_seed(obs, 3))
        thread |= {who: (*thread.get(who, ()), ("arjun", text)) for who in people}
        said += [part for part in re.split(r"(?<=[.!?])\s+", text) if len(part.split()) > SHORT]
    assert len(said) == len(set(said))


def test_same_seed_same_text_and_other_weeks_differ(observe: Observe) -> None:
    one, again, other = observe("leave"), observe("leave"), observe("leave", week="train-8")
    assert write("leave", ["request"], one, week_seed(one, 1)) == write(
        "leave", ["request"], again, week_seed(again, 1)
    )
    texts = {
        write(
            "leave", ["request"], observe("leave", week=f"train-{n}"), week_seed(observe("leave", week=f"train-{n}"), 1)
        )
        for n in range(20)
    }
    assert len(texts) > 4
    assert week_seed(one, 1) != week_seed(other, 1) != week_seed(other, 2)


def test_two_asks_are_answered_by_name(observe: Observe) -> None:
    obs = observe("slack_pair")
    text = write("slack_pair", ["accept", "defer"], obs, 5)
    assert text.startswith("Priya: ") and "\nRahul: " in text
    assert write("slack_pair", ["ignore", "accept"], obs, 5).startswith("Rahul: ")
    assert write("slack_pair", ["ignore", "ignore"], obs, 5) == ""


def test_a_sentence_of_the_conversation_is_not_said_again(observe: Observe) -> None:
    first = write("nudge", ["decline"], observe("nudge@priya#1"), 5)
    later = write("nudge", ["decline"], observe("nudge@priya#1", thread=(("arjun", first),)), 5)
    assert first != later


def test_the_ticket_of_the_message_is_named(observe: Observe) -> None:
    obs = observe("slack_pair", "Priya: stuck on PAY-412.\nRahul: please look at PR 1874.")
    text = write("slack_pair", ["accept", "defer"], obs, 4)
    assert "PAY-412" in text and "PR 1874" in text
    assert "the payments blocker" in write("slack_pair", ["accept", "ignore"], observe("slack_pair"), 4)


def test_a_colleague_who_is_free_is_named(observe: Observe) -> None:
    obs = observe("slack_pair", "Priya: stuck.\nRahul: A big PR. Neha offered to take it tomorrow.")
    assert all("Neha" in write("slack_pair", ["ignore", "delegate"], obs, seed) for seed in range(20))


def test_who_was_named_first_stays_named(observe: Observe) -> None:
    said = "Priya: Please ask Rahul about it.\nRahul: Please assign PR 1874 to Neha, thanks."
    pushed = observe("nudge@rahul#1", "Any news on the review?", thread=(("arjun", said),))
    assert all("Neha" in write("nudge", ["delegate"], pushed, seed) for seed in range(20))
    pushed = observe("nudge@priya#1", "Any news on the payments blocker?", thread=(("arjun", said),))
    assert all("Rahul" in write("nudge", ["delegate"], pushed, seed) for seed in range(20))


@pytest.mark.parametrize("day", range(5))
@pytest.mark.parametrize("minute", [130, 360, 650, 860, 1065, 1290])
def test_no_promise_is_due_after_friday(observe: Observe, day: int, minute: int) -> None:
    for kind in library():
        if kind == "generic":
            continue
        event_id = f"{kind}@priya#1" if kind in ("nudge", "clarify", "favour") else kind
        obs = observe(event_id, day=day, minute=minute)
        for act in ACTS:
            acts: list[Act] = [act] * len(obs.event.asks)
            text = write(kind, acts, obs, 11)
            assert "{" not in text
            if day == 4:
                assert "tomorrow" not in text.replace("not tomorrow", "")
