"""The text a model sees: all of the observation, and nothing that is not in it."""

from __future__ import annotations

from work_life_firewall.agents.prompt import SAID_WORDS, compact, header, render
from work_life_firewall.world.observation import Observation

from .conftest import Observe

HIDDEN = (
    "technical_resolution communication_quality boundary_setting energy_to_friday relationship_preservation "
    "score reward trust refuse staging_owner priya_blocker rahul_review client_scope leave_cover oncall_reason "
    "standup_item twin seed"
).split()


def test_everything_visible_is_in_it(observe: Observe) -> None:
    obs = observe(
        "slack_pair", "Priya: one\nRahul: two", thread=(("priya", "Hello there"), ("arjun", "Hi")), on_call=True
    )
    text = render(obs)
    for part in (
        "Tue 11:00",
        "slack",
        "A subject",
        "Priya: one\nRahul: two",
        "slack_pair/1",
        "slack_pair/2",
        "train-7",
    ):
        assert part in text
    for part in (
        "Priya: Hello there",
        "Arjun: Hi",
        "on call (fixed)",
        "900 min",
        "700 min",
        "90 min",
        "pending",
        "is up",
    ):
        assert part in text


def test_nothing_hidden_is_in_it(observe: Observe) -> None:
    text = render(observe("leave", thread=(("sundar", "Hello"),))).lower()
    assert not [word for word in HIDDEN if word in text]


def test_the_observation_has_no_field_for_it() -> None:
    assert set(Observation.model_fields) == {
        "episode_id",
        "step",
        "day",
        "minute",
        "event",
        "thread",
        "calendar",
        "self_",
    }


def test_header_names_time_channel_and_sender(observe: Observe) -> None:
    assert header(observe("staging", day=0, minute=360)) == "Mon 06:00 - pagerduty from PagerDuty"


def test_the_gist_says_what_a_person_would_look_at(observe: Observe) -> None:
    text = compact(observe("favour@rahul#1", "Shall I take a ticket?", on_call=True, feels="tired"))
    assert text.splitlines() == [
        "Tue 11:00 - slack from Rahul",
        "tired; 15 h free, 12 h sprint; staging up; form open; leave pending",
        "on call Mon",
        "Subject: A subject",
        "Shall I take a ticket?",
    ]


def test_the_gist_keeps_the_last_exchange_only_and_shortens_it(observe: Observe) -> None:
    long = " ".join(f"word{n}" for n in range(SAID_WORDS + 5))
    thread = (("rahul", "Old."), ("arjun", "Oldest."), ("arjun", long), ("rahul", "Fine by me."), ("rahul", "Later."))
    text = compact(observe("nudge@rahul#2", thread=thread))
    assert f"I said: word0 word1 {long.split(' ', 2)[2].rpartition(f' word{SAID_WORDS}')[0]} ..." in text
    assert "Rahul: Fine by me." in text
    assert not any(part in text for part in ("Old.", "Oldest", "Later.", f"word{SAID_WORDS} "))


def test_the_gist_keeps_of_a_reply_to_two_only_what_concerns_these_people(observe: Observe) -> None:
    thread = (("arjun", "Priya: Yes, today.\nRahul: No, sorry."), ("rahul", "Pity."))
    text = compact(observe("nudge@rahul#1", thread=thread))
    assert "I said: Rahul: No, sorry." in text
    assert "Yes, today" not in text


def test_the_gist_of_a_first_message_leaves_out_other_talk(observe: Observe) -> None:
    assert "I said" not in compact(observe("leave", thread=(("arjun", "Yes, Sundar."), ("sundar", "Good."))))


def test_the_gist_holds_nothing_hidden_and_no_id(observe: Observe) -> None:
    text = compact(
        observe("slack_pair", "Priya: one\nRahul: two", thread=(("priya", "Hello"),), week="train-77")
    ).lower()
    assert not [word for word in (*HIDDEN, "slack_pair", "train-77", "decision") if word in text]
