"""Every draw is named by its three keys and by nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from work_life_firewall.world.luck import draw, rng

keys = st.tuples(st.integers(0, 2**40), st.text(max_size=20), st.text(max_size=20))


@given(keys)
def test_a_draw_depends_on_its_keys_only(key: tuple[int, str, str]) -> None:
    first = draw(*key)
    rng(1, "other", "purpose").uniform()
    assert draw(*key) == first
    assert 0.0 <= first < 1.0


def test_each_key_matters() -> None:
    base = draw(7, "staging", "page")
    assert len({base, draw(8, "staging", "page"), draw(7, "leave", "page"), draw(7, "staging", "wording")}) == 4


def test_the_nth_draw_of_a_stream_does_not_depend_on_how_others_were_used() -> None:
    one, other = rng(3, "leave", "granted"), rng(3, "leave", "silence")
    expected = [rng(3, "leave", "granted").uniform(), one.uniform()]
    for _ in range(5):
        other.uniform()
    assert expected[0] == expected[1]
    assert one.uniform() != expected[0]


def test_draws_are_uniform_and_independent_between_purposes() -> None:
    first = np.array([draw(seed, "e", "a") for seed in range(4000)])
    second = np.array([draw(seed, "e", "b") for seed in range(4000)])
    assert abs(first.mean() - 0.5) < 0.02
    assert abs(first.var() - 1 / 12) < 0.005
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05
    assert abs(np.corrcoef(first[:-1], first[1:])[0, 1]) < 0.05


@given(st.integers(0, 999), st.lists(st.integers(), min_size=1, max_size=12))
def test_choices_come_from_the_items_and_shuffles_keep_them(seed: int, items: list[int]) -> None:
    assert rng(seed, "e", "p").choice(items) in items
    assert sorted(rng(seed, "e", "p").shuffled(items)) == sorted(items)


def test_there_is_no_choice_from_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        rng(1, "e", "p").choice([])
