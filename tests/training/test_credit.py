"""Advantages: groups add up to nothing, scales do what they say, and a decision only answers for what came after it."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from work_life_firewall.training.credit import (
    MOST,
    Scale,
    explored_advantages,
    group_advantages,
    most_apart,
    returns_to_go,
    spread_over_tokens,
    turn_advantages,
)

REWARDS = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=8), elements=st.floats(0, 1))
SCALES: tuple[Scale, ...] = ("batch", "group", "none")


@given(REWARDS)
def test_every_group_adds_up_to_nothing(rewards: np.ndarray) -> None:
    for scale in SCALES:
        assert np.abs(group_advantages(rewards, scale).sum(1)).max() < 1e-6


@given(REWARDS, st.floats(-5, 5))
def test_a_constant_given_to_a_whole_group_changes_nothing(rewards: np.ndarray, gift: float) -> None:
    shifted = rewards + np.linspace(0, gift, len(rewards))[:, None]
    assert np.allclose(group_advantages(rewards, "none"), group_advantages(shifted, "none"), atol=1e-9)


@given(REWARDS)
def test_the_better_reply_of_a_group_never_gets_less(rewards: np.ndarray) -> None:
    for scale in SCALES:
        found = group_advantages(rewards, scale)
        for group, given_ in zip(rewards, found, strict=True):
            assert (np.diff(given_[np.argsort(group, kind="stable")]) >= -1e-9).all()


def test_scales_are_the_spread_of_the_group_or_of_the_batch() -> None:
    rewards = np.array([[0.0, 1.0], [0.5, 0.6], [0.3, 0.3]])
    assert np.allclose(group_advantages(rewards, "none"), [[-0.5, 0.5], [-0.05, 0.05], [0, 0]])
    assert np.allclose(group_advantages(rewards, "group"), [[-1, 1], [-1, 1], [0, 0]])
    batch = group_advantages(rewards, "batch")
    assert batch.std() == pytest.approx(1.0)
    assert batch[0, 1] / batch[1, 1] == pytest.approx(10.0)


def test_a_batch_without_differences_is_no_signal_and_bad_rewards_are_refused() -> None:
    assert not group_advantages(np.full((2, 3), 0.7), "batch").any()
    with pytest.raises(ValueError, match="not finite"):
        group_advantages(np.array([[0.0, np.nan]]))
    with pytest.raises(ValueError, match="dimensions"):
        group_advantages(np.zeros(3))


@given(arrays(np.float64, st.tuples(st.integers(1, 3), st.integers(2, 6)), elements=st.floats(0, 1)), st.data())
def test_no_other_choice_of_replies_lies_further_apart(rewards: np.ndarray, data: st.DataObject) -> None:
    keep = data.draw(st.integers(1, rewards.shape[1]))
    kept = most_apart(rewards, keep)
    assert kept.shape == (len(rewards), keep)
    assert (np.diff(kept, axis=1) > 0).all()
    for group, chosen in zip(rewards, kept, strict=True):
        best = max(group[list(some)].var() for some in combinations(range(len(group)), keep))
        assert group[chosen].var() == pytest.approx(best, abs=1e-12)


def test_the_one_reply_that_earned_more_is_kept() -> None:
    rewards = np.full((1, 24), 0.3)
    rewards[0, 17] = 0.4
    assert 17 in most_apart(rewards, 8)[0]
    with pytest.raises(ValueError, match="25 of 24"):
        most_apart(rewards, 25)


@given(REWARDS, st.data())
def test_what_others_found_counts_only_where_it_earned_more(rewards: np.ndarray, data: st.DataObject) -> None:
    others = data.draw(arrays(np.float64, (len(rewards), 3), elements=st.floats(0, 1)))
    for scale in SCALES:
        found = explored_advantages(rewards, others, scale)
        assert ((found >= 0) & (found <= MOST)).all()
        assert not found[others <= rewards.mean(1, keepdims=True)].any()


def test_what_others_found_has_the_scale_of_ones_own() -> None:
    own = np.array([[0.4, 0.6], [0.5, 0.5]])
    others = np.array([[0.6, 0.3], [0.6, 0.9]])
    alike = group_advantages(own, "batch")
    found = explored_advantages(own, others, "batch")
    assert found[0, 0] == pytest.approx(alike[0, 1])
    assert found[1, 0] == pytest.approx(alike[0, 1])  # the same gain, though nothing differs in its own group
    assert found[1, 1] == MOST
    assert not explored_advantages(own, others, "group")[1].any()


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=12), st.floats(0, 1))
def test_returns_are_what_comes_after_discounted(rewards: list[float], gamma: float) -> None:
    found = returns_to_go(rewards, gamma)
    for place in range(len(rewards)):
        later = sum(gamma**ahead * reward for ahead, reward in enumerate(rewards[place:]))
        assert found[place] == pytest.approx(later, abs=1e-9)


def test_decisions_are_compared_by_event_and_only_inside_their_group() -> None:
    events = [["a", "b"], ["a", "c", "b"], ["a"], ["b"]]
    rewards = [[0.1, 0.4], [0.1, 0.2, 0.0], [9.0], [9.0]]
    found = turn_advantages(events, rewards, 2, gamma=0.0, scale="none")
    assert np.allclose(found[0], [0.0, 0.2])
    assert np.allclose(found[1], [0.0, 0.0, -0.2])  # nobody else met c
    assert np.allclose(found[2], [0.0])  # nor a in the second group
    assert np.allclose(found[3], [0.0])
    later = turn_advantages(events[:2], rewards[:2], 2, gamma=1.0, scale="none")
    assert later[0][0] == pytest.approx((0.5 - 0.3) / 2)


def test_a_reward_is_no_concern_of_later_decisions() -> None:
    events = [["a", "b"], ["a", "b"]]
    plain = turn_advantages(events, [[0.0, 1.0], [0.0, 0.0]], 2, 0.9, "none")
    early = turn_advantages(events, [[5.0, 1.0], [0.0, 0.0]], 2, 0.9, "none")
    assert plain[0][1] == early[0][1]
    assert plain[0][0] != early[0][0]
    with pytest.raises(ValueError, match="no groups of 2"):
        turn_advantages(events[:1], [[0.0, 1.0]], 2, 0.9)


def test_an_advantage_covers_its_stretch_of_tokens() -> None:
    assert spread_over_tokens([0.0, 2.0, -1.0], [2, 1, 2], 7).tolist() == [0, 0, 2, -1, -1, 0, 0]
    with pytest.raises(ValueError, match="do not fit"):
        spread_over_tokens([1.0], [8], 7)
