"""The text a model sees: all of the observation, and nothing that is not in it."""

from __future__ import annotations

from work_life_firewall.agents.prompt import header, render
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
